package fanout.job;

import com.google.re2j.Pattern;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to extract from which pages. Immutable.
 *
 * @param match found in the page's canonical URL; empty: on every page
 * @param label pages of this label only
 * @param each one item for each match; empty: one item for the page
 */
public record ExtractRule(
        String name,
        Optional<Pattern> match,
        Optional<String> label,
        Optional<Selector> each,
        List<Field> fields) {

    public ExtractRule {
        Require.check(!name.isBlank(), "extract.name", "must not be blank");
        fields = List.copyOf(fields);
        Require.check(!fields.isEmpty(), "extract.fields", "needs at least one field");
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            Require.check(names.add(field.name()), "extract.fields", "has " + field.name() + " twice");
        }
    }

    /**
     * One value of an item.
     *
     * @param attr the attribute to read; empty: the element's text
     * @param regex what of it to keep: group 1 if there is one, the whole match otherwise
     * @param list whether all matches are wanted, as a list, rather than the first
     * @param required whether an item without it is dropped
     */
    public record Field(
            String name,
            Selector selector,
            Optional<String> attr,
            Optional<Pattern> regex,
            Type type,
            boolean list,
            boolean required) {

        public Field {
            Require.check(!name.isBlank(), "extract.fields", "has a field without a name");
            Require.check(!name.equals("_url") && !name.equals("_rule"), "extract.fields." + name,
                    "is written by the program itself");
        }
    }

    /** What a field's text becomes. */
    public enum Type {
        STRING, NUMBER, INTEGER, BOOLEAN, URL, HTML
    }
}
