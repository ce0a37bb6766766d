package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.NO_DELAY;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.RobotsRules;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted when a second attempt is made, and when a lease ends without an answer. */
@Timeout(10)
class FrontierCountsTest {

    private static final String A = "http://a.example.org/";
    private static final String ROBOTS = A + "robots.txt";
    private static final String SITEMAP = A + "map.xml";
    private static final Retries TWICE = new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static CrawlJob.Builder job() {
        return plain(A).retries(TWICE)
                .sitemap(CanonicalUrl.of(SITEMAP))
                .politeness(politeness(NO_DELAY, true));
    }

    private static long retries(TestFrontier crawl) {
        return crawl.frontier.snapshot().retries();
    }

    /** It counts when it is made: one that waits may never be. */
    @Test
    void everyKindOfSecondAttemptIsARetry() {
        TestFrontier crawl = TestFrontier.of(job());
        crawl.status(crawl.start(ROBOTS), 503);
        assertThat(retries(crawl)).as("robots.txt, not yet asked for again").isZero();
        crawl.robots(crawl.start(ROBOTS), RobotsRules.ALLOW_ALL);
        assertThat(retries(crawl)).as("robots.txt").isOne();
        crawl.status(crawl.start(SITEMAP), 503);
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        assertThat(retries(crawl)).isOne();
        crawl.status(crawl.start(A), 503);
        assertThat(retries(crawl)).as("a page whose connection was stale").isEqualTo(2);
        crawl.status(crawl.start(SITEMAP), 503);
        assertThat(retries(crawl)).as("a sitemap").isEqualTo(3);
        crawl.status(crawl.start(A), 503);
        assertThat(retries(crawl)).as("a page").isEqualTo(4);

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(1, 0));
        assertThat(crawl.frontier.snapshot().sitemaps().failed()).isOne();
    }

    /** A stale connection is no attempt of its own, and forgets none that were made before. */
    @Test
    void staleConnectionLeavesTheNumberOfAttemptsAsItWas() {
        TestFrontier crawl = TestFrontier.of(plain(A).retries(TWICE));
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        crawl.status(crawl.start(A), 503);
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        crawl.status(crawl.start(A), 503);

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + " failed/http_status");
        assertThat(crawl.outcomes.getFirst().trail().attempts()).isEqualTo(2);
    }

    @Test
    void elevenStaleConnectionsInARowAreTheHostsFault() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        for (int i = 0; i < 10; i++) {
            crawl.fail(crawl.start(A), new Failure.StaleConnection());
        }
        assertThat(crawl.lines()).isEmpty();
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        assertThat(crawl.lines()).hasSize(1);
        assertThat(crawl.frontier.snapshot().retries()).isEqualTo(10);
    }

    @Test
    void everyDeadlineIsCountedOnceInItsStage() {
        TestFrontier crawl = TestFrontier.of(job());
        crawl.fail(crawl.start(ROBOTS), timedOut(Stage.DNS));
        crawl.robots(crawl.start(ROBOTS), RobotsRules.ALLOW_ALL);
        crawl.fail(crawl.start(SITEMAP), timedOut(Stage.BODY));
        crawl.fail(crawl.start(A), timedOut(Stage.HEADERS));
        crawl.fail(crawl.start(SITEMAP), timedOut(Stage.BODY));
        crawl.fail(crawl.start(A), timedOut(Stage.CONNECT));

        assertThat(crawl.frontier.snapshot().deadlineExceeded())
                .isEqualTo(Map.of(Stage.DNS, 1L, Stage.BODY, 2L, Stage.HEADERS, 1L, Stage.CONNECT, 1L));
        assertThat(crawl.frontier.snapshot().retries()).as("of each of the three").isEqualTo(3);
    }

    private static Failure timedOut(Stage stage) {
        return new Failure.TimedOut(stage, Duration.ofSeconds(1));
    }

    @Test
    void whatTheEndOfTheCrawlCutsOffHasFailed() {
        TestFrontier crawl = TestFrontier.of(job());
        crawl.finish(crawl.start(ROBOTS), new LeaseResult.GivenUp(HostFeedback.NONE));
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(0, 1));
        crawl.giveBack();

        TestFrontier reading = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(SITEMAP)));
        reading.finish(reading.start(SITEMAP), new LeaseResult.GivenUp(HostFeedback.NONE));
        assertThat(reading.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(0, 1,
                List.of(new FailedSitemap(SITEMAP, Reason.DEADLINE, "the crawl ended"))));
    }

    @Test
    void sitemapWhoseWorkerFailsHasFailed() {
        TestFrontier crawl = TestFrontier.of(plain(A).sitemap(CanonicalUrl.of(SITEMAP)));
        crawl.start(SITEMAP).close();
        assertThat(crawl.frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(0, 1,
                List.of(new FailedSitemap(SITEMAP, Reason.ABORTED, "its worker failed"))));
    }
}
