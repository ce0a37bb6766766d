package fanout.internal.site;

import fanout.url.CanonicalUrl;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects what a sitemap lists, within the protocol's limits. Confined to one thread. */
final class SitemapEntries {

    /** The protocol's limit for one location is 2,048 characters. */
    static final int LONGEST_LOCATION = 2_048;

    private final Set<CanonicalUrl> pages = new LinkedHashSet<>();
    private final Set<CanonicalUrl> sitemaps = new LinkedHashSet<>();
    private final int most;
    private int dropped;

    SitemapEntries(int most) {
        this.most = most;
    }

    void addPage(String location) {
        add(location, pages);
    }

    void addSitemap(String location) {
        add(location, sitemaps);
    }

    /** Locations must be absolute: the protocol knows no base that relative ones could be resolved against. */
    private void add(String location, Set<CanonicalUrl> kind) {
        Optional<CanonicalUrl> url = location.length() > LONGEST_LOCATION
                ? Optional.empty()
                : CanonicalUrl.parse(location);
        if (url.isEmpty()) {
            dropped++;
        } else if (!kind.contains(url.get())) {
            if (pages.size() + sitemaps.size() < most) {
                kind.add(url.get());
            } else {
                dropped++;
            }
        }
    }

    boolean isEmpty() {
        return pages.isEmpty() && sitemaps.isEmpty();
    }

    SitemapContent content() {
        return new SitemapContent(List.copyOf(pages), List.copyOf(sitemaps), dropped);
    }
}
