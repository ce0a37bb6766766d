package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.Jobs;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.Lease;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.Source;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.Work;
import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.TaskTree;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Step;
import fanout.page.Trail;
import fanout.sink.ResultWriter;
import fanout.sink.StepListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is a stall and what is not, on a clock that the test moves. */
class StallWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONG = PATIENCE.multipliedBy(100);

    private final ManualTicker ticker = ManualTicker.jumping();
    private final CrawlJob job = CrawlJob.builder("test")
            .startUrl("http://example.org/1")
            .startUrl("http://example.org/2")
            .politeness(Jobs.politenessWithoutRobots(new Manners(1, Duration.ofHours(1), false, Duration.ofHours(1))))
            .build();
    private final Deadline deadline = Deadline.after(Duration.ofDays(1), ticker);
    private final Frontier frontier =
            new Frontier(job, new Frontier.Group(1 << 20, Long.MAX_VALUE), deadline, ticker, new SplittableRandom(1),
                    Optional.empty());
    private final Channel<Step> results = Channel.bounded(1, ticker);
    private final StallWatch watch = new StallWatch("crawl", frontier, results,
            new ResultWriter(results.receiver(), _ -> {}, StepListener.NONE, ticker).totals(),
            new TaskTree("crawl", ticker), PATIENCE, deadline);

    StallWatchTest() {
        try (Source source = frontier.openSource()) {
            job.start().urls().forEach(source::offer);
        }
    }

    /** Watches for so long on its clock. */
    private void watchFor(Duration time) {
        Duration end = ticker.passed().plus(time);
        while (ticker.passed().compareTo(end) < 0) {
            watch.look();
            ticker.advance(PATIENCE.dividedBy(4));
        }
        watch.look();
    }

    private Lease take() throws InterruptedException {
        Lease lease = (Lease) frontier.take().orElseThrow();
        lease.written(ticker.nanos());
        return lease;
    }

    private void fetchOne() throws InterruptedException {
        try (Lease lease = take()) {
            Work.FetchPage page = (Work.FetchPage) lease.work();
            Failed failed = new Failed(page.request(), Trail.NONE, new Failure.HttpStatus(404));
            lease.finish(new PageResult(failed, List.of(), 0, HostFeedback.NONE));
        }
    }

    @Test
    void urlThatWaitsForItsTurnIsNoWorkYet() throws InterruptedException {
        fetchOne();

        watchFor(LONG);

        assertThat(frontier.snapshot().urls().delayed()).isOne();
        assertThat(watch.latest()).isEmpty();
    }

    /** No worker has looked since its time came, as after a missed wake-up. */
    @Test
    void urlWhoseTurnCameAndThatNoWorkerTakesIsAStall() throws InterruptedException {
        fetchOne();

        watchFor(Duration.ofHours(2));

        assertThat(frontier.snapshot().urls().ready()).isOne();
        assertThat(watch.latest().orElseThrow().culprit()).isEqualTo(new Stall.Culprit.NobodyTakes(0));
    }

    @Test
    void stallIsLoggedOnceAndThenTheNextOne() throws InterruptedException {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            watchFor(LONG);
            assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("is stalled");
            log.reset();
            fetchOne();
            watchFor(Duration.ofHours(2));
            assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("is stalled");
        } finally {
            System.setErr(console);
        }
    }

    @Test
    void urlThatNoWorkerTakesIsAStall() throws InterruptedException {
        watchFor(LONG);

        Stall stall = watch.latest().orElseThrow();
        assertThat(stall.culprit()).isEqualTo(new Stall.Culprit.NobodyTakes(0));
        assertThat(stall.nextDeadline()).as("none but the job's").isEmpty();
        assertThat(stall.jobLeft()).isPositive().isLessThan(Duration.ofDays(1));
        assertThat(stall.lasted()).as("as it was last seen").isBetween(LONG.minus(PATIENCE), LONG.plus(PATIENCE));
    }

    @Test
    void leaseThatIsNotFinishedIsAStallOfItsOwn() throws InterruptedException {
        watchFor(LONG);
        Stall first = watch.latest().orElseThrow();
        try (Lease held = take()) {
            watchFor(LONG);

            Stall second = watch.latest().orElseThrow();
            assertThat(second.seenAt()).isAfter(first.seenAt());
            assertThat(second.culprit()).as("%s", held.work()).isEqualTo(new Stall.Culprit.LostLeases(1));
        }
    }
}
