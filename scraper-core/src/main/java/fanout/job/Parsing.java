package fanout.job;

import fanout.internal.codec.PageCharset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which pages are read, and what for.
 *
 * @param contentTypes media types that are read and parsed
 * @param charset a label of the Encoding Standard, for all pages whatever they declare; only a byte order mark counts
 *     more. Empty: what each page declares; one that declares nothing is UTF-8 if it is valid as such, otherwise
 *     windows-1252
 * @param follow empty: the standard link set; a list: exactly these
 */
public record Parsing(
        List<String> contentTypes,
        Optional<String> charset,
        Optional<List<FollowRule>> follow,
        List<ExtractRule> extract) {

    /** HTML, the standard link set, no items. */
    public static final Parsing DEFAULT =
            new Parsing(List.of("text/html", "application/xhtml+xml"), Optional.empty(), Optional.empty(), List.of());

    public Parsing {
        contentTypes = contentTypes.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
        charset.ifPresent(label -> Require.check(isCharset(label), "parse.charset",
                "must be a label of the Encoding Standard, as in windows-1251, not \"" + label + "\""));
        follow = follow.map(List::copyOf);
        extract = List.copyOf(extract);
    }

    /** Returns the labels of the Encoding Standard, in lower case. */
    public static Set<String> charsets() {
        return PageCharset.labels();
    }

    /** Returns whether this is one of {@link #charsets}, whatever its case and the white space around it. */
    public static boolean isCharset(String label) {
        return PageCharset.isLabel(label);
    }

    /** Whether a rule has a JSON Pointer. */
    public boolean looksIntoJson() {
        return follow.stream().flatMap(List::stream).anyMatch(FollowRule::looksIntoJson)
                || extract.stream()
                        .anyMatch(rule -> rule.each().stream().anyMatch(Selector.Json.class::isInstance)
                                || Fields.anySelector(rule.fields(), Selector.Json.class::isInstance));
    }
}
