package fanout.page;

import java.util.List;

/**
 * Turns pages into items, in Java where the job's own rules do not reach. Many workers call an extractor at once: it
 * must be thread-safe, and must not block. An exception makes the page's outcome {@code failed} with reason
 * {@code parse}, and the crawl goes on.
 */
@FunctionalInterface
public interface Extractor {

    /** The items of one page, in the order in which they are written. */
    List<Item> extract(Page page);
}
