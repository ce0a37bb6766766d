package fanout.app.demo;

import fanout.app.demo.Catalogue.Category;
import fanout.app.demo.Catalogue.Product;
import fanout.app.demo.Response.Document;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The pages that show products: a category on several pages, and a page for each product. */
record CataloguePages(Catalogue catalogue, PageLayout layout) {

    private static final int PER_PAGE = 4;
    private static final int RELATED = 3;

    void addTo(Map<String, Response> pages) {
        for (Category category : catalogue.categories()) {
            int last = Math.ceilDiv(category.products().size(), PER_PAGE);
            for (int page = 1; page <= last; page++) {
                pages.put(ShopPaths.of(category, page), Document.html(200, listing(category, page, last)));
            }
            for (Product product : category.products()) {
                pages.put(ShopPaths.of(product), Document.html(200, detail(category, product)));
            }
        }
    }

    private Html listing(Category category, int page, int last) {
        List<Product> products = category.products();
        int from = (page - 1) * PER_PAGE;
        Html cards = cards(category, products.subList(from, Math.min(from + PER_PAGE, products.size())).stream());
        String title = page == 1 ? category.name() : category.name() + ", page " + page;
        return layout.around(title, category, Html.of("""
                <h1>%s</h1>
                <p class="intro">%s</p>
                %s<ul class="pager">%s%s</ul>
                """, title, category.intro(), cards,
                page > 1 ? turn("previous", ShopPaths.of(category, page - 1)) : Html.NOTHING,
                page < last ? turn("next", ShopPaths.of(category, page + 1)) : Html.NOTHING));
    }

    private static Html turn(String where, String path) {
        return Html.of("<li class=\"%s\"><a href=\"%s\">%s page</a></li>", where, path, where);
    }

    private static Html cards(Category category, Stream<Product> products) {
        return Html.of("<div class=\"grid\">\n%s</div>\n", Html.all(products.map(product -> card(category, product))));
    }

    /** A product in a list. */
    static Html card(Category category, Product product) {
        return Html.of("""
                <article class="product">
                <img src="%s" alt="" width="64" height="64">
                <h3><a href="%s">%s</a></h3>
                <p class="tags">%s</p>
                <p class="price">€ %s</p>
                %s</article>
                """, ShopPaths.icon(category), ShopPaths.of(product), product.title(), tags(product), product.price(),
                stock(product));
    }

    private Html detail(Category category, Product product) {
        List<Product> shelf = category.products();
        int at = shelf.indexOf(product);
        Stream<Product> related = Stream.iterate(1, step -> step <= RELATED, step -> step + 1)
                .map(step -> shelf.get((at + step) % shelf.size()));
        return layout.around(product.title(), category,
                Html.of("""
                        <p class="crumbs"><a href="/">Shop</a> / <a href="%s">%s</a></p>
                        <div class="detail">
                        <figure><img src="%s" alt=""></figure>
                        <div>
                        <h1>%s</h1>
                        <p>%s</p>
                        <p class="tags">%s</p>
                        <p class="price">€ %s</p>
                        %s</div>
                        </div>
                        <h2>From the same shelf</h2>
                        %s""", ShopPaths.of(category), category.name(), ShopPaths.icon(category), product.title(),
                        product.about(),
                        tags(product), product.price(), stock(product), cards(category, related)));
    }

    private static Html tags(Product product) {
        return Html.all(product.tags().stream().map(tag -> Html.of("<span class=\"tag\">%s</span>", tag)));
    }

    private static Html stock(Product product) {
        return Html.of("<p class=\"stock\" data-stock=\"%s\">%s</p>\n", product.stock(),
                product.stock() == 0 ? "sold out" : product.stock() + " in stock");
    }
}
