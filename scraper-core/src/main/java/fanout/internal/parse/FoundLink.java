package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedPattern;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A link as the page spells it.
 *
 * @param nofollow whether its own rel attribute says so
 * @param rule the number of the follow rule that picked it; {@link #STANDARD} if none did
 * @param element what else its element says; null if it is not one of the standard set, or that is not asked for
 */
record FoundLink(String href, Target target, boolean nofollow, int rule, @Nullable Anchor element) {

    static final int STANDARD = -1;

    /** A link of the standard set. */
    FoundLink(String href, boolean nofollow) {
        this(href, Target.PLAIN, nofollow, STANDARD);
    }

    /** A link of which nothing else is known. */
    FoundLink(String href, Target target, boolean nofollow, int rule) {
        this(href, target, nofollow, rule, null);
    }

    /** What an element of the standard set says besides its target. Immutable. */
    record Anchor(String words, String rel) {}

    /** The same link, which a follow rule picks. */
    FoundLink pickedFor(Target other, int number) {
        return new FoundLink(href, other, nofollow, number, element);
    }

    /**
     * What all links of a follow rule have in common in one page. Immutable.
     *
     * @param details of their requests; empty: those of every link
     * @param include found in their URLs
     * @param exclude not found in them
     */
    record Target(
            Optional<String> label,
            Optional<Request.Details> details,
            List<TextPattern> include,
            List<TextPattern> exclude) {

        static final Target PLAIN = new Target(Optional.empty(), Optional.empty(), List.of(), List.of());

        /**
         * Whether the patterns leave a URL in.
         *
         * @throws java.io.UncheckedIOException if the thread is interrupted or the deadline has passed
         */
        boolean takes(CanonicalUrl url) {
            return (include.isEmpty() || anyIn(url, include)) && (exclude.isEmpty() || !anyIn(url, exclude));
        }

        private static boolean anyIn(CanonicalUrl url, List<TextPattern> patterns) {
            ParseTime time = ParseTime.current();
            String text = url.toString();
            return patterns.stream().anyMatch(pattern -> WatchedPattern.isFoundIn(text, pattern, time::spend));
        }
    }
}
