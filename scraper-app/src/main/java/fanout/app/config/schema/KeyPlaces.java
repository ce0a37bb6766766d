package fanout.app.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a key belongs that was written elsewhere. */
final class KeyPlaces {

    private KeyPlaces() {}

    /** The top level's sections that know the key, each as "in" its name, or "at the top level" for that itself. */
    static List<String> with(String key, SchemaNode whole) {
        List<String> found = new ArrayList<>();
        spelling(key, whole).ifPresent(right -> found.add("at the top level" + as(right, key)));
        for (String section : whole.keys()) {
            spelling(key, whole.property(section).orElseThrow())
                    .ifPresent(right -> found.add("in \"" + section + "\"" + as(right, key)));
        }
        return found;
    }

    /** How a section spells this key, if case, - and _ do not count. */
    private static Optional<String> spelling(String key, SchemaNode section) {
        return section.keys().contains(key) ? Optional.of(key)
                : section.keys().stream().filter(known -> plain(known).equals(plain(key))).findFirst();
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    private static String as(String right, String key) {
        return right.equals(key) ? "" : " as \"" + right + "\"";
    }
}
