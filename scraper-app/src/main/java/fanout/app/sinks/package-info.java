/** Destinations that are no files of lines. */
@NullMarked
package fanout.app.sinks;

import org.jspecify.annotations.NullMarked;
