package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.HostSnapshot;
import fanout.internal.host.RobotsRules;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** robots.txt is a prerequisite: it is fetched before the first page of its host, and sitemaps are found in it. */
class FrontierRobotsTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final Retries TWICE = new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1));

    @Test
    void pagesWaitForTheRobotsTxtOfTheirHost() {
        TestFrontier crawl = TestFrontier.of(obedient(A + 1, A + 2));
        Lease robots = crawl.start(A + "robots.txt");
        assertThat(crawl.frontier.snapshot().urls().ready()).isZero();
        assertThat(crawl.frontier.snapshot().urls().delayed()).isEqualTo(2);
        crawl.robots(robots, RobotsRules.ALLOW_ALL);
        crawl.start(A + 1);
        crawl.start(A + 2);
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(1, 0));
        crawl.giveBack();
    }

    @Test
    void disallowedPagesAreSkippedWhetherTheyWaitedOrCameLater() {
        TestFrontier crawl = TestFrontier.of(obedient(A + "open", A + "shut/1"));
        crawl.robots(crawl.start(), TestFrontier.disallow("/shut/"));
        crawl.ok(crawl.start(A + "open"), A + "shut/2");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + "shut/1 skipped/robots", A + "open ok",
                A + "shut/2 skipped/robots");
    }

    @Test
    void redirectsAreUnderTheRobotsTxtOfTheirTarget() {
        TestFrontier crawl = TestFrontier.of(obedient(A));
        crawl.robots(crawl.start(), RobotsRules.ALLOW_ALL);
        crawl.redirect(crawl.start(A), B + "shut");
        crawl.robots(crawl.start(B + "robots.txt"), TestFrontier.disallow("/"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + " redirected", B + "shut skipped/robots");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 501, 503, 520})
    void robotsTxtThatIsWithheldIsAskedForAgainAndThenForbidsAll(int status) {
        TestFrontier crawl = TestFrontier.of(obedient(A).retries(TWICE));
        crawl.status(crawl.start(A + "robots.txt"), status);
        crawl.status(crawl.start(A + "robots.txt"), status);
        assertThat(crawl.ticker.passed()).isPositive();
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + " skipped/robots");
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(0, 1));
    }

    static Stream<Failure> transportFailures() {
        return Stream.of(new Failure.Dns("none"), new Failure.Connection("refused"), new Failure.Tls("untrusted"),
                new Failure.TimedOut(fanout.outcome.Stage.HEADERS, Duration.ofSeconds(1)),
                new Failure.Protocol("no HTTP"), new Failure.PrivateAddress("127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource("transportFailures")
    void hostThatCannotBeReachedForItsRobotsTxtFailsItsUrlsTheSameWay(Failure failure) {
        TestFrontier crawl = TestFrontier.of(obedient(A + 1, A + 2));
        crawl.fail(crawl.start(), failure);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + "1 failed/" + failure.reason(),
                A + "2 failed/" + failure.reason());
        assertThat(crawl.outcomes).allSatisfy(outcome -> assertThat(outcome.detail().orElseThrow())
                .startsWith("robots.txt"));
        HostSnapshot host = crawl.frontier.hosts(1).getFirst();
        assertThat(host.failed()).as("both became final at the host").isEqualTo(2);
        assertThat(host.lastFailure()).isPresent();
    }

    @Test
    void robotsTxtIsFollowedThroughFiveRedirectsAcrossHosts() {
        TestFrontier crawl = TestFrontier.of(obedient(A + "shut", A + "open"));
        Lease robots = crawl.start(A + "robots.txt");
        for (int hop = 1; hop <= 5; hop++) {
            crawl.moved(robots, B + hop);
            robots = crawl.start(B + hop);
        }
        crawl.robots(robots, TestFrontier.disallow("/shut"));
        crawl.ok(crawl.start(A + "open"));
        assertThat(crawl.lines()).containsExactly(A + "shut skipped/robots", A + "open ok");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void robotsTxtBehindASixthRedirectIsTakenForNone() {
        TestFrontier crawl = TestFrontier.of(obedient(A));
        Lease robots = crawl.start();
        for (int hop = 1; hop <= 5; hop++) {
            crawl.moved(robots, B + hop);
            robots = crawl.start(B + hop);
        }
        crawl.moved(robots, B + 6);
        crawl.ok(crawl.start(A));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void crawlDelayCountsUpToItsLimit() {
        TestFrontier crawl = TestFrontier.of(obedient(A + 1, A + 2));
        crawl.robots(crawl.start(), TestFrontier.crawlDelay(Duration.ofSeconds(7)));
        crawl.start(A + 1);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(7));
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(14));

        TestFrontier other = TestFrontier.of(obedient(A + 1));
        other.robots(other.start(), TestFrontier.crawlDelay(Duration.ofDays(2)));
        other.start(A + 1);
        assertThat(other.ticker.passed()).isEqualTo(Duration.ofSeconds(30));
        crawl.giveBack();
        other.giveBack();
    }

    @Test
    void crawlDelayDoesNotShortenTheJobsOwn() {
        TestFrontier crawl = TestFrontier.of(obedient(A + 1, A + 2)
                .politeness(politeness(manners(2, Duration.ofSeconds(9)), true)));
        crawl.robots(crawl.start(), TestFrontier.crawlDelay(Duration.ofSeconds(2)));
        crawl.start(A + 1);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(9));
        crawl.giveBack();
    }

    @Test
    void failingHostsUrlsAreSkippedBeforeItsRobotsTxtIsKnown() {
        TestFrontier crawl = TestFrontier.of(obedient(A + 1, A + 2).retries(TWICE)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1)));
        crawl.fail(crawl.start(), new Failure.Connection("refused"));
        assertThat(crawl.lines()).containsExactly(A + "1 skipped/circuit_open", A + "2 skipped/circuit_open");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void hostDoesNotWaitForRulesOfAHostThatIsGivenUp() {
        TestFrontier crawl = TestFrontier.of(obedient(A, B + 1)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1)));
        Lease robots = crawl.start(A + "robots.txt");
        Lease other = crawl.start(B + "robots.txt");
        crawl.moved(robots, B + "shared.txt");
        crawl.fail(other, new Failure.Connection("refused"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + " failed/connection", B + "1 skipped/circuit_open");
    }

    @Test
    void urlOfferedToAHostThatIsKnownAlreadyIsDecidedLikeAnyOther() {
        TestFrontier crawl = TestFrontier.open(obedient(A), ManualTicker.jumping());
        crawl.robots(crawl.start(), TestFrontier.disallow("/shut"));
        Lease page = crawl.start(A);
        assertThat(crawl.source().offer(TestFrontier.request(A + "shut"))).isTrue();
        crawl.source().close();
        crawl.ok(page);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        crawl.frontier.leftovers(CancelReason.DEADLINE).ifPresent(step -> crawl.outcomes.addAll(step.outcomes()));
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + " ok", A + "shut skipped/robots");
    }

    @Test
    void sitemapsAreReadOnceIndexesAndCyclesIncluded() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(A + "index.xml")));
        Lease index = crawl.start(A + "index.xml");
        crawl.finish(index, sitemap(List.of(), A + "one.xml", A + "two.xml", A + "index.xml"));
        crawl.finish(crawl.start(A + "one.xml"), sitemap(List.of(A + 1, A, B + 1), A + "index.xml", A + "two.xml"));
        Lease moved = crawl.start(A + "two.xml");
        crawl.moved(moved, A + "one.xml");
        crawl.ok(crawl.start(A));
        crawl.ok(crawl.start(A + 1));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).as("two.xml is one.xml")
                .isEqualTo(new Sitemaps(3, 0, List.of()));
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(1);
        assertThat(crawl.frontier.snapshot().links().duplicates()).isEqualTo(1);
    }

    @Test
    void sitemapsThatRobotsTxtNamesAreReadOnlyIfTheJobWantsThem() {
        RobotsRules rules = new RobotsRules(List.of(), Optional.empty(), List.of(CanonicalUrl.of(A + "map.xml")));
        TestFrontier wanted = TestFrontier.of(obedient(A).sitemapsFromRobots(true));
        wanted.robots(wanted.start(), rules);
        wanted.start(A + "map.xml");
        wanted.start(A);

        TestFrontier unwanted = TestFrontier.of(obedient(A));
        unwanted.robots(unwanted.start(), rules);
        unwanted.ok(unwanted.start(A));
        assertThat(unwanted.end()).isEqualTo("EXHAUSTED");
        wanted.giveBack();
    }

    @Test
    void robotsTxtIsReadForItsSitemapsEvenIfItsRulesAreNotObeyed() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemapsFromRobots(true));
        crawl.robots(crawl.start(A + "robots.txt"),
                new RobotsRules(List.of(new RobotsRules.Rule("/", false)), Optional.of(Duration.ofSeconds(9)),
                        List.of(CanonicalUrl.of(A + "map.xml"))));
        crawl.start(A + "map.xml");
        crawl.ok(crawl.start(A));
        assertThat(crawl.ticker.passed()).isZero();
        crawl.giveBack();
    }

    @Test
    void robotsTxtThatIsNotObeyedAndNotFoundCountsAsFailed() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemapsFromRobots(true));
        crawl.fail(crawl.start(A + "robots.txt"), new Failure.Connection("refused"));
        crawl.ok(crawl.start(A));
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(0, 1));
    }

    @Test
    void sitemapsOfAHostThatMayNotBeAskedAreCountedAsFailed() {
        TestFrontier crawl = TestFrontier.of(obedient(A).sitemap(CanonicalUrl.of(A + "map.xml")));
        crawl.fail(crawl.start(A + "robots.txt"), new Failure.Dns("none"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(0, 1,
                List.of(new FailedSitemap(A + "map.xml", Reason.DNS, "robots.txt: none"))));
    }

    @Test
    void sitemapsThatFailAreNamedWithTheirReason() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(A + "map.xml"))
                .sitemap(CanonicalUrl.of(A + "circle.xml"))
                .sitemap(CanonicalUrl.of(A + "cut.xml")));
        crawl.finish(crawl.start(A + "map.xml"),
                new LeaseResult.Missed(new Failure.HttpStatus(404), TestFrontier.status(404)));
        crawl.finish(crawl.start(A + "cut.xml"), new SitemapFound(List.of(CanonicalUrl.of(A + 1)), List.of(), 0,
                Optional.of(new Failure.Parse("read in part")), TestFrontier.status(200)));
        crawl.moved(crawl.start(A + "circle.xml"), A + "circle.xml");
        crawl.ok(crawl.start(A));
        crawl.ok(crawl.start(A + 1));
        Sitemaps sitemaps = crawl.frontier.snapshot().sitemaps();
        assertThat(sitemaps.ok()).isZero();
        assertThat(sitemaps.failed()).isEqualTo(3);
        assertThat(sitemaps.failures()).extracting(FailedSitemap::url, FailedSitemap::reason)
                .containsExactly(tuple(A + "map.xml", Reason.HTTP_STATUS), tuple(A + "cut.xml", Reason.PARSE),
                        tuple(A + "circle.xml", Reason.BAD_REDIRECT));
    }

    @Test
    void noMoreThanTwentySitemapsAreNamed() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(A + "index.xml")));
        crawl.finish(crawl.start(A + "index.xml"), sitemap(List.of(),
                IntStream.range(0, 25).mapToObj(i -> A + i + ".xml").toArray(String[]::new)));
        for (int i = 0; i < 25; i++) {
            crawl.finish(crawl.start(),
                    new LeaseResult.Missed(new Failure.HttpStatus(404), TestFrontier.status(404)));
        }
        assertThat(crawl.frontier.snapshot().sitemaps().failed()).isEqualTo(25);
        assertThat(crawl.frontier.snapshot().sitemaps().failures()).hasSize(20);
        crawl.giveBack();
    }

    private static SitemapFound sitemap(List<String> pages, String... sitemaps) {
        return new SitemapFound(pages.stream().map(CanonicalUrl::of).toList(),
                Stream.of(sitemaps).map(CanonicalUrl::of).toList(), 0, Optional.empty(), TestFrontier.status(200));
    }

    private static CrawlJob.Builder obedient(String... startUrls) {
        Politeness politeness = politeness(TestFrontier.NO_DELAY, true);
        return plain(startUrls).politeness(politeness);
    }

    @Test
    void disallowedPagesCostTheirHostNoDelay() {
        CrawlJob.Builder job = TestFrontier.plain(A + 1, A + "shut/1", A + "shut/2", A + 2)
                .politeness(TestFrontier.politeness(TestFrontier.manners(1, Duration.ofSeconds(10)), true));
        TestFrontier crawl = TestFrontier.of(job);
        crawl.robots(crawl.start(), TestFrontier.disallow("/shut/"));
        crawl.ok(crawl.start(A + 1));
        crawl.ok(crawl.start(A + 2));
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(20));
        assertThat(crawl.lines()).hasSize(4);
    }

    @Test
    void norDoTheyCostOneOfTheRequestsThatASecondHas() {
        TestFrontier crawl = TestFrontier.of(TestFrontier.plain(A + "shut/1", B + 1)
                .politeness(new Politeness(TestFrontier.NO_DELAY, Duration.ofMinutes(5), true, true,
                        Duration.ofSeconds(30), 1, Map.of())));
        Lease robots = crawl.start(A + "robots.txt");
        Lease other = crawl.start(B + "robots.txt");
        crawl.robots(robots, TestFrontier.disallow("/shut/"));
        crawl.robots(other, RobotsRules.ALLOW_ALL);
        crawl.ok(crawl.start(B + 1));
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + "shut/1 skipped/robots", B + "1 ok");
    }
}
