/** Crawls whose sinks fail or block. */
@NullMarked
package fanout.crawl.sinks;

import org.jspecify.annotations.NullMarked;
