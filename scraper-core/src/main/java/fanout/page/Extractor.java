package fanout.page;

import java.util.List;

/**
 * Turns pages into items: where Java users plug in. Called by many workers at once, so implementations must be
 * thread-safe; they own nothing and must not block. A thrown exception makes the page's outcome {@code failed} with reason
 * {@code parse}, and the crawl goes on.
 */
@FunctionalInterface
public interface Extractor {

    /** The items of one page, in the order in which they shall be written. */
    List<Item> extract(Page page);
}
