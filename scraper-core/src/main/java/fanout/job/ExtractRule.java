package fanout.job;

import fanout.url.TextPattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to extract from which pages. Immutable.
 *
 * @param match found in the page's canonical URL; empty: on every page
 * @param label pages of this label only
 * @param each one item for each match; empty: one item for the page
 * @param fields objects in an item are at most five deep
 */
public record ExtractRule(
        String name,
        Optional<TextPattern> match,
        Optional<String> label,
        Optional<Selector> each,
        List<Field> fields) {

    public ExtractRule {
        Require.check(!name.isBlank(), "extract.name", "must not be blank");
        fields = Field.checked(fields);
        Fields.checkDepth(fields);
        Fields.checkPlaces(fields, each);
    }

    /** Whether each item is made of another element, and of the same JSON-LD: that of the page. */
    public boolean sharesJson() {
        return each.isPresent() && !(each.get() instanceof Selector.Json)
                && Fields.selectors(fields)
                        .anyMatch(selector -> selector instanceof Selector.Json json && json.in().isEmpty());
    }

    /** Returns all its selectors. */
    Stream<Selector> selectors() {
        return Stream.concat(each.stream(), Fields.selectors(fields));
    }
}
