/** Crawls over the network that end before their time, and go on. */
@NullMarked
package fanout.crawl.resume;

import org.jspecify.annotations.NullMarked;
