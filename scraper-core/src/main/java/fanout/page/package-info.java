/** What a crawl asks for and finds: requests and their attempts, pages, links and items. */
@NullMarked
package fanout.page;

import org.jspecify.annotations.NullMarked;
