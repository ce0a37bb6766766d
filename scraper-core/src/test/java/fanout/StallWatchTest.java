package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.channel.Channel;
import fanout.crawl.fixtures.Jobs;
import fanout.frontier.Frontier;
import fanout.frontier.Lease;
import fanout.frontier.LeaseResult.PageFinding;
import fanout.frontier.Source;
import fanout.host.HostFeedback;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.page.Trail;
import fanout.queue.Work;
import fanout.sink.ResultWriter;
import fanout.task.Deadline;
import fanout.task.ManualTicker;
import fanout.task.Signal;
import fanout.task.TaskTree;
import fanout.task.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

/** What is a stall and what is not, on a clock that jumps over every wait. */
class StallWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONG = PATIENCE.multipliedBy(100);

    private final AlarmClock ticker = new AlarmClock();
    private final CrawlJob job = CrawlJob.builder("test")
            .startUrl("http://example.org/1")
            .startUrl("http://example.org/2")
            .politeness(Jobs.politenessWithoutRobots(new Manners(1, Duration.ofHours(1), false, Duration.ofHours(1))))
            .build();
    private final Deadline deadline = Deadline.after(Duration.ofDays(1), ticker);
    private final Frontier frontier = new Frontier(job, deadline, ticker);
    private final Channel<Outcome> results = Channel.bounded(1, ticker);
    private final StallWatch watch = new StallWatch("crawl", frontier, results,
            new ResultWriter(results.receiver(), _ -> {}, ticker).totals(), new TaskTree(ticker), PATIENCE, deadline);

    StallWatchTest() {
        try (Source source = frontier.openSource()) {
            job.startUrls().forEach(source::offer);
        }
    }

    /** A jumping clock that sets a signal in the wait during which a time comes. For one thread. */
    private static final class AlarmClock implements Ticker {

        private final ManualTicker clock = ManualTicker.jumping();
        private Signal<Boolean> alarm = new Signal<>(clock);
        private Duration at = Duration.ZERO;

        /** The signal that is set once so much time has passed. */
        Signal<Boolean> in(Duration time) {
            at = clock.passed().plus(time);
            alarm = new Signal<>(this);
            return alarm;
        }

        @Override
        public long nanos() {
            return clock.nanos();
        }

        @Override
        public Instant now() {
            return clock.now();
        }

        @Override
        public long await(Condition condition, long nanos) throws InterruptedException {
            long left = clock.await(condition, nanos);
            if (clock.passed().compareTo(at) >= 0) {
                alarm.set(true);
            }
            return left;
        }
    }

    /** Watches until this much time has passed on the watch's own clock, at most a fraction of the patience longer. */
    private void watchFor(Duration time) throws InterruptedException {
        watch.until(ticker.in(time));
    }

    private Lease take() throws InterruptedException {
        Lease lease = frontier.take().orElseThrow();
        lease.written(ticker.nanos());
        return lease;
    }

    private void fetchOne() throws InterruptedException {
        try (Lease lease = take()) {
            Work.FetchPage page = (Work.FetchPage) lease.work();
            Failed failed = new Failed(page.request(), Trail.NONE, new Failure.HttpStatus(404));
            lease.finish(new PageFinding(failed, List.of(), 0, HostFeedback.NONE));
        }
    }

    @Test
    void urlThatWaitsForItsTurnIsNoWorkYet() throws InterruptedException {
        fetchOne();

        watchFor(LONG);

        assertThat(frontier.snapshot().delayed()).isOne();
        assertThat(watch.latest()).isEmpty();
    }

    /** No worker has looked since its time came, as after a wake-up that was missed. */
    @Test
    void urlWhoseTurnCameAndThatNoWorkerTakesIsAStall() throws InterruptedException {
        fetchOne();

        watchFor(Duration.ofHours(2));

        assertThat(frontier.snapshot().ready()).isOne();
        assertThat(watch.latest().orElseThrow().culprit()).isEqualTo(new Stall.Culprit.NobodyTakes(0));
    }

    @Test
    void stallIsLoggedOnceAndThenTheNextOne() throws InterruptedException {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            watchFor(LONG);
            assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("stands still");
            log.reset();
            fetchOne();
            watchFor(Duration.ofHours(2));
            assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("stands still");
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
