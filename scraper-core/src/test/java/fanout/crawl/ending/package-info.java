/** How crawls end: by limits, deadlines, drains, cancellation, interrupts, bugs. */
@NullMarked
package fanout.crawl.ending;

import org.jspecify.annotations.NullMarked;
