package fanout.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which pages are read, and what for.
 *
 * @param contentTypes media types that are read and parsed
 * @param follow empty: the standard link set; a list: exactly these
 */
public record Parsing(List<String> contentTypes, Optional<List<FollowRule>> follow, List<ExtractRule> extract) {

    /** HTML, the standard link set, no items. */
    public static final Parsing DEFAULT =
            new Parsing(List.of("text/html", "application/xhtml+xml"), Optional.empty(), List.of());

    public Parsing {
        contentTypes = contentTypes.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
        follow = follow.map(List::copyOf);
        extract = List.copyOf(extract);
    }

    /** Whether a rule has a JSON Pointer. */
    public boolean looksIntoJson() {
        return follow.stream().flatMap(List::stream).anyMatch(rule -> rule.selector() instanceof Selector.Json)
                || extract.stream()
                        .anyMatch(rule -> rule.each().stream().anyMatch(Selector.Json.class::isInstance)
                                || Fields.anySelector(rule.fields(), Selector.Json.class::isInstance));
    }
}
