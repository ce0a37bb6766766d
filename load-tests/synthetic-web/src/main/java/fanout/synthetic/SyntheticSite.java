package fanout.synthetic;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;

/** Finds what a request is for: a page, a station of a redirect, robots.txt, the sitemap. Thread-safe. */
final class SyntheticSite implements Handler {

    private final Plan plan;
    private final SiteUrls urls;
    private final SyntheticPages pages;

    SyntheticSite(Plan plan, SiteGraph graph, SiteUrls urls) {
        this.plan = plan;
        this.urls = urls;
        this.pages = new SyntheticPages(graph, new PageRenderer(plan, graph, urls));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        String path = exchange.path();
        int host = exchange.host();
        if (host < 0 || host >= plan.hosts()) {
            exchange.respond(421, "text/plain", "no such host\n");
        } else if (path.equals("/robots.txt")) {
            robots(exchange);
        } else if (path.equals("/sitemap.xml") && plan.sitemaps()) {
            exchange.respond(200, "application/xml", sitemap(host));
        } else if (path.startsWith(SiteUrls.HOP)) {
            pages.answerHop(exchange);
        } else if (path.startsWith(SiteUrls.LOOP)) {
            SyntheticPages.redirect(exchange, 302, "/page/" + path.substring(SiteUrls.LOOP.length()));
        } else if (path.startsWith(SiteUrls.COOKIE)) {
            String back = "/page/" + path.substring(SiteUrls.COOKIE.length());
            exchange.respond(302, Map.of("Location", back, "Set-Cookie", "seen=yes; Path=" + back), new byte[0]);
        } else {
            OptionalInt page = SiteUrls.pageAt(path);
            if (page.isPresent() && page.getAsInt() < plan.pagesPerHost()) {
                pages.answer(exchange, host, page.getAsInt());
            } else {
                SyntheticPages.error(exchange, 404);
            }
        }
    }

    private void robots(Exchange exchange) throws IOException {
        Robots robots = plan.robotsOf(exchange.host());
        exchange.pause(robots.latency());
        String sitemap = plan.sitemaps() ? "Sitemap: " + urls.url(exchange.host(), "/sitemap.xml") + "\n" : "";
        exchange.respond(robots.status(), "text/plain", robots.status() == 200 ? robots.text() + sitemap : "");
    }

    private String sitemap(int host) {
        StringBuilder xml = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                """);
        for (int page = 0; page < plan.pagesPerHost(); page++) {
            xml.append("<url><loc>").append(urls.pageUrl(host, page)).append("</loc></url>\n");
        }
        return xml.append("</urlset>\n").toString();
    }
}
