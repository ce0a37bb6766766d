/** The crawler: a {@link fanout.Scraper} makes {@link fanout.Crawl}s, as an HTTP client makes calls. */
@NullMarked
package fanout;

import org.jspecify.annotations.NullMarked;
