package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Answers;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.outcome.Failed;
import fanout.outcome.Skipped;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Auxiliary;
import fanout.synthetic.Exchange;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What robots.txt does to a whole crawl, by what arrives at the hosts. */
class RobotsTest {

    private static final int PAGES = 10;

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        scraper.close();
    }

    private CrawlReport crawl(SyntheticWeb web) throws InterruptedException {
        return crawl(web, Jobs.impatient(web).build());
    }

    private CrawlReport crawl(SyntheticWeb web, CrawlJob job) throws InterruptedException {
        CrawlReport report = Crawls.run(scraper, job, recorded, web);
        recorded.agreesWith(report);
        return report;
    }

    private static SyntheticWeb web(Robots robots) {
        return SyntheticWeb.builder().hosts(2).pagesPerHost(PAGES).robots(robots).start();
    }

    private static long robotsArrivals(SyntheticWeb web, int host) {
        return web.arrivals(web.hostOf(host)).stream().filter(arrival -> arrival.path().equals("/robots.txt")).count();
    }

    @Test
    void disallowedPagesAreSkippedAndNeverAskedFor() throws InterruptedException {
        try (SyntheticWeb web = web(Robots.disallow("/page/3", "/page/4"))) {
            CrawlReport report = crawl(web);

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 16L), Map.entry("skipped/robots", 4L));
            assertThat(web.arrivals()).extracting("path").doesNotContain("/page/3.html", "/page/4.html");
            assertThat(report.fetching().robots()).isEqualTo(new Auxiliary(2, 0));
        }
    }

    /** The rule would be {@code /page/3} cut to {@code /p}. */
    @Test
    void robotsTxtThatIsCutIsReadToItsLastWholeLineAndReported() throws InterruptedException {
        String rules = "User-agent: *\nDisallow: /page/4\n";
        String filler = "#" + "x".repeat((512 << 10) - rules.length() - "Disallow: /p".length() - 2) + "\n";
        Robots whole = new Robots(200, rules + filler, Duration.ZERO, List.of("/page/4"));
        Robots cut = new Robots(200, rules + filler + "Disallow: /page/3\n", Duration.ZERO, List.of("/page/4"));

        assertThat(logOf(whole)).doesNotContain("robots.txt");
        assertThat(recorded.counts()).containsOnly(Map.entry("ok", 18L), Map.entry("skipped/robots", 2L));
        assertThat(logOf(cut)).contains("/robots.txt is longer than 512 KiB");
        assertThat(recorded.counts()).containsOnly(Map.entry("ok", 36L), Map.entry("skipped/robots", 4L));
    }

    private String logOf(Robots robots) throws InterruptedException {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (SyntheticWeb web = web(robots)) {
            Crawls.run(scraper, Jobs.impatient(web).build(), recorded, web);
        } finally {
            System.setErr(console);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void robotsTxtIsAskedForOnceAndBeforeAnythingElse() throws InterruptedException {
        try (SyntheticWeb web = web(Robots.allowAll().after(Duration.ofMillis(100)))) {
            crawl(web);

            for (int host = 0; host < 2; host++) {
                assertThat(robotsArrivals(web, host)).isEqualTo(1);
                assertThat(web.arrivals(web.hostOf(host)).getFirst().path()).isEqualTo("/robots.txt");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void robotsTxtThatIsNotThereAllowsAll(int status) throws InterruptedException {
        try (SyntheticWeb web = web(Robots.failing(status))) {
            crawl(web);

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 2L * PAGES));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void robotsTxtThatIsWithheldIsTriedAgainAndThenNothingIsAllowed(int status) throws InterruptedException {
        try (SyntheticWeb web = web(Robots.failing(status))) {
            CrawlReport report = crawl(web);

            assertThat(recorded.counts()).containsOnly(Map.entry("skipped/robots", 2L));
            assertThat(((Skipped) recorded.only(web.urlOf(0, 0))).detail().orElseThrow())
                    .isEqualTo("robots.txt: HTTP status " + status);
            assertThat(robotsArrivals(web, 0)).isEqualTo(Jobs.QUICK.maxAttempts());
            assertThat(web.arrivalCount()).isEqualTo(2L * Jobs.QUICK.maxAttempts());
            assertThat(report.fetching().robots()).isEqualTo(new Auxiliary(0, 2));
        }
    }

    @Test
    void hostThatDropsItsRobotsTxtFailsItsUrls() throws InterruptedException {
        try (SyntheticWeb web = web(Robots.allowAll())) {
            web.on("/robots.txt", Exchange::reset);

            crawl(web);

            assertThat(recorded.counts()).containsOnly(Map.entry("failed/connection", 2L));
            assertThat(((Failed) recorded.only(web.urlOf(0, 0))).failure().detail()).startsWith("robots.txt: ");
        }
    }

    @Test
    void robotsTxtMayLiveOnAnotherHost() throws InterruptedException {
        try (SyntheticWeb web = web(Robots.allowAll())) {
            web.on("/robots.txt", Answers.redirect(web.urlOf(1, "/rules.txt")))
                    .on("/rules.txt", Answers.text(200, "User-agent: *\nDisallow: /page/3\n"));

            crawl(web, Jobs.impatient(web.urlOf(0, 0)).build());

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 9L), Map.entry("skipped/robots", 1L));
            assertThat(web.arrivals(web.hostOf(1))).extracting("path").containsExactly("/rules.txt");
        }
    }

    @Test
    void robotsTxtThatMovesForEverAllowsAll() throws InterruptedException {
        try (SyntheticWeb web = web(Robots.allowAll())) {
            web.on("/robots.txt", Answers.redirect("/robots.txt"));

            crawl(web);

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 2L * PAGES));
            assertThat(robotsArrivals(web, 0)).as("one, and five redirects").isEqualTo(6);
        }
    }

    @Test
    void nofollowIsObeyedInLinksPagesAndHeaders() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start()) {
            web.on("/",
                    Answers.html("<a href=/no rel='noopener NoFollow'>x</a><a href=/meta>x</a><a href=/header>x</a>"))
                    .on("/meta", Answers.html("<meta name=robots content='noindex, nofollow'><a href=/no2>x</a>"))
                    .on("/header", exchange -> exchange.respond(200,
                            Map.of("Content-Type", "text/html", "X-Robots-Tag", "nofollow"),
                            "<a href=/no3>x</a>".getBytes(StandardCharsets.UTF_8)));

            CrawlReport report = crawl(web, Jobs.impatient(web.urlOf(0, "/")).build());

            assertThat(recorded.urls("ok")).containsExactlyInAnyOrder(web.urlOf(0, "/"), web.urlOf(0, "/meta"),
                    web.urlOf(0, "/header"));
            assertThat(report.links().dropped()).isEqualTo(3);
        }
    }

    @Test
    void cookiesStayInTheirCrawl() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start()) {
            web.on("/", exchange -> exchange.respond(200, Map.of("Content-Type", "text/html", "Set-Cookie", "a=1"),
                    "<a href=/next>next</a>".getBytes(StandardCharsets.UTF_8)))
                    .on("/next", exchange -> exchange.respond(exchange.header("Cookie").isPresent() ? 200 : 404,
                            "text/html", ""));
            CrawlJob job = Jobs.impatient(web.urlOf(0, "/")).build();
            crawl(web, job);
            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 2L));

            // The same scraper, another crawl: it begins without the cookie, and asks for /next only.
            Recorded second = new Recorded();
            Crawls.run(scraper, Jobs.impatient(web.urlOf(0, "/next")).build(), second, web);
            assertThat(second.counts()).containsOnly(Map.entry("failed/http_status", 1L));
        }
    }
}
