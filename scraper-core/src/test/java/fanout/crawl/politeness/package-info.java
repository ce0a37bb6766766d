/** How crawls treat hosts. */
@NullMarked
package fanout.crawl.politeness;

import org.jspecify.annotations.NullMarked;
