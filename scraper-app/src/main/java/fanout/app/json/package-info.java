/** JSON as the command writes and reads it beside the library's own files. */
@NullMarked
package fanout.app.json;

import org.jspecify.annotations.NullMarked;
