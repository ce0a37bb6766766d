/** What a terminal gets: clean text, lines, drawings, tables. */
@NullMarked
package fanout.app.terminal;

import org.jspecify.annotations.NullMarked;
