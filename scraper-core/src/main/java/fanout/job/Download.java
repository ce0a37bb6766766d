package fanout.job;

import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Which responses are kept as files, without being parsed. All conditions that are given must hold for the response
 * that has the file, which a redirect may have led to. Immutable.
 *
 * @param match a pattern found in its canonical URL
 * @param contentTypes media types, or ranges of them as in {@code image/*}, of which it has one; empty: any, or none
 * @param css what links to it in a page: elements with an {@code href} or a {@code src}. They are links of the page,
 *     whatever else the job follows
 * @param maxBytes the longest file, decoded
 * @param timeout how long one attempt may take, from DNS to the last byte, instead of {@code limits.requestTimeout}
 */
public record Download(
        Optional<TextPattern> match,
        List<String> contentTypes,
        Optional<Selector.Css> css,
        long maxBytes,
        Duration timeout) {

    /** The longest file, unless an entry says another. */
    public static final long MAX_BYTES = 100L << 20;
    /** How long an attempt may take, unless an entry says another. */
    public static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)");

    public Download {
        contentTypes = contentTypes.stream().map(type -> type.strip().toLowerCase(Locale.ROOT)).toList();
        contentTypes.forEach(type -> Require.matches(type, TYPE, "contentTypes",
                "media types, as in application/pdf, or ranges of them, as in image/*"));
        Require.check(match.isPresent() || !contentTypes.isEmpty() || css.isPresent(), "download",
                "has an entry without a condition; give it match, contentTypes or css");
        Require.check(maxBytes > 0, "maxSize", "must be positive");
        Require.positive(timeout, "timeout");
    }

    /** Responses whose canonical URL has the pattern, with the usual limits. */
    public static Download matching(TextPattern match) {
        return new Download(Optional.of(match), List.of(), Optional.empty(), MAX_BYTES, TIMEOUT);
    }

    /** Responses of these media types, with the usual limits. */
    public static Download ofTypes(List<String> contentTypes) {
        return new Download(Optional.empty(), contentTypes, Optional.empty(), MAX_BYTES, TIMEOUT);
    }

    /** Returns whether it has a condition that says which links lead to its files. */
    public boolean picksLinks() {
        return match.isPresent() || css.isPresent();
    }

    /**
     * Returns whether a URL may have its files.
     *
     * @param isPicked whether {@code css} has picked a link to it
     * @param matching looks for a pattern in a text
     */
    boolean takes(String url, boolean isPicked, BiPredicate<String, TextPattern> matching) {
        return (css.isEmpty() || isPicked) && (match.isEmpty() || matching.test(url, match.get()));
    }

    /** Returns whether a response of this media type is kept; without a type, only where none is asked for. */
    public boolean takesType(Optional<String> type) {
        return contentTypes.isEmpty()
                || type.map(known -> known.toLowerCase(Locale.ROOT)).filter(this::isOfTypes).isPresent();
    }

    private boolean isOfTypes(String type) {
        return contentTypes.stream()
                .anyMatch(asked -> asked.endsWith("/*") ? type.startsWith(asked.substring(0, asked.length() - 1))
                        : type.equals(asked));
    }
}
