package fanout.app.demo;

import fanout.app.demo.Catalogue.Category;
import fanout.app.demo.Catalogue.Product;
import fanout.app.demo.Response.Document;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the search form of each page finds: products whose title, tags and text have all words of {@code q}. */
record SearchPage(Catalogue catalogue, PageLayout layout) {

    static final String PATH = "/search";
    private static final int PER_PAGE = 5;
    private static final int LONGEST = 100;

    /** A product, and the shelf that it is on. */
    private record Found(Category category, Product product) {}

    Document answer(FormFields query) {
        String words = query.get("q").strip();
        String cut = words.substring(0, Math.min(words.length(), LONGEST));
        List<Found> found = find(cut.toLowerCase(Locale.ROOT));
        int page = query.page();
        List<Found> shown = page == 0 ? List.of()
                : found.stream().skip((page - 1L) * PER_PAGE).limit(PER_PAGE).toList();
        Html cards = Html.all(shown.stream().map(one -> CataloguePages.card(one.category(), one.product())));
        return Document.html(200, layout.around("Search", Html.of("""
                <h1>Search</h1>
                <p class="intro"><span class="total">%s</span> for “%s”</p>
                <div class="grid">
                %s</div>
                <ul class="pager">%s</ul>
                """, found.size() == 1 ? "1 product" : found.size() + " products", cut, cards,
                page > 0 && (long) page * PER_PAGE < found.size() ? next(cut, page + 1) : Html.NOTHING)));
    }

    private static Html next(String words, int page) {
        return Html.of("<li class=\"next\"><a href=\"%s?q=%s&amp;page=%s\">next page</a></li>", PATH,
                FormFields.encoded(words), page);
    }

    /** Products in the order of the shelves; none for no word. */
    private List<Found> find(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> words = List.of(text.split("\\s+"));
        return catalogue.categories()
                .stream()
                .flatMap(category -> category.products().stream().map(product -> new Found(category, product)))
                .filter(found -> words.stream().allMatch(text(found.product())::contains))
                .toList();
    }

    private static String text(Product product) {
        return String.join(" ", Stream.concat(Stream.of(product.title(), product.about()), product.tags().stream())
                .toList()).toLowerCase(Locale.ROOT);
    }
}
