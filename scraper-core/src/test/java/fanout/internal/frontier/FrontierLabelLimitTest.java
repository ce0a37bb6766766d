package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Part;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A label has as many pages as it may, at all hosts together, and what has another label passes by. */
class FrontierLabelLimitTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final Retries ONE_RETRY = new Retries(2, Duration.ofSeconds(9), Duration.ofSeconds(9));

    private static CrawlJob.Builder job(Map<String, Long> limits) {
        return plain(A).limits(Limits.DEFAULT.toBuilder().maxPagesPerLabel(limits).build());
    }

    /** A crawl that has had its start page; each page is the label and a number, as in {@code x1}. */
    private static TestFrontier crawl(Map<String, Long> limits, String... pages) {
        return crawl(job(limits), ManualTicker.stopped(), pages);
    }

    private static TestFrontier crawl(CrawlJob.Builder job, ManualTicker ticker, String... pages) {
        TestFrontier crawl = TestFrontier.open(job, ticker);
        crawl.ok(crawl.start(A));
        for (String page : pages) {
            offer(crawl, A + page, page.substring(0, 1), 0);
        }
        crawl.source().close();
        return crawl;
    }

    private static void offer(TestFrontier crawl, String url, String label, int priority) {
        crawl.source().offer(Request.to(CanonicalUrl.of(url)).label(label).priority(priority).build());
    }

    private static void takeAll(TestFrontier crawl, String... pages) {
        for (String page : pages) {
            crawl.ok(crawl.start(A + page));
        }
    }

    private static List<Outcome> leftovers(TestFrontier crawl) {
        List<Outcome> left = new ArrayList<>();
        for (Optional<Step> step = crawl.frontier.leftovers(CancelReason.INTERRUPTED); step.isPresent(); step =
                crawl.frontier.leftovers(CancelReason.INTERRUPTED)) {
            assertThat(step.get().isProvisional()).as("taken back by a resume: %s", step.get()).isTrue();
            left.addAll(step.get().outcomes());
        }
        return left;
    }

    private static void endsCut(TestFrontier crawl, String... pages) {
        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        List<String> expected = new ArrayList<>();
        for (String page : pages) {
            expected.add(A + page + " skipped/budget");
        }
        assertThat(leftovers(crawl).stream().map(TestFrontier::line)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void restOfALabelWaitsAndWhatIsBehindItPasses() {
        TestFrontier crawl = crawl(Map.of("x", 2L), "x1", "x2", "x3", "y1", "x4", "z1");
        takeAll(crawl, "x1", "x2", "y1", "z1");

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        List<Outcome> left = leftovers(crawl);
        assertThat(left.stream().map(TestFrontier::line)).containsExactlyInAnyOrder(A + "x3 skipped/budget",
                A + "x4 skipped/budget");
        assertThat(left).extracting(Outcome::detail)
                .containsOnly(Optional.of("limits.maxPagesPerLabel.x: 2 pages"));
        assertThat(crawl.frontier.snapshot().cut()).isEqualTo(new Cut(0, List.of(), List.of(new Part("x", 2, 2))));
    }

    @Test
    void labelThatHasJustAsManyPagesAsItMayIsNotCut() {
        TestFrontier crawl = crawl(Map.of("x", 2L), "x1", "x2", "y1");
        takeAll(crawl, "x1", "x2", "y1");

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().cut()).isEqualTo(Cut.NONE);
    }

    @Test
    void pageInFlightHoldsTheLastShareUntilItIsKnown() {
        TestFrontier crawl = crawl(Map.of("x", 1L), "x1", "x2", "y1", "x3", "y2");
        Lease first = crawl.start(A + "x1");
        takeAll(crawl, "y1");
        crawl.status(first, 404);
        Lease second = crawl.start(A + "x2");
        takeAll(crawl, "y2");
        assertThat(crawl.hasLease()).as("it may be ok").isFalse();
        crawl.ok(second);

        endsCut(crawl, "x3");
    }

    @Test
    void pageThatWasSetAsideGoesBeforeThoseThatWereFoundLater() {
        TestFrontier crawl = crawl(Map.of("x", 1L, "y", 1L), "x1", "y1", "y2", "x2", "y3", "z1", "z2");
        Lease x = crawl.start(A + "x1");
        Lease y = crawl.start(A + "y1");
        takeAll(crawl, "z1");
        crawl.status(x, 404);
        crawl.status(y, 404);
        takeAll(crawl, "y2", "x2", "z2");

        endsCut(crawl, "y3");
    }

    @Test
    void higherPriorityGoesFirstWhereverItWaits() {
        TestFrontier crawl = TestFrontier.open(job(Map.of("x", 1L)), ManualTicker.jumping());
        crawl.ok(crawl.start(A));
        offer(crawl, A + "x1", "x", 9);
        offer(crawl, A + "x2", "x", 0);
        offer(crawl, A + "x3", "x", 2);
        offer(crawl, A + "y1", "y", 1);
        offer(crawl, A + "y0", "y", 0);
        offer(crawl, A + "y3", "y", 3);
        Lease first = crawl.start(A + "x1");
        takeAll(crawl, "y3", "y1", "y0");
        offer(crawl, A + "z2", "z", 5);
        offer(crawl, A + "z1", "z", 1);
        crawl.source().close();
        crawl.status(first, 404);
        takeAll(crawl, "z2", "x3", "z1");

        endsCut(crawl, "x2");
    }

    @Test
    void labelCountsAtAllHostsTogether() {
        TestFrontier crawl = TestFrontier.open(job(Map.of("x", 2L)), ManualTicker.stopped());
        crawl.ok(crawl.start(A));
        for (String host : List.of(A, B)) {
            for (int page = 1; page <= 3; page++) {
                offer(crawl, host + page, "x", 0);
            }
        }
        crawl.source().close();
        Lease first = crawl.start(A + 1);
        crawl.ok(crawl.start(B + 1));
        assertThat(crawl.hasLease()).isFalse();
        crawl.ok(first);

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(4);
        assertThat(crawl.frontier.snapshot().cut().labels()).containsExactly(new Part("x", 2, 4));
    }

    @Test
    void repetitionOfALabelThatIsSpentIsLeftAsItIs() {
        TestFrontier crawl = crawl(job(Map.of("x", 1L)).retries(ONE_RETRY), ManualTicker.jumping(), "x1", "x2", "x3");
        crawl.fail(crawl.start(A + "x1"), new Failure.Connection("refused"));
        crawl.ok(crawl.start(A + "x2"));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl).stream().map(TestFrontier::line)).containsExactlyInAnyOrder(
                A + "x1 failed/connection", A + "x3 skipped/budget");
    }

    @Test
    void repetitionThatWasSetAsideGoesBeforeItsEquals() {
        TestFrontier crawl =
                crawl(job(Map.of("x", 1L)).retries(ONE_RETRY), ManualTicker.jumping(), "x1", "x2", "x3", "y1");
        crawl.fail(crawl.start(A + "x1"), new Failure.Connection("refused"));
        Lease second = crawl.start(A + "x2");
        crawl.ticker.advance(Duration.ofMinutes(1));
        takeAll(crawl, "y1");
        crawl.status(second, 404);
        takeAll(crawl, "x1");

        endsCut(crawl, "x3");
    }

    @Test
    void hostOfWhichOnlyCutPagesAreLeftIsNotAskedForRobots() {
        TestFrontier crawl = TestFrontier.open(job(Map.of("x", 1L))
                .politeness(TestFrontier.politeness(TestFrontier.NO_DELAY, true)), ManualTicker.jumping());
        crawl.robots(crawl.start(A + "robots.txt"), TestFrontier.disallow("/none"));
        crawl.ok(crawl.start(A));
        offer(crawl, A + 1, "x", 0);
        crawl.ok(crawl.start(A + 1));
        offer(crawl, B + 1, "x", 0);
        crawl.source().close();

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(1);
    }

    /** A host with its delay ahead, of which only pages wait that will not be asked for, holds up no end. */
    @Test
    void crawlEndsWithoutWaitingForADelay() {
        CrawlJob.Builder job = job(Map.of("x", 1L))
                .politeness(TestFrontier.politeness(TestFrontier.manners(1, Duration.ofMinutes(9)), false));
        TestFrontier crawl = TestFrontier.open(job, ManualTicker.jumping());
        for (int page = 1; page <= 3; page++) {
            offer(crawl, A + page, "x", 0);
            offer(crawl, B + page, "x", 0);
        }
        crawl.source().close();
        crawl.ok(crawl.start(A));
        crawl.ok(crawl.start(B + 1));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(5);
    }

    @Test
    void thousandsOfPagesAreSetAsideForOneBehindThem() {
        TestFrontier crawl = TestFrontier.open(job(Map.of("x", 1L)), ManualTicker.jumping());
        crawl.ok(crawl.start(A));
        for (int page = 0; page < 5_000; page++) {
            offer(crawl, A + "x" + page, "x", 0);
        }
        offer(crawl, A + "y", "y", 0);
        crawl.source().close();
        Lease first = crawl.start(A + "x0");
        takeAll(crawl, "y");
        crawl.status(first, 404);
        takeAll(crawl, "x1");

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(4_998);
        assertThat(crawl.frontier.snapshot().urls().delayed()).isZero();
    }

    @Test
    void thousandsOfHostsHearThatALabelIsSpent() {
        TestFrontier crawl = TestFrontier.open(job(Map.of("x", 1L)), ManualTicker.jumping());
        crawl.ok(crawl.start(A));
        for (int host = 0; host < 3_000; host++) {
            offer(crawl, "http://h" + host + ".example.org/", "x", 0);
        }
        crawl.source().close();
        crawl.ok(crawl.start());

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(2_999);
    }

    @Test
    void pageIsCountedForItsHostIfBothAreSpent() {
        CrawlJob.Builder job = plain(A).limits(Limits.DEFAULT.toBuilder()
                .maxPagesPerHost(2)
                .maxPagesPerLabel(Map.of("x", 1L))
                .build());
        TestFrontier crawl = crawl(job, ManualTicker.stopped(), "x1", "x2", "y1");
        takeAll(crawl, "x1");

        endsCut(crawl, "x2", "y1");
        assertThat(crawl.frontier.snapshot().cut()).isEqualTo(
                new Cut(1, List.of(new Part("a.example.org:80", 2, 2)), List.of()));
    }

    @Test
    void memoryOfPagesThatWereSetAsideIsGivenBack() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, 40_000);
        for (int round = 0; round < 20; round++) {
            TestFrontier crawl = TestFrontier.open(job(Map.of("x", 1L)), ManualTicker.jumping(), group);
            crawl.ok(crawl.start(A));
            for (int page = 0; page < 200; page++) {
                offer(crawl, A + "x" + page, "x", page % 3);
            }
            offer(crawl, A + "y", "y", -1);
            crawl.source().close();
            Lease first = crawl.start(A + "x2");
            takeAll(crawl, "y");
            crawl.ok(first);
            assertThat(crawl.end()).as("round %d", round).isEqualTo("MAX_PAGES");
            assertThat(leftovers(crawl)).hasSize(199);
        }
    }
}
