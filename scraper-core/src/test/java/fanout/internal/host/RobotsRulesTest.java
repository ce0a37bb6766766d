package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.internal.host.RobotsRules.Rule;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9309, section 2.2.2 and 2.2.3. */
class RobotsRulesTest {

    private static boolean allows(String path, Rule... rules) {
        return new RobotsRules(List.of(rules), Optional.empty(), List.of())
                .allows(CanonicalUrl.of("http://example.org" + path));
    }

    private static Rule allow(String pattern) {
        return new Rule(pattern, true);
    }

    private static Rule disallow(String pattern) {
        return new Rule(pattern, false);
    }

    @ParameterizedTest
    @CsvSource({"/a%, /a%25, true", "/a%4, /a%254, true", "/a%41, /aA, true", "/a%4g, /a%254g, true", "/%, /a, false"})
    void percentSignThatBeginsNoEscapeIsOne(String pattern, String path, boolean forbidden) {
        assertThat(allows(path, disallow(pattern))).isEqualTo(!forbidden);
    }

    @Test
    void rulesTakeRoomByTheirNumberAndLength() {
        RobotsRules none = RobotsRules.ALLOW_ALL;
        RobotsRules one = new RobotsRules(List.of(disallow("/a")), Optional.empty(), List.of());
        RobotsRules longer = new RobotsRules(List.of(disallow("/abc")), Optional.empty(), List.of());
        RobotsRules two = new RobotsRules(List.of(disallow("/a"), allow("/b")), Optional.empty(), List.of());
        assertThat(none.bytes()).isZero();
        assertThat(one.bytes()).isPositive();
        assertThat(longer.bytes()).isEqualTo(one.bytes() + 2);
        assertThat(two.bytes()).isEqualTo(2 * one.bytes());
    }

    /** They are queued by then, and would stay in memory for as long as the rules. */
    @Test
    void rulesAreKeptWithoutTheirSitemaps() {
        RobotsRules rules = new RobotsRules(List.of(disallow("/a")), Optional.of(Duration.ofSeconds(3)),
                List.of(CanonicalUrl.of("http://example.org/map.xml")));
        RobotsRules kept = rules.withoutSitemaps();
        assertThat(kept.sitemaps()).isEmpty();
        assertThat(kept.crawlDelay()).isEqualTo(rules.crawlDelay()).isPresent();
        assertThat(kept.bytes()).isEqualTo(rules.bytes());
        assertThat(kept.withoutSitemaps()).isSameAs(kept);
        assertThat(rules.sitemaps()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"/, /, true", "/, /a, true", "/fish, /fish, true", "/fish, /fish.html, true",
        "/fish, /fish/salmon, true",
        "/fish, /fish?id=1, true", "/fish, /Fish, false", "/fish, /catfish, false", "/fish*, /fishheads, true",
        "/fish/, /fish, false", "/fish/, /fish/x, true", "/*.php, /a/b.php?x, true", "/*.php, /, false",
        "/*.php$, /a.php, true", "/*.php$, /a.php?x, false", "/*.php$, /a.php.php, true", "/*.php$, /.php, true",
        "/fish*.php, /fish/x.php, true", "/fish*.php, /Fish.php, false", "/a$, /a, true", "/a$, /ab, false",
        "/$, /, true",
        "/$, /a, false", "*, /a, true", "$, /, false", "*$, /a, true", "/a*b*c, /aXbYcZ, true", "/a*b*c, /acb, false",
        "/**/x, /a/x, true", "/a*, /a, true", "/a*$, /a, true", "/a$b, /a$b, true", "/a%24b, /a$b, true",
        "/a%2Ab, /a*b, true", "/x%2Fy, /x%2fy, true", "/a*a*a, /aa, false", "x, /x, false", "/?, /?a, true",
        "/?, /, false", "/$metadata, /$metadata, true", "/$metadata, /, false", "/*$id=, /list?$id=1, true",
        "/*$id=, /list?id=1, false", "/a$$, /a$, true", "/a$$, /a$b, false", "/$*, /$x, true",
        "/x?a=', /x?a=', true", "/x?a=%27, /x?a=', true", "/it's, /it%27s, true", "/it%27s, /it's, true",
        "/wiki/Special:, /wiki/Special%3aSearch, true", "/wiki/Special%3A, /wiki/Special:Search, true",
        "/caf\u00e9, /caf%c3%A9, true", "/caf%C3%a9, /caf\u00e9, true", "/%62%61%7A, /baz, true", "/baz, /%62az, true",
        "/a%2Fb, /a/b, false", "/a?b, /a%3Fb, false", "/x?a=b, /x?a%3Db, false", "/100%, /100%, true",
        "/100%25, /100%, true", "/a*b, /a%2Ab, true", "/a%2ab, /axb, false"})
    void aPatternMatchesAPath(String pattern, String path, boolean matches) {
        assertThat(allows(path, disallow(pattern))).isEqualTo(!matches);
    }

