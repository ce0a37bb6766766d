/** Crawls of one process that share its limits. */
@NullMarked
package fanout.crawl.limits;

import org.jspecify.annotations.NullMarked;
