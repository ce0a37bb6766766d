package fanout.app.demo;

import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Moved;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that the shop serves. Immutable.
 *
 * @param responses by path
 * @param pages the paths that a polite crawl fetches: search and orders are behind forms, and no link leads there
 * @param customer what is behind the login
 * @param missing the response to all other paths
 */
record ShopSite(
        Map<String, Response> responses,
        Set<String> pages,
        SearchPage search,
        CustomerPages customer,
        Document missing) {

    /** The site at an origin as {@code http://127.0.0.1:8081}, which robots.txt and the sitemap name. */
    static ShopSite at(String origin) throws IOException {
        Catalogue catalogue = Catalogue.load();
        PageLayout layout = new PageLayout(catalogue);
        InfoPages infoPages = new InfoPages(catalogue, layout);
        Map<String, Response> responses = new LinkedHashMap<>();
        infoPages.addTo(responses);
        new CataloguePages(catalogue, layout).addTo(responses);
        Set<String> pages = responses.entrySet()
                .stream()
                .filter(entry -> !(entry.getValue() instanceof Moved))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());

        infoPages.addPrivateTo(responses);
        responses.put("/robots.txt", Document.of("text/plain; charset=utf-8", """
                User-agent: *
                Disallow: /checkout/
                Sitemap: %s/sitemap.xml
                """.formatted(origin)));
        responses.put("/sitemap.xml", Document.of("application/xml", """
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                <url><loc>%1$s/help/</loc></url>
                <url><loc>%1$s/help/opening-hours.html</loc></url>
                </urlset>
                """.formatted(origin)));
        responses.put("/style.css", Document.of("text/css; charset=utf-8", Resource.bytes("style.css")));
        for (Catalogue.Category category : catalogue.categories()) {
            responses.put(ShopPaths.icon(category),
                    Document.of("image/svg+xml", Resource.bytes("icons/" + category.slug() + ".svg")));
        }
        return new ShopSite(Collections.unmodifiableMap(responses), pages, new SearchPage(catalogue, layout),
                CustomerPages.of(catalogue, layout), infoPages.missing());
    }
}
