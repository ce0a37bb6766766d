package fanout.job;

import fanout.internal.codec.PageCharset;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which pages are read, and what for.
 *
 * @param contentTypes media types that are read and parsed
 * @param charset a label of the Encoding Standard, for all pages whatever they declare; only a byte order mark counts
 *     more. Empty: what each page declares; one that declares nothing is UTF-8 if it is valid as such, otherwise
 *     windows-1252
 * @param follow empty: the standard link set; a list: exactly these
 * @param keepLinks whether outcomes have the links of their pages, as {@link fanout.sink.LinksFile} writes them. Pages
 *     take about twice the time to parse then
 */
public record Parsing(
        List<String> contentTypes,
        Optional<String> charset,
        Optional<List<FollowRule>> follow,
        List<ExtractRule> extract,
        boolean keepLinks) {

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

    /** Outcomes without the links of their pages. */
    public Parsing(List<String> contentTypes, Optional<String> charset, Optional<List<FollowRule>> follow,
            List<ExtractRule> extract) {
        this(contentTypes, charset, follow, extract, false);
    }

    /** Returns the labels of the Encoding Standard, in lower case. */
    public static Set<String> charsets() {
        return PageCharset.labels();
    }

    /** Returns whether this is one of {@link #charsets}, whatever its case and the white space around it. */
    public static boolean isCharset(String label) {
        return PageCharset.isLabel(label);
    }

    /** Returns how often the JSON in a page of HTML is read: as JSON-LD, and for each element that holds some. */
    public int jsonReadings() {
        Stream<Selector> selectors = Stream.concat(
                follow.stream().flatMap(List::stream).flatMap(FollowRule::selectors),
                extract.stream().flatMap(ExtractRule::selectors));
        return (int) selectors.filter(Selector.Json.class::isInstance)
                .map(selector -> ((Selector.Json) selector).in())
                .distinct()
                .count();
    }

    /** Returns the names of the fields of each rule, in the job's order; rules of one name have all of theirs. */
    public SequencedMap<String, Set<String>> fields() {
        SequencedMap<String, Set<String>> fields = new LinkedHashMap<>();
        for (ExtractRule rule : extract) {
            Set<String> names = fields.computeIfAbsent(rule.name(), _ -> new LinkedHashSet<>());
            rule.fields().forEach(field -> names.add(field.name()));
        }
        return fields;
    }
}
