package fanout.app.demo;

import fanout.app.demo.Catalogue.Category;
import fanout.app.demo.Catalogue.Product;

/** The paths of the shop. */
final class ShopPaths {

    private ShopPaths() {}

    static String of(Category category) {
        return "/catalogue/" + category.slug() + "/";
    }

    /** One page of a category; the first is the category's own. */
    static String of(Category category, int page) {
        return page == 1 ? of(category) : of(category) + "page-" + page + ".html";
    }

    static String of(Product product) {
        return "/products/" + product.slug() + ".html";
    }

    static String icon(Category category) {
        return "/icons/" + category.slug() + ".svg";
    }
}
