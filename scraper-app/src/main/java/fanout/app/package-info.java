/** The command. */
@NullMarked
package fanout.app;

import org.jspecify.annotations.NullMarked;
