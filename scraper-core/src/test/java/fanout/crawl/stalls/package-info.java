/** Crawls that are made to stall. */
@NullMarked
package fanout.crawl.stalls;

import org.jspecify.annotations.NullMarked;
