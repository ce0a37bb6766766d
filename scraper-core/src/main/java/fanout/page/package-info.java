/** What travels through a crawl: requests, pages, outcomes, items, and the report that adds them up. */
@NullMarked
package fanout.page;

import org.jspecify.annotations.NullMarked;
