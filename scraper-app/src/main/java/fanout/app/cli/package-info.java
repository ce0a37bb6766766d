/** The commands, one class each, and how they speak to the terminal. */
@NullMarked
package fanout.app.cli;

import org.jspecify.annotations.NullMarked;
