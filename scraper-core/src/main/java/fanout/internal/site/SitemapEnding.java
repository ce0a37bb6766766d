package fanout.internal.site;

import java.util.Optional;

/**
 * How far a sitemap could be read.
 *
 * @param isSitemap whether it is of a kind that lists URLs
 * @param flaw why there is nothing to read, or no more; empty if it was read to its end
 */
record SitemapEnding(boolean isSitemap, Optional<String> flaw) {

    static final SitemapEnding COMPLETE = new SitemapEnding(true, Optional.empty());
    static final SitemapEnding NO_SITEMAP = new SitemapEnding(false, Optional.of("not a sitemap"));

    static SitemapEnding noSitemap(String flaw) {
        return new SitemapEnding(false, Optional.of(flaw));
    }

    static SitemapEnding cutShort(String flaw) {
        return new SitemapEnding(true, Optional.of("read in part: " + flaw));
    }
}
