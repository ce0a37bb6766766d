package fanout.app.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The shop's products. Immutable; the same in every run. */
record Catalogue(List<Category> categories) {

    Catalogue {
        categories = List.copyOf(categories);
    }

    /** Products of one kind. */
    record Category(String slug, String name, String intro, List<Product> products) {

        Category {
            products = List.copyOf(products);
        }
    }

    /**
     * A product.
     *
     * @param price in euros
     * @param stock pieces; 0: sold out
     */
    record Product(String title, BigDecimal price, int stock, List<String> tags, String about) {

        Product {
            tags = List.copyOf(tags);
        }

        /** The name of its page. */
        String slug() {
            return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        }
    }

    /** The bundled catalogue. */
    static Catalogue load() throws IOException {
        JsonMapper mapper = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
        return new Catalogue(List.of(mapper.readValue(Resource.bytes("catalogue.json"), Category[].class)));
    }

    Stream<Product> products() {
        return categories.stream().flatMap(category -> category.products().stream());
    }
}
