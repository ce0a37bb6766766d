package fanout.internal.site;

import fanout.url.CanonicalUrl;
import java.util.List;

/**
 * The entries of a sitemap or sitemap index.
 *
 * @param pages what it lists
 * @param sitemaps further sitemaps
 * @param dropped entries that were unusable or beyond the protocol's limits
 */
public record SitemapContent(List<CanonicalUrl> pages, List<CanonicalUrl> sitemaps, int dropped) {

    public SitemapContent {
        pages = List.copyOf(pages);
        sitemaps = List.copyOf(sitemaps);
    }
}
