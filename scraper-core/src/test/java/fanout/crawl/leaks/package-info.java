/** Crawls that leak on purpose. */
@NullMarked
package fanout.crawl.leaks;

import org.jspecify.annotations.NullMarked;
