/** The {@code scraper} command: {@link fanout.app.Main} reads the command line and ends the process. */
@NullMarked
package fanout.app;

import org.jspecify.annotations.NullMarked;
