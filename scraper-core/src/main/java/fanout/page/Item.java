package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One extracted thing, such as a product, an article or a row. Immutable.
 *
 * @param url the page it was found on
 * @param rule the name of the rule (or extractor) that found it
 * @param fields in the rule's order; values are {@code String}, {@code Number}, {@code Boolean}, {@code null} for "not
 *     found", or a {@code List}, or a {@code Map} with {@code String} keys, of such values
 */
public record Item(CanonicalUrl url, String rule, SequencedMap<String, @Nullable Object> fields) {

    public Item {
        SequencedMap<String, @Nullable Object> copy = new LinkedHashMap<>(fields);
        copy.replaceAll((_, value) -> copyOf(value));
        fields = Collections.unmodifiableSequencedMap(copy);
    }

    /** A copy, because an extractor may use its list again for the next page. */
    private static @Nullable Object copyOf(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list);
                copy.replaceAll(Item::copyOf);
                yield Collections.unmodifiableList(copy);
            }
            case Map<?, ?> map -> {
                Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>(map);
                copy.replaceAll((_, inner) -> copyOf(inner));
                yield Collections.unmodifiableMap(copy);
            }
            case null -> null;
            default -> value; // which cannot change, or which the sink refuses
        };
    }

    /** An item whose fields come in the map's iteration order. */
    public static Item of(CanonicalUrl url, String rule, Map<String, ? extends @Nullable Object> fields) {
        return new Item(url, rule, new LinkedHashMap<>(fields));
    }
}
