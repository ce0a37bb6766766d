/** A crawl's progress on standard error: a bar on a terminal, plain lines elsewhere. */
@NullMarked
package fanout.app.progress;

import org.jspecify.annotations.NullMarked;
