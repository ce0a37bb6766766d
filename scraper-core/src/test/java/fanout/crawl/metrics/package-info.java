/** The meters of whole crawls. */
@NullMarked
package fanout.crawl.metrics;

import org.jspecify.annotations.NullMarked;
