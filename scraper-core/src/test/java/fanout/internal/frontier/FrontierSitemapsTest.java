package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static fanout.internal.frontier.TestFrontier.status;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.RobotsRules;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Change;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which sitemaps are read, how far they are followed, and what is told of them to a crawl that goes on later. */
class FrontierSitemapsTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final CircuitBreaking GIVES_UP_AT_ONCE = new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1);

    private static CrawlJob.Builder of(String... sitemaps) {
        CrawlJob.Builder job = plain();
        Stream.of(sitemaps).map(CanonicalUrl::of).forEach(job::sitemap);
        return job;
    }

    private static SitemapFound found(List<String> pages, String... sitemaps) {
        return new SitemapFound(pages.stream().map(CanonicalUrl::of).toList(),
                Stream.of(sitemaps).map(CanonicalUrl::of).toList(), 0, Optional.empty(), status(200));
    }

    private static Change begins(String url) {
        return new Change.SitemapFound(CanonicalUrl.of(url));
    }

    private static Change ends(String url) {
        return new Change.SitemapEnded(CanonicalUrl.of(url), Optional.empty(), "");
    }

    private static Limits maxRedirects(int most) {
        return Limits.DEFAULT.toBuilder().maxRedirects(most).build();
    }

    @Test
    void aSitemapIsReadBehindAsManyRedirectsAsAPage() {
        TestFrontier crawl = TestFrontier.of(of(A + 0).limits(maxRedirects(2)));
        crawl.moved(crawl.start(A + 0), A + 1);
        crawl.moved(crawl.start(A + 1), A + 2);
        crawl.finish(crawl.start(A + 2), found(List.of()));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(1, 0, List.of()));
    }

    @Test
    void aSitemapBehindOneRedirectMoreHasFailed() {
        TestFrontier crawl = TestFrontier.of(of(A + 0).limits(maxRedirects(2)));
        crawl.moved(crawl.start(A + 0), A + 1);
        crawl.moved(crawl.start(A + 1), A + 2);
        crawl.moved(crawl.start(A + 2), A + 3);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        Failure tooMany = new Failure.TooManyRedirects(2);
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(
                new Sitemaps(0, 1, List.of(new FailedSitemap(A + 2, tooMany.reason(), tooMany.detail()))));
    }

    @Test
    void whatBecomesOfSitemapsIsToldInItsOrder() {
        TestFrontier crawl = TestFrontier.of(of(A + "index", A + "broken"));
        crawl.finish(crawl.start(A + "index"), found(List.of(), A + "old"));
        crawl.fail(crawl.start(A + "broken"), new Failure.HttpStatus(404));
        crawl.moved(crawl.start(A + "old"), A + "new");
        crawl.finish(crawl.start(A + "new"), found(List.of(A)));
        crawl.ok(crawl.start());
        assertThat(crawl.changes).containsExactly(begins(A + "index"), begins(A + "broken"), ends(A + "index"),
                begins(A + "old"),
                new Change.SitemapEnded(CanonicalUrl.of(A + "broken"), Optional.of(Reason.HTTP_STATUS),
                        new Failure.HttpStatus(404).detail()),
                begins(A + "new"), ends(A + "old"), ends(A + "new"));
    }

    @Test
    void aSitemapMayBeAsLongAsAnyUrl() {
        String longest = A + "12345";
        TestFrontier crawl = TestFrontier.of(of(A + "index")
                .limits(Limits.DEFAULT.toBuilder().maxUrlLength(longest.length()).build()));
        crawl.finish(crawl.start(), found(List.of(), longest, longest + "6"));
        crawl.finish(crawl.start(longest), found(List.of()));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void soMayARobotsTxtThatMoved() {
        String longest = B + "1234567890";
        TestFrontier crawl = TestFrontier.of(plain(A).politeness(politeness(TestFrontier.NO_DELAY, true))
                .limits(Limits.DEFAULT.toBuilder().maxUrlLength(longest.length()).build()));
        crawl.moved(crawl.start(A + "robots.txt"), longest);
        crawl.moved(crawl.start(longest), longest + "1");
        crawl.ok(crawl.start(A));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().robots()).as("taken for none").isEqualTo(new Auxiliary(1, 0));
    }

    @Test
    void anIndexNamesSitemapsOfItsOwnHostAndOfHostsInScope() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(B + "index")));
        crawl.finish(crawl.start(B + "index"),
                found(List.of(), B + "own", A + "inScope", "http://c.example.org/other"));
        for (String url : List.of(A + "inScope", B + "own")) {
            crawl.finish(crawl.start(url), found(List.of()));
        }
        crawl.ok(crawl.start(A));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(1);
    }

    @Test
    void sitemapsThatWaitAtAHostThatIsGivenUpHaveFailed() {
        TestFrontier crawl = TestFrontier.of(of(A + 1, A + 2).circuitBreaker(GIVES_UP_AT_ONCE));
        crawl.fail(crawl.start(A + 1), new Failure.Connection("refused"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(0, 2,
                List.of(new FailedSitemap(A + 1, Reason.CONNECTION, "refused"),
                        new FailedSitemap(A + 2, Reason.CIRCUIT_OPEN, "the host kept failing"))));
    }

    @Test
    void aSitemapThatIsFoundAtAHostThatIsGivenUpHasFailed() {
        TestFrontier crawl = TestFrontier.of(plain(B).sitemap(CanonicalUrl.of(A + "index"))
                .circuitBreaker(GIVES_UP_AT_ONCE));
        Lease index = crawl.start(A + "index");
        crawl.fail(crawl.start(B), new Failure.Connection("refused"));
        crawl.finish(index, found(List.of(), B + "late"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(1, 1,
                List.of(new FailedSitemap(B + "late", Reason.CIRCUIT_OPEN, "the host kept failing"))));
    }

    @Test
    void aSitemapThatIsFoundAtAHostThatWithheldItsRobotsTxtHasFailed() {
        TestFrontier crawl = TestFrontier.of(plain(B).sitemap(CanonicalUrl.of(A + "index"))
                .politeness(politeness(TestFrontier.NO_DELAY, true)));
        crawl.robots(crawl.start(A + "robots.txt"), RobotsRules.ALLOW_ALL);
        crawl.fail(crawl.start(B + "robots.txt"), new Failure.HttpStatus(503));
        crawl.finish(crawl.start(A + "index"), found(List.of(), B + "late"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(1, 1,
                List.of(new FailedSitemap(B + "late", Reason.ROBOTS, "its host's robots.txt could not be read"))));
    }

    @Test
    void aRobotsTxtThatMovesToAHostThatIsGivenUpIsMissed() {
        TestFrontier crawl = TestFrontier.of(plain(A, B + 1).politeness(politeness(TestFrontier.NO_DELAY, true))
                .circuitBreaker(GIVES_UP_AT_ONCE));
        Lease robots = crawl.start(A + "robots.txt");
        crawl.fail(crawl.start(B + "robots.txt"), new Failure.Connection("refused"));
        crawl.moved(robots, B + "shared.txt");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + " failed/connection", B + "1 skipped/circuit_open");
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(0, 2));
    }
}