    @Test
    void theLongestPatternDecidesWhateverItsPlace() {
        Rule[] rules = {disallow("/a"), allow("/a/b"), disallow("/a/b/c")};
        for (int i = 0; i < 3; i++) {
            Rule[] turned = {rules[i], rules[(i + 1) % 3], rules[(i + 2) % 3]};
            assertThat(allows("/a", turned)).isFalse();
            assertThat(allows("/a/b", turned)).isTrue();
            assertThat(allows("/a/b/c", turned)).isFalse();
            assertThat(allows("/x", turned)).isTrue();
        }
        assertThat(allows("/page.htm", allow("/page"), disallow("/*.htm"))).as("/*.htm is longer").isFalse();
    }

    @Test
    void allowWinsATie() {
        assertThat(allows("/folder/page", allow("/folder"), disallow("/folder"))).isTrue();
        assertThat(allows("/folder/page", disallow("/folder"), allow("/folder"))).isTrue();
        assertThat(allows("/page", disallow("/*e"), allow("/pa"))).isTrue();
    }

    @Test
    void indexPagesAreNotTakenForTheirFolder() {
        assertThat(allows("/", disallow("/index.html"))).isTrue();
        assertThat(allows("/index.html", disallow("/index.html"))).isFalse();
    }

    @Test
    void robotsTxtItselfIsAlwaysAllowed() {
        assertThat(allows("/robots.txt", disallow("/"))).isTrue();
        assertThat(allows("/robots.txt?x", disallow("/"))).isFalse();
        assertThat(allows("/a/robots.txt", disallow("/"))).isFalse();
    }

    @Test
    void noRulesAllowAll() {
        assertThat(RobotsRules.ALLOW_ALL.allows(CanonicalUrl.of("http://example.org/"))).isTrue();
        assertThat(RobotsRules.ALLOW_ALL.crawlDelay()).isEmpty();
        assertThat(RobotsRules.ALLOW_ALL.sitemaps()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> disallow(""));
    }

    @Test
    void keepsWhatItWasGiven() {
        List<CanonicalUrl> sitemaps = new ArrayList<>(List.of(CanonicalUrl.of("http://example.org/s.xml")));
        RobotsRules rules = new RobotsRules(List.of(), Optional.of(Duration.ofSeconds(1)), sitemaps);
        sitemaps.clear();
        assertThat(rules.sitemaps()).hasSize(1);
        assertThat(rules.crawlDelay()).contains(Duration.ofSeconds(1));
    }

    @Test
    void matchesAsARegularExpressionWould() {
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            String pattern = "/" + letters(random, "ab*/");
            boolean anchored = random.nextInt(3) == 0;
            String path = "/" + letters(random, "ab/");
            Pattern oracle = Pattern.compile(pattern.replace("*", ".*") + (anchored ? "$" : ""));
            boolean matches = new Rule(anchored ? pattern + "$" : pattern, false).matches(path, _ -> {});
            assertThat(matches).as("%s%s on %s", pattern, anchored ? "$" : "", path)
                    .isEqualTo(oracle.matcher(path).lookingAt());
        }
    }

    private static String letters(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(9); n > 0; n--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    @Timeout(20)
    void aHostilePatternTakesNoExponentialTime() {
        String stars = "/" + "*a".repeat(5_000) + "*b$";
        assertThat(new Rule(stars, false).matches("/" + "a".repeat(8_000), _ -> {})).isFalse();
    }

    /** Ten stars, and a path that nearly matches at each of its characters, take a second in all. */
    @Test
    void comparisonEndsWhereItsTimeDoes() {
        RobotsRules rules = new RobotsRules(List.of(new Rule("/" + "*aaab".repeat(10), false)), Optional.empty(),
                List.of());
        CanonicalUrl url = CanonicalUrl.of("http://example.org/" + "a".repeat(8_000));
        int[] steps = new int[1];
        assertThatIllegalStateException().isThrownBy(() -> rules.allows(url, some -> {
            steps[0] += some;
            if (steps[0] > 1_000) {
                throw new IllegalStateException("late");
            }
        }));
        assertThat(steps[0]).isBetween(1_001, 1_100);
    }
}
