package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static fanout.internal.frontier.TestFrontier.request;
import static fanout.internal.frontier.TestFrontier.status;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.internal.host.HostSnapshot;
import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a lease that ends without a result leaves, and what is left at the end of a crawl. */
class LedgerTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final Failure REFUSED = new Failure.Connection("refused");
    private static final CircuitBreaking GIVES_UP_AT_ONCE = new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1);

    private final ManualTicker ticker = ManualTicker.stopped();

    private Ledger ledger(CrawlJob.Builder job, String... urls) {
        return TestFrontier.ledger(job, ticker, urls);
    }

    private LeaseEntry lease(Ledger ledger) {
        return Objects.requireNonNull(ledger.lease(ticker.nanos()));
    }

    private static PageResult ok(LeaseEntry lease) {
        Fetched fetched = new Fetched(((Work.FetchPage) lease.work).request(), Trail.NONE, Content.UNREAD, List.of());
        return new PageResult(fetched, List.of(), 0, status(200));
    }

    private static PageResult refused(LeaseEntry lease) {
        Failed failed = new Failed(((Work.FetchPage) lease.work).request(), new Trail(1, 0, Optional.empty()), REFUSED);
        return new PageResult(failed, List.of(), 0,
                new HostFeedback(Optional.empty(), 0, Optional.empty(), HostHealth.of(REFUSED)));
    }

    private Optional<Step> finish(Ledger ledger, LeaseEntry lease, LeaseResult result) {
        return ledger.finish(lease, result, Screened.NONE, ticker.nanos());
    }

    private List<Step> leftovers(Ledger ledger, CancelReason why) {
        List<Step> steps = new ArrayList<>();
        while (!ledger.isSettled()) {
            ledger.leftovers(why, ticker.nanos()).ifPresent(steps::add);
        }
        return steps;
    }

    private List<String> left(Ledger ledger, CancelReason why) {
        return leftovers(ledger, why).stream()
                .map(Step::outcomes)
                .flatMap(List::stream)
                .map(TestFrontier::line)
                .toList();
    }

    @Test
    void aPageWhoseWorkerFailedWaitsAgainAndCostsNoBudget() {
        Ledger ledger = ledger(plain(A).limits(Limits.DEFAULT.toBuilder().maxPages(1).build()), A);
        ledger.abandon(lease(ledger), ticker.nanos());
        ledger.abandon(lease(ledger), ticker.nanos());
        assertThat(left(ledger, CancelReason.ABORTED)).containsExactly(A + " cancelled/aborted");
    }

    @Test
    void aPageWhoseHostIsGivenUpMeanwhileIsDecided() {
        Ledger ledger = ledger(plain(A).circuitBreaker(GIVES_UP_AT_ONCE), A + 1, A + 2);
        LeaseEntry failing = lease(ledger);
        LeaseEntry abandoned = lease(ledger);
        finish(ledger, failing, refused(failing));
        ledger.abandon(abandoned, ticker.nanos());
        assertThat(left(ledger, CancelReason.ABORTED)).containsExactly(A + "2 skipped/circuit_open");
    }

    @Test
    void aUrlThatIsOfferedToAHostThatIsGivenUpIsDecided() {
        Ledger ledger = ledger(plain(A).circuitBreaker(GIVES_UP_AT_ONCE), A + 1);
        LeaseEntry failing = lease(ledger);
        finish(ledger, failing, refused(failing));
        ledger.offer(request(A + 2), ticker.nanos());
        assertThat(left(ledger, CancelReason.INTERRUPTED)).containsExactly(A + "2 skipped/circuit_open");
    }

    @Test
    void aHostIsFreeForOthersWhenItsSitemapsWorkerFailed() {
        Ledger ledger = ledger(plain(A).sitemap(CanonicalUrl.of(A + "map"))
                .politeness(politeness(TestFrontier.manners(1, Duration.ZERO), false)), A);
        LeaseEntry map = lease(ledger);
        assertThat(map.work).isInstanceOf(Work.FetchSitemap.class);
        assertThat(ledger.lease(ticker.nanos())).isNull();
        ledger.abandon(map, ticker.nanos());
        assertThat(lease(ledger).work.url()).hasToString(A);
    }

    /** They are more than one batch, and the crawl ends before all are decided. */
    @Test
    void pagesOfAHostWithoutRobotsAreEachDecidedOnce() {
        Ledger ledger = ledger(plain(A).politeness(politeness(TestFrontier.NO_DELAY, true)),
                IntStream.range(0, 2_500).mapToObj(n -> A + n).toArray(String[]::new));
        List<Outcome> decided = new ArrayList<>();
        LeaseEntry robots = lease(ledger);
        finish(ledger, robots, new Missed(new Failure.HttpStatus(503), status(503)))
                .ifPresent(step -> decided.addAll(step.outcomes()));
        Decided batch = Objects.requireNonNull(ledger.decide(ticker.nanos()));
        assertThat(batch.step().outcomes()).hasSize(1_000);
        decided.addAll(batch.step().outcomes());
        leftovers(ledger, CancelReason.ABORTED).forEach(step -> decided.addAll(step.outcomes()));
        assertThat(decided).hasSize(2_500).allSatisfy(page -> assertThat(page.name()).isEqualTo("skipped"));
    }

    @Test
    void stepsThatWereSentAreForgotten() {
        Ledger ledger = ledger(plain(A), A);
        LeaseEntry lease = lease(ledger);
        finish(ledger, lease, ok(lease));
        assertThat(ledger.forgetSentSteps()).isFalse();
        lease.sent();
        assertThat(ledger.forgetSentSteps()).isTrue();
        assertThat(ledger.forgetSentSteps()).isFalse();
    }

    @Test
    void fourStepsForEachWorkerMayBeAheadOfOneThatIsNotSent() {
        Ledger ledger = ledger(plain(A).concurrency(100),
                IntStream.rangeClosed(0, 401).mapToObj(n -> A + n).toArray(String[]::new));
        for (int n = 0; n <= 400; n++) {
            LeaseEntry lease = lease(ledger);
            finish(ledger, lease, ok(lease));
        }
        assertThat(ledger.lease(ticker.nanos())).isNull();
    }

    @Test
    void pagesThatAreReadyAreNotDelayed() {
        Ledger ledger = ledger(plain(A), A + 1, A + 2);
        assertThat(ledger.snapshot(null, ticker.nanos()).urls().ready()).isEqualTo(2);
        assertThat(ledger.snapshot(null, ticker.nanos()).urls().delayed()).isZero();
    }

    @Test
    void whatIsLeftComesInBatchesOfAThousand() {
        Ledger ledger = ledger(plain(A), Stream.of(A, B)
                .flatMap(host -> IntStream.range(0, 600).mapToObj(n -> host + n))
                .toArray(String[]::new));
        assertThat(leftovers(ledger, CancelReason.INTERRUPTED)).extracting(step -> step.outcomes().size())
                .containsExactly(1_000, 200);
    }

    /** A look at a host is like an outcome: each batch is short, however many hosts have nothing to say. */
    @Test
    void hostsCountInABatchAsPagesDo() {
        Ledger ledger = ledger(plain(A),
                IntStream.range(0, 1_500).mapToObj(n -> "http://h%d.example.org/".formatted(n)).toArray(String[]::new));
        List<Integer> batches = new ArrayList<>();
        while (!ledger.isSettled()) {
            batches.add(ledger.leftovers(CancelReason.INTERRUPTED, ticker.nanos())
                    .map(step -> step.outcomes().size())
                    .orElse(0));
        }
        assertThat(batches).as("first a look at all, whether they are decided; then a page and a host each")
                .containsExactly(0, 0, 500, 500, 500);
    }

    @Test
    void decidedPagesOfHostsThatForbidAllComeFirstAndInBatches() {
        Ledger ledger = ledger(plain(A).politeness(politeness(TestFrontier.NO_DELAY, true)), Stream.of(A, B)
                .flatMap(host -> IntStream.range(0, 1_600).mapToObj(n -> host + n))
                .toArray(String[]::new));
        for (LeaseEntry robots : List.of(lease(ledger), lease(ledger))) {
            assertThat(robots.work).isInstanceOf(Work.FetchRobots.class);
            finish(ledger, robots, new Missed(new Failure.HttpStatus(503), status(503)));
        }
        List<Step> steps = leftovers(ledger, CancelReason.INTERRUPTED);
        assertThat(steps).extracting(step -> step.outcomes().size()).containsExactly(1_000, 1_000, 1_000, 200);
        assertThat(steps).allSatisfy(step -> assertThat(step.isProvisional()).isFalse());
        assertThat(steps.stream().map(Step::outcomes).flatMap(List::stream))
                .allSatisfy(page -> assertThat(TestFrontier.line(page)).endsWith("skipped/robots"));
    }

    @Test
    void aDeadlineIsCountedForEachUrlThatItFinds() {
        Ledger ledger = ledger(plain(A), A + 1, A + 2);
        LeaseEntry lease = lease(ledger);
        finish(ledger, lease, new PageResult(new Cancelled(((Work.FetchPage) lease.work).request(),
                Trail.NONE, CancelReason.DEADLINE, Stage.BODY), List.of(), 0, HostFeedback.NONE));
        List<Step> steps = leftovers(ledger, CancelReason.DEADLINE);
        assertThat(steps.stream().map(Step::outcomes).flatMap(List::stream).map(TestFrontier::line))
                .containsExactly(A + "1 cancelled/deadline", A + "2 cancelled/deadline");
        assertThat(ledger.snapshot(null, ticker.nanos()).deadlineExceeded())
                .containsOnly(Map.entry(Stage.BODY, 1L), Map.entry(Stage.POLITENESS, 1L));
        assertThat(steps).as("what is taken back if the crawl goes on")
                .allSatisfy(step -> assertThat(step.counts().deadlineExceeded()).isEmpty());
    }

    @Test
    void aUrlThatWaitsForARobotsTxtIsCancelledThere() {
        Ledger ledger = ledger(plain(A).politeness(politeness(TestFrontier.NO_DELAY, true)), A);
        assertThat(leftovers(ledger, CancelReason.DEADLINE).stream().map(Step::outcomes).flatMap(List::stream))
                .extracting(outcome -> ((Cancelled) outcome).stage())
                .containsExactly(Stage.ROBOTS);
    }

    private HostSnapshot snapshot(Ledger ledger, LeaseEntry lease) {
        return ledger.hosts().snapshot(lease.host, ticker.nanos());
    }

    @Test
    void aPageThatWaitsForItsRepetitionHasFailedAtItsHost() {
        Ledger ledger = ledger(plain(A).retries(new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1))), A);
        LeaseEntry lease = lease(ledger);
        finish(ledger, lease, refused(lease));
        assertThat(snapshot(ledger, lease).failed()).isZero();
        assertThat(left(ledger, CancelReason.INTERRUPTED)).containsExactly(A + " failed/connection");
        assertThat(snapshot(ledger, lease).failed()).isOne();
        assertThat(snapshot(ledger, lease).lastFailure()).isPresent();
    }

    @Test
    void aPageThatItsHostsFailureDecidesHasFailedThere() {
        Ledger ledger = ledger(plain(A).politeness(politeness(TestFrontier.NO_DELAY, true)), A + 1, A + 2);
        LeaseEntry robots = lease(ledger);
        finish(ledger, robots, new Missed(REFUSED, HostFeedback.NONE));
        assertThat(left(ledger, CancelReason.INTERRUPTED)).containsExactly(A + "1 failed/connection",
                A + "2 failed/connection");
        assertThat(snapshot(ledger, robots).failed()).isEqualTo(2);
    }

    @Test
    void noMoreThanTenThousandSitemapsAreRead() {
        Ledger ledger = ledger(plain(A).sitemap(CanonicalUrl.of(A + "index")));
        List<CanonicalUrl> many = IntStream.range(0, 10_050).mapToObj(n -> CanonicalUrl.of(A + n + ".xml")).toList();
        LeaseEntry index = lease(ledger);
        finish(ledger, index, new SitemapFound(List.of(), many, 0, Optional.empty(), status(200)));
        int read = 1;
        LeaseEntry next = ledger.lease(ticker.nanos());
        while (next != null) {
            read++;
            finish(ledger, next, new SitemapFound(List.of(), List.of(), 0, Optional.empty(), status(200)));
            ticker.advance(Duration.ofMillis(1)); // a second has so many requests, and no more
            next = ledger.lease(ticker.nanos());
        }
        assertThat(read).isEqualTo(10_000);
    }
}
