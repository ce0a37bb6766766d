package fanout.sitemap;

import java.util.Optional;

/**
 * How far a sitemap could be read.
 *
 * @param isSitemap whether it is of a kind that lists URLs
 * @param flaw why there is nothing to read, or no more; empty if it was read to its end
 */
record Ending(boolean isSitemap, Optional<String> flaw) {

    static final Ending COMPLETE = new Ending(true, Optional.empty());
    static final Ending NO_SITEMAP = new Ending(false, Optional.of("not a sitemap"));

    static Ending noSitemap(String flaw) {
        return new Ending(false, Optional.of(flaw));
    }

    static Ending cutShort(String flaw) {
        return new Ending(true, Optional.of("read in part: " + flaw));
    }
}
