package fanout.app.demo;

import java.util.Optional;

/** The frame of every page of the shop. */
record PageLayout(Catalogue catalogue) {

    /** A page that belongs to no category. */
    Html around(String title, Html content) {
        return around(title, Optional.empty(), content);
    }

    /** A page of a category, which the navigation marks. */
    Html around(String title, Catalogue.Category here, Html content) {
        return around(title, Optional.of(here), content);
    }

    private Html around(String title, Optional<Catalogue.Category> here, Html content) {
        return Html.of(
                """
                        <!doctype html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <title>%s | Fanout demo shop</title>
                        <link rel="stylesheet" href="/style.css">
                        </head>
                        <body>
                        <header>
                        <a class="brand" href="/">Fanout demo shop</a>
                        <nav class="categories">%s</nav>
                        <form id="search" role="search" action="/search"><input type="search" name="q" \
                        aria-label="Words" maxlength="100"> <button>Search</button></form>
                        <form id="account" action="/account/orders"><button>My orders</button></form>
                        </header>
                        <main>
                        %s</main>
                        <footer>
                        <nav><a href="/help/">Help</a> <a href="/help/delivery.html">Delivery</a> \
                        <a href="/help/stock-check.html">Stock check</a> <a href="/about.html">About</a> \
                        <a href="/checkout/basket.html">Basket</a></nav>
                        <p>This shop is a part of the scraper. It runs on your computer only, and nothing in it can be bought.</p>
                        </footer>
                        </body>
                        </html>
                        """,
                title, categories(here), content);
    }

    private Html categories(Optional<Catalogue.Category> here) {
        return Html.all(catalogue.categories()
                .stream()
                .map(category -> Html.of(here.filter(category::equals).isPresent()
                        ? "<a href=\"%s\" aria-current=\"true\">%s</a>\n"
                        : "<a href=\"%s\">%s</a>\n", ShopPaths.of(category), category.name())));
    }
}
