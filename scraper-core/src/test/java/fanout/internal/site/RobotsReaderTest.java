package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.RobotsRules;
import fanout.url.CanonicalUrl;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsReaderTest {

    private static final CanonicalUrl ROBOTS = CanonicalUrl.of("http://example.org/robots.txt");

    private static RobotsRules read(byte[] body) {
        return new RobotsReader("Our-Bot/1.0 (+http://example.org/bot)").read(ROBOTS, body);
    }

    private static RobotsRules read(String body) {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean allows(String robots, String path) {
        return read(robots).allows(CanonicalUrl.of("http://example.org" + path));
    }

    @Test
    void theGroupForOurProductTokenWinsOverTheOneForAll() {
        String robots = """
                User-agent: *
                Disallow: /

                User-Agent: OUR-BOT
                Disallow: /private
                Crawl-delay: 2

                User-agent: our-bot-news
                Disallow: /news
                """;
        assertThat(allows(robots, "/")).isTrue();
        assertThat(allows(robots, "/news")).isTrue();
        assertThat(allows(robots, "/private/x")).isFalse();
        assertThat(read(robots).crawlDelay()).contains(Duration.ofSeconds(2));
    }

    @Test
    void groupsForTheSameAgentAreOne() {
        String robots = "User-agent: our-bot\nDisallow: /a\nUser-agent: x\nDisallow: /b\n"
                + "User-agent: y\nUser-agent: our-bot\nDisallow: /c";
        assertThat(allows(robots, "/a")).isFalse();
        assertThat(allows(robots, "/b")).isTrue();
        assertThat(allows(robots, "/c")).isFalse();
    }

    @Test
    void withoutAGroupOfOurOwnTheOneForAllCounts() {
        String robots =
                "User-agent: other\nDisallow: /a\n\nUser-agent: *\nDisallow: /b # comment\nDisallow:\nCrawl-delay: 0.5";
        assertThat(allows(robots, "/a")).isTrue();
        assertThat(allows(robots, "/b")).isFalse();
        assertThat(read(robots).crawlDelay()).contains(Duration.ofMillis(500));
    }

    @Test
    void aVersionBehindTheTokenIsForgiven() {
        assertThat(allows("User-agent: our-bot/2.0\nDisallow: /", "/")).isFalse();
    }

    @Test
    void anEndlessCrawlDelayForbidsNothing() {
        RobotsRules rules = read("User-agent: *\nCrawl-delay: 999999");
        assertThat(rules.allows(ROBOTS)).isTrue();
        assertThat(rules.crawlDelay()).contains(Duration.ofSeconds(999_999));
        assertThat(read("User-agent: *\nCrawl-delay: soon").crawlDelay()).isEmpty();
        assertThat(read("User-agent: *\nCrawl-delay: -5").crawlDelay()).isEmpty();
        assertThat(read("User-agent: *\nCrawl-delay: 1e300").crawlDelay()).isEmpty();
        assertThat(read("User-agent: *\nCrawl-delay: 1.0e300").crawlDelay()).contains(Duration.ofDays(365));
    }

    @Test
    void sitemapsAreNamedForEverybody() {
        assertThat(read("""
                Sitemap: http://example.org/a.xml
                User-agent: other
                Disallow: /
                sitemap: /b.xml
                Site-map: /hyphen.xml
                Sitemap: HTTP://EXAMPLE.org:80/a.xml#x
                Sitemap: ftp://example.org/c.xml
                Sitemap: http://other.org/d.xml.gz?x=y
                Sitemap:
                """).sitemaps()).extracting(CanonicalUrl::toString)
                .containsExactly("http://example.org/a.xml",
                        "http://example.org/b.xml", "http://example.org/hyphen.xml", "http://other.org/d.xml.gz?x=y");
    }

    @Test
    void patternsAndPathsMeetInOneEncoding() {
        String robots = "User-agent: *\nDisallow: /caf\u00e9\nDisallow: /%7Euser\nDisallow: /a%2Fb\nDisallow: /x<y";
        assertThat(allows(robots, "/caf%c3%a9")).isFalse();
        assertThat(allows(robots, "/caf\u00e9/x")).isFalse();
        assertThat(allows(robots, "/~user")).isFalse();
        assertThat(allows(robots, "/a%2fb")).isFalse();
        assertThat(allows(robots, "/a/b")).isTrue();
        assertThat(allows(robots, "/x%3Cy")).isFalse();
        assertThat(allows(robots, "/xy")).isTrue();
    }

    @Test
    void aDollarThatIsNotTheEndIsACharacter() {
        String robots = "User-agent: *\nDisallow: /$metadata\nDisallow: /*$id=\nDisallow: /x?a='";
        assertThat(allows(robots, "/$metadata")).isFalse();
        assertThat(allows(robots, "/items?$id=7")).isFalse();
        assertThat(allows(robots, "/x?a='b")).isFalse();
        assertThat(allows(robots, "/metadata")).isTrue();
    }

    @Test
    void aPatternThatIsCutKeepsItsEscapesWhole() {
        String robots = "User-agent: *\nDisallow: /" + "x".repeat(2_045) + "\u00e9";
        assertThat(allows(robots, "/" + "x".repeat(2_045) + "\u00e9")).isFalse();
        assertThat(allows(robots, "/" + "x".repeat(2_044))).isTrue();
    }

    @Test
    void aUserAgentThatBeginsWithADigitIsAskedAbout() {
        for (String name : new String[]{"360Spider", "360spider/2.0"}) {
            String robots = "User-agent: *\nDisallow:\n\nUser-agent: " + name + "\nDisallow: /";
            RobotsRules rules = new RobotsReader("360Spider/1.0 (+http://example.org/bot)").read(ROBOTS,
                    robots.getBytes(StandardCharsets.UTF_8));
            assertThat(rules.allows(CanonicalUrl.of("http://example.org/"))).as(name).isFalse();
        }
        assertThat(allows("User-agent: 360\nDisallow: /", "/")).isTrue();
    }

    @Test
    void urlsThatOthersCannotReadAreMatchedAllTheSame() {
        String robots = "User-agent: *\nDisallow: /search\nDisallow: /*|";
        assertThat(allows(robots, "/search?q=a|b")).isFalse();
        assertThat(allows(robots, "/search?q=[x]{y}^%zz")).isFalse();
        assertThat(allows(robots, "/other?q=[x]{y}^%zz")).isTrue();
        assertThat(allows(robots, "/other?q=a|b")).isFalse();
    }

    @Test
    void aFileInAnotherEncodingOrWrappedInHtmlIsRead() {
        String robots = "User-agent: *\r\nDisallow: /private\r";
        for (byte[] body : new byte[][]{("\ufeff" + robots).getBytes(StandardCharsets.UTF_8),
            ("\ufeff" + robots).getBytes(StandardCharsets.UTF_16LE),
            ("\ufeff" + robots).getBytes(StandardCharsets.UTF_16BE),
            ("<html><body class=x>\n<p>" + robots + "</p><br></html>").getBytes(StandardCharsets.UTF_8)}) {
            assertThat(read(body).allows(CanonicalUrl.of("http://example.org/private"))).isFalse();
            assertThat(read(body).allows(CanonicalUrl.of("http://example.org/"))).isTrue();
        }
    }

    @Test
    @Timeout(30)
    void whatIsNoRobotsTxtForbidsNothing() {
        byte[] noise = new byte[300_000];
        new Random(3).nextBytes(noise);
        assertThat(read(noise).allows(ROBOTS)).isTrue();
        assertThat(read(new byte[0]).allows(ROBOTS)).isTrue();
        assertThat(read(new byte[]{(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}).allows(ROBOTS)).isTrue();
        assertThat(read(new byte[]{(byte) 0xFF, (byte) 0xFE, 0}).allows(ROBOTS)).isTrue();
        for (String text : new String[]{"<!doctype html><html><body>404</body></html>", "x".repeat(2 << 20),
            "User-agent: *\nDisallow", ":::::\n:\n*\n\0\0", "Disallow: /", "<html>user-agent: *" + "<".repeat(1 << 20),
            "<html>user-agent: *" + "<x".repeat(1 << 19), "\n".repeat(1 << 20), "a:\n".repeat(1 << 18)}) {
            assertThat(read(text).allows(CanonicalUrl.of("http://example.org/"))).isTrue();
        }
    }

    @Test
    @Timeout(30)
    void readsHalfAMebibyteAndNoMore() {
        String filler = ("#" + "x".repeat(62) + "\n").repeat((512 << 10) / 64 - 1);
        assertThat(allows("User-agent: *\nDisallow: /early\n" + filler, "/early")).isFalse();
        assertThat(allows("User-agent: *\n" + filler + "#".repeat(64) + "\nDisallow: /late\n", "/late")).isTrue();
        assertThat(allows("User-agent: *\n" + "Disallow: /x*y\n".repeat(1 << 16), "/y")).isTrue();
    }

    /** @param kept characters of the last lines that lie before the cut */
    @ParameterizedTest
    @CsvSource({"1, LF", "10, LF", "14, LF", "19, LF", "20, LF", "21, LF", "22, LF", "20, CRLF", "21, CRLF", "22, CRLF",
        "23, CRLF", "20, CR", "21, CR", "22, CR"})
    void lineThatTheCutDividesDoesNotCount(int kept, String name) {
        String end = name.replace("CR", "\r").replace("LF", "\n");
        String begin = "User-agent: *\nDisallow: /early\n";
        String last = "Disallow: /last/page";
        String filler =
                ("#" + "x".repeat(98) + "\n").repeat(6_000).substring(0, (512 << 10) - begin.length() - kept - 1);
        RobotsRules rules = read(begin + filler + "\n" + last + end + "Disallow: /next\n");
        assertThat(rules.allows(CanonicalUrl.of("http://example.org/early"))).isFalse();
        assertThat(rules.allows(CanonicalUrl.of("http://example.org/last/page"))).isEqualTo(kept <= last.length());
        assertThat(rules.allows(CanonicalUrl.of("http://example.org/later"))).as("by a rule that was cut").isTrue();
        assertThat(rules.allows(CanonicalUrl.of("http://example.org/next"))).isTrue();
    }

    @Test
    void lastLineOfAFileThatIsNotCutCountsWithoutItsEnd() {
        String agent = "User-agent: *\n";
        String rule = "Disallow: /last";
        String filler = "#" + "x".repeat((512 << 10) - agent.length() - rule.length() - 2) + "\n";
        assertThat(allows(agent + filler + rule, "/last")).isFalse();
    }

    /** Unbounded, the rules below cost 23,890 times the path: seconds for a URL. */
    @Test
    @Timeout(60)
    void aHostileFileCostsLittleForEachUrl() {
        StringBuilder robots = new StringBuilder("User-agent: *\n");
        for (int i = 0; robots.length() < (512 << 10); i++) {
            robots.append("Disallow: *a*a*a*").append(Integer.toString(i, 36)).append("z\n");
        }
        RobotsRules rules = read(robots.toString());
        CanonicalUrl url = CanonicalUrl.of("http://example.org/" + "a".repeat(8_000) + "?x");
        assertThat(rules.allows(url)).as("the surplus is cut before its first star, and forbids all").isFalse();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 3; i++) {
            rules.allows(url);
        }
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).as("three, where one took two seconds")
                .isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void anOverlongPatternIsCutIfItDisallowsAndLeftOutIfItAllows() {
        String stars = "/a" + "*b".repeat(10);
        assertThat(allows("User-agent: *\nDisallow: " + stars + "*c", "/a" + "b".repeat(10))).isFalse();
        assertThat(allows("User-agent: *\nDisallow: " + stars, "/a" + "b".repeat(9))).isTrue();
        assertThat(allows("User-agent: *\nDisallow: /a\nAllow: " + stars, "/a" + "b".repeat(10))).isTrue();
        assertThat(allows("User-agent: *\nDisallow: /a\nAllow: " + stars + "*c", "/a" + "b".repeat(10) + "c"))
                .isFalse();
        String path = "/" + "x".repeat(2_047);
        assertThat(allows("User-agent: *\nDisallow: " + path + "y", path)).isFalse();
        assertThat(allows("User-agent: *\nDisallow: " + path, path.substring(0, 2_047))).isTrue();
    }

    @Test
    void ofTooManyRulesTheShortestCount() {
        StringBuilder robots = new StringBuilder("User-agent: *\n");
        for (int i = 0; i < RobotsPatterns.MOST_RULES; i++) {
            robots.append("Disallow: /some/").append(i).append("/\n");
        }
        assertThat(allows(robots + "Disallow: /p\n", "/p")).isFalse();
        assertThat(allows(robots + "Disallow: /p\n", "/some/17/")).isFalse();
        assertThat(allows(robots + "Disallow: /a/much/longer/one\n", "/a/much/longer/one")).isTrue();
        assertThat(allows(robots + "Disallow: /p\n", "/other")).isTrue();
    }

    @Test
    void thousandPatternsWithAStarAreKeptAsTheyAre() {
        StringBuilder robots = new StringBuilder("User-agent: *\n");
        for (int i = 0; i < 1_000; i++) {
            robots.append("Disallow: /*?sort=").append(i).append("&\n");
        }
        assertThat(allows(robots.toString(), "/list?sort=999&x")).isFalse();
        assertThat(allows(robots.toString(), "/list?sort=1000&x")).isTrue();
    }

    @Test
    void theFirstThousandSitemapsCount() {
        StringBuilder robots = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            robots.append("Sitemap: /").append(i).append(".xml\n");
        }
        assertThat(read(robots.toString()).sitemaps()).hasSize(RobotsPatterns.MOST_SITEMAPS)
                .last()
                .hasToString("http://example.org/999.xml");
    }

    @Test
    void aCrawlDelayOfZeroIsOne() {
        assertThat(read("User-agent: *\nCrawl-delay: 0").crawlDelay()).contains(Duration.ZERO);
    }

    @Test
    void anEmptyRuleIsNone() {
        assertThat(allows("User-agent: *\nAllow:\nDisallow: /a", "/a")).isFalse();
        assertThat(allows("User-agent: *\nDisallow: /a\nDisallow:\nAllow:", "/a")).isFalse();
        assertThat(allows("User-agent: *\nDisallow:\nAllow: /a", "/b")).isTrue();
    }

    @Test
    void aPatternWithTooManyStarsIsCutAtTheEleventhAndNotBefore() {
        String robots = "User-agent: *\nDisallow: /a" + "*b".repeat(10) + "*c";
        assertThat(allows(robots, "/")).isTrue();
        assertThat(allows(robots, "/a" + "b".repeat(9))).isTrue();
    }

    @Test
    void aPatternOfTheGreatestLengthIsNotCut() {
        String path = "/" + "x".repeat(2_044);
        assertThat(allows("User-agent: *\nDisallow: " + path + "\u00e9", path)).isTrue();
        assertThat(allows("User-agent: *\nDisallow: " + path + "\u00e9", path + "\u00e9")).isFalse();
    }

    @Test
    void patternsWithAStarShareARoomThatOthersDoNotUse() {
        StringBuilder plain = new StringBuilder("User-agent: *\n");
        for (int i = 1_000; i < 2_000; i++) {
            plain.append("Disallow: /").append("p".repeat(40)).append(i).append('\n');
        }
        String wild = "/" + "y".repeat(60);
        assertThat(allows(plain + "Disallow: " + wild + "*z", wild + "q")).isTrue();
        StringBuilder full = new StringBuilder("User-agent: *\n");
        for (int i = 10; i < 26; i++) {
            full.append("Disallow: /").append(i).append("w".repeat(2_044)).append("*\n");
        }
        assertThat(allows(full.toString(), "/25" + "w".repeat(2_044))).isFalse();
        String last = "/" + 25 + "w".repeat(2_042);
        String last17 = full + "Disallow: " + "/26" + "w".repeat(2_042) + "*vv";
        assertThat(allows(full.toString().replace("25" + "w".repeat(2_044) + "*", "25" + "w".repeat(2_042) + "*vv"),
                last + "u")).as("the sixteenth, which fills the room").isTrue();
        assertThat(allows(last17, "/26" + "w".repeat(2_042) + "u")).as("one more is cut before its star").isFalse();
    }
}
