package fanout.app.demo;

import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Flaky;
import fanout.app.demo.Response.Moved;
import fanout.app.demo.Response.Slow;
import java.time.Duration;
import java.util.Map;

/** The start page, offers and help. Some of these pages are slow, flaky or missing, as on the web. */
record InfoPages(Catalogue catalogue, PageLayout layout) {

    static final String DELIVERY = "/help/delivery.html";
    private static final int FEW = 6;
    private static final Duration STOCK_CHECK = Duration.ofMillis(600);

    void addTo(Map<String, Response> pages) {
        pages.put("/", page("Welcome", home()));
        pages.put("/offers.html", page("Offers", offers()));
        pages.put("/special-offers", new Moved("/offers.html"));
        pages.put("/about.html", page("About", text("About this shop",
                """
                        Six shelves of things for house and garden, a few pages of help, and one or two things that are broken, as \
                        on every web site. More about names such as <b>example.org</b> is <a href="https://example.org/">there</a>, \
                        outside this shop; a job that stays in the shop does not follow the link.""")));
        pages.put("/help/", page("Help", text("Help",
                """
                        <a href="/help/delivery.html">Delivery</a>, <a href="/help/returns.html">returns</a>, \
                        <a href="/help/stock-check.html">stock check</a>; the page about <a href="/help/fax.html">orders by fax</a> \
                        is gone.""")));
        pages.put(DELIVERY, new Flaky(page("Delivery", text("Delivery",
                """
                        Nothing here is delivered. This page answers “503 Service Unavailable” the first time it is asked for, and \
                        then works: ask twice."""))));
        pages.put("/help/returns.html", page("Returns", text("Returns", """
                Nothing can be bought here, so nothing can be returned.""")));
        pages.put("/help/stock-check.html", new Slow(page("Stock check", text("Stock check", """
                The shelves are checked before this page is sent, which takes six tenths of a second.""")),
                STOCK_CHECK));
        pages.put("/help/opening-hours.html", page("Opening hours", text("Opening hours", """
                While the demo runs. No page links here; only the sitemap lists this page.""")));
        pages.put("/price-list.csv", Document.of("text/csv; charset=utf-8", priceList()));
    }

    /** Pages that robots.txt forbids, and one behind a nofollow link. */
    void addPrivateTo(Map<String, Response> pages) {
        pages.put("/checkout/basket.html", page("Basket", text("Your basket", """
                Empty. robots.txt asks robots not to come here.""")));
        pages.put("/search.html", page("Search", text("Search", """
                The form above finds products. The link to this page asks robots not to follow it.""")));
    }

    Document missing() {
        return Document.html(404, layout.around("Not here", text("Not here", """
                There is no such page. <a href="/">Back to the shop.</a>""")));
    }

    private Document page(String title, Html content) {
        return Document.html(200, layout.around(title, content));
    }

    private static Html text(String title, String paragraph) {
        return Html.of("<h1>%s</h1>\n<p>%s</p>\n", title, new Html(paragraph));
    }

    private Html home() {
        return Html.of(
                """
                        <h1>Things for house and garden</h1>
                        <p class="intro">Some of them are sold out, a few links are dead, and one page is slow: a shop like any \
                        other.</p>
                        <p><a href="/special-offers">Special offers</a> · <a href="/price-list.csv">Price list</a> · \
                        <a href="/search.html" rel="nofollow">Search</a> · <a href="/catalogue/clearance.html">Clearance</a></p>
                        <h2>One from each shelf</h2>
                        <div class="grid">
                        %s</div>
                        """,
                Html.all(catalogue.categories()
                        .stream()
                        .map(category -> CataloguePages.card(category, category.products().getFirst()))));
    }

    private Html offers() {
        return Html.of("""
                <h1>Offers</h1>
                <p class="intro">The last ones on their shelves.</p>
                <div class="grid">
                %s</div>
                """, Html.all(catalogue.categories()
                .stream()
                .flatMap(category -> category.products()
                        .stream()
                        .filter(product -> product.stock() > 0 && product.stock() < FEW)
                        .map(product -> CataloguePages.card(category, product)))));
    }

    private String priceList() {
        StringBuilder list = new StringBuilder("title,price,stock\r\n");
        catalogue.products()
                .forEach(product -> list.append('"')
                        .append(product.title().replace("\"", "\"\""))
                        .append("\",")
                        .append(product.price())
                        .append(',')
                        .append(product.stock())
                        .append("\r\n"));
        return list.toString();
    }
}
