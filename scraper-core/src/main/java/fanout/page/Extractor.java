package fanout.page;

/**
 * Finds items and further requests in pages, in Java where the job's own rules do not reach. Many workers call an
 * extractor at once: it must be thread-safe, and must not block. An exception makes the page's outcome {@code failed}
 * with reason {@code parse}, and the crawl continues.
 */
@FunctionalInterface
public interface Extractor {

    /**
     * Looks at one page.
     *
     * @param results takes what is found, during this call and by its thread only
     */
    void extract(Page page, Results results);

    /** Takes what extractors find in one page. */
    interface Results {

        /** Adds an item; items are written in this order, behind those of the job's rules. */
        void item(Item item);

        /**
         * Has the crawl fetch a request, as if a rule of {@code follow} had made it: within scope and limits, once, at
         * the depth behind the page, unless the page says nofollow, or is a duplicate and the job follows none. The
         * page's data travel with it, below its own.
         */
        void follow(Request request);
    }
}
