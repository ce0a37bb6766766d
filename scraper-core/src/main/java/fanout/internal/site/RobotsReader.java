package fanout.internal.site;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import fanout.internal.codec.PageCharset;
import fanout.internal.host.RobotsRules;
import fanout.job.UserAgent;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads robots.txt as RFC 9309 says: groups for our product token, else those for {@code *}. Never fails: what is not
 * robots.txt (HTML, binary, nothing) forbids nothing. Rules that would be costly to keep or to match are made simpler,
 * see {@link RobotsPatterns}; the first thousand sitemaps count.
 *
 * <p>Thread-safe. Not interruptible, because it reads half a mebibyte at most: some milliseconds, and some tenths of a
 * second for a hostile file.
 */
public final class RobotsReader {

    /** What counts of a file, in bytes. RFC 9309, section 2.5: at least 500 kibibytes. */
    public static final int MOST_BYTES = 512 << 10;

    /** Enough to say "never", and far from what overflows somewhere. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private static final Pattern HTML = Pattern.compile("<(html|head|body)[\\s>]", Pattern.CASE_INSENSITIVE);

    private static final Pattern SITEMAP = Pattern.compile("^[ \\t]*site-?maps?[ \\t]*:[ \\t]*([^\\s#]+)",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    /** The parser knows a star only where it stands alone. */
    private static final Pattern TEXT_BEHIND_STAR =
            Pattern.compile("^([ \\t]*user[ -]?agent[ \\t]*:[ \\t]*\\*)[ \\t][^\\r\\n]*",
                    Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final Set<String> productToken;

    /** A reader for a crawl that sends this User-Agent. */
    public RobotsReader(String userAgent) {
        productToken = Set.of(UserAgent.productToken(userAgent).toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the rules in a robots.txt.
     *
     * @param url from which it was fetched (the last, after redirects)
     * @param body if it is longer than {@link #MOST_BYTES}, a line that does not end within these does not count: the
     *        rest of a rule is another rule
     */
    public RobotsRules read(CanonicalUrl url, byte[] body) {
        String text = withoutTags(text(body));
        byte[] content = TEXT_BEHIND_STAR.matcher(text).replaceAll("$1").getBytes(StandardCharsets.UTF_8);
        // A parser for each call, because it keeps a count of warnings for the thread.
        SimpleRobotRules rules = new GroupParser().parseContent(url.toString(), content, "text/plain", productToken);
        return new RobotsRules(rules(rules), crawlDelay(rules), sitemaps(url, text));
    }

    private static String text(byte[] body) {
        PageCharset charset = PageCharset.detect("charset=utf-8", body);
        int from = charset.bomLength();
        int end = Math.min(body.length, MOST_BYTES);
        String text = charset.isUtf8() ? PageCharset.utf8WithEscapes(body, from, end)
                : new String(body, from, end - from, charset.decoder());
        return body.length > MOST_BYTES ? text.substring(0, endOfLastWholeLine(text)) : text;
    }

    private static int endOfLastWholeLine(String text) {
        return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    }

    /**
     * Takes the tags out of a file that was wrapped in HTML, and encodes every other &lt;, which means the same in a
     * path. The parser would do the former, but with a regular expression that takes minutes for a hostile line.
     */
    private static String withoutTags(String text) {
        if (text.indexOf('<') < 0) {
            return text;
        }
        boolean isHtml = HTML.matcher(text).find();
        StringBuilder plain = new StringBuilder(text.length() + 64);
        int at = 0;
        for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', at)) {
            plain.append(text, at, open);
            int end = open + 1;
            while (end < text.length() && "<>\r\n".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            if (isHtml && end < text.length() && text.charAt(end) == '>') {
                at = end + 1;
            } else {
                plain.append("%3C");
                at = open + 1;
            }
        }
        return plain.append(text, at, text.length()).toString();
    }

    private static List<RobotsRules.Rule> rules(SimpleRobotRules rules) {
        return RobotsPatterns.bounded(rules.getRobotRules()
                .stream()
                .filter(rule -> !rule.getPrefix().isEmpty())
                .map(rule -> new RobotsRules.Rule(rule.getPrefix(), rule.isAllow())));
    }

    private static Optional<Duration> crawlDelay(SimpleRobotRules rules) {
        long millis = rules.getCrawlDelay();
        return millis == BaseRobotRules.UNSET_CRAWL_DELAY || millis < 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.min(millis, LONGEST_DELAY.toMillis())));
    }

    /**
     * Read here, because the parser resolves with java.net.URI, which refuses many a URL and takes nothing for a
     * folder.
     */
    private static List<CanonicalUrl> sitemaps(CanonicalUrl url, String text) {
        LinkBase base = LinkBase.of(url);
        return SITEMAP.matcher(text)
                .results()
                .flatMap(match -> base.resolve(match.group(1)).stream())
                .distinct()
                .limit(RobotsPatterns.MOST_SITEMAPS)
                .toList();
    }

    /** Reads names of user agents as we read our own: {@code 360Spider/2.0} is {@code 360Spider}, too. */
    private static final class GroupParser extends SimpleRobotRulesParser {

        private static final long serialVersionUID = 1L;

        /**
         * No limit for Crawl-delay: one beyond it would forbid the whole host, and what a delay counts is the job's
         * business.
         */
        private GroupParser() {
            super(Long.MAX_VALUE, 0);
        }

        @Override
        protected boolean userAgentProductTokenPartialMatch(String agentName, Collection<String> targetTokens) {
            return UserAgent.leadingToken(agentName).filter(targetTokens::contains).isPresent();
        }
    }
}
