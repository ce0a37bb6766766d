package fanout.internal.host;

import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What a host's robots.txt says to us: which paths are allowed, how long to wait, where sitemaps are. Immutable.
 *
 * <p>Matching is RFC 9309, section 2.2.2: the longest matching pattern wins, allow wins a tie, {@code *} stands for
 * anything and a final {@code $} for the end; both sides are compared in one spelling of their escapes. It is done here
 * and not by crawler-commons, whose matcher misses {@code *.html$} on {@code /a.html.html} and takes a URL that
 * {@link java.net.URI} cannot read, such as one with {@code |} in its query, for the root. One URL costs at most the
 * length of all patterns with a {@code *} times its own; the reader of a robots.txt bounds the former.
 */
public final class RobotsRules {

    /** Longest first, and allow before disallow: the first that matches decides. */
    private static final Comparator<Rule> PRECEDENCE =
            Comparator.comparingInt((Rule rule) -> rule.pattern.length()).reversed().thenComparing(rule -> !rule.allow);

    /** No robots.txt, or nothing in it that concerns us. */
    public static final RobotsRules ALLOW_ALL = new RobotsRules(List.of(), Optional.empty(), List.of());

    /** A rule, its pattern's objects and its place in the list. */
    private static final long RULE_BYTES = 88;

    private final List<Rule> rules;
    private final Optional<Duration> crawlDelay;
    private final List<CanonicalUrl> sitemaps;
    private final long bytes;

    /**
     * The rules of the groups that concern us.
     *
     * @param rules in any order
     * @param crawlDelay what the file asks for, whatever the job makes of it
     */
    public RobotsRules(List<Rule> rules, Optional<Duration> crawlDelay, List<CanonicalUrl> sitemaps) {
        this.rules = rules.stream().sorted(PRECEDENCE).toList();
        this.crawlDelay = crawlDelay;
        this.sitemaps = List.copyOf(sitemaps);
        this.bytes = this.rules.stream().mapToLong(rule -> RULE_BYTES + rule.pattern.length()).sum();
    }

    /** Whether we may fetch this URL, for callers with time. */
    public boolean allows(CanonicalUrl url) {
        return allows(url, _ -> {});
    }

    /**
     * Whether we may fetch this URL. robots.txt itself is always allowed.
     *
     * @param spent gets numbers of steps, each of some nanoseconds, while patterns are compared; what it throws ends
     *     that
     */
    public boolean allows(CanonicalUrl url, IntConsumer spent) {
        if (rules.isEmpty()) {
            return true;
        }
        String path = RobotsSpelling.ofPath(url.pathAndQuery());
        if (path.equals("/robots.txt")) {
            return true;
        }
        for (Rule rule : rules) {
            spent.accept(1);
            if (rule.matches(path, spent)) {
                return rule.allow;
            }
        }
        return true;
    }

    /** The Crawl-delay, which RFC 9309 does not know but many sites use; empty if it is missing. */
    public Optional<Duration> crawlDelay() {
        return crawlDelay;
    }

    /** The same without the sitemaps, which are of no use once they are queued. */
    public RobotsRules withoutSitemaps() {
        return sitemaps.isEmpty() ? this : new RobotsRules(rules, crawlDelay, List.of());
    }

    /** What the rules take in memory, about. */
    public long bytes() {
        return bytes;
    }

    /** The sitemaps that the file names, for whatever user agent. */
    public List<CanonicalUrl> sitemaps() {
        return sitemaps;
    }

    /**
     * One allow or disallow line.
     *
     * @param pattern never empty; kept in the spelling in which it is compared
     */
    public record Rule(String pattern, boolean allow) {

        public Rule {
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException("a rule needs a pattern");
            }
            pattern = RobotsSpelling.ofPattern(pattern);
        }

        /**
         * Goes back to the last {@code *} on a mismatch, no further: at worst pattern times path, never exponential.
         */
        boolean matches(String path, IntConsumer spent) {
            boolean anchored = pattern.endsWith("$");
            int end = anchored ? pattern.length() - 1 : pattern.length();
            int at = 0;
            int next = 0;
            int star = -1;
            int starAt = 0;
            while (true) {
                if (next == end && (!anchored || at == path.length())) {
                    return true;
                }
                if (next < end && pattern.charAt(next) == '*') {
                    star = next++;
                    starAt = at;
                } else if (next < end && at < path.length() && pattern.charAt(next) == path.charAt(at)) {
                    next++;
                    at++;
                } else if (star >= 0 && starAt < path.length()) {
                    spent.accept(at - starAt + 1);
                    at = ++starAt;
                    next = star + 1;
                } else {
                    return false;
                }
            }
        }
    }
}
