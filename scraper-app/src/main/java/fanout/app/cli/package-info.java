/** The commands, one class each, and the arguments that several of them have. */
@NullMarked
package fanout.app.cli;

import org.jspecify.annotations.NullMarked;
