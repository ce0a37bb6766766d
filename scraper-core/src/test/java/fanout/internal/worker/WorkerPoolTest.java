package fanout.internal.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import fanout.internal.task.Deadline;
import fanout.internal.task.TaskFailedException;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.report.TaskSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How a pool begins and ends, and what it shows of its workers meanwhile. */
class WorkerPoolTest {

    private static final String HOME = "http://example.org/";

    private static CrawlJob.Builder job(int workers, Duration delay) {
        return CrawlJob.builder("pool")
                .concurrency(workers)
                .politeness(new Politeness(new Manners(8, delay, false, Duration.ofMinutes(1)), Duration.ofMinutes(5),
                        false, true, Duration.ofSeconds(30), 1_000_000, Map.of()));
    }

    private static TestPool pool(CrawlJob job, int capacity, TestPool.Network network) {
        return new TestPool(job, capacity, Ticker.system(), network);
    }

    @Test
    void resultsAreClosedBehindTheLastOne() throws InterruptedException {
        CrawlJob job = job(2, Duration.ZERO).startUrl(HOME).startUrl(HOME + 1).build();
        try (TestPool crawl = pool(job, 16, (_, _) -> TestPool.page("<title>t</title>"))) {
            crawl.crawl();
            assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("ok", "ok");
            assertThat(crawl.pool.workersEnded().reason()).contains(true);
            assertThat(crawl.givenUp).as("nothing was in flight").hasValue(0);
        }
    }

    /** Otherwise the receiver would wait for ever. */
    @Test
    void resultsAreClosedIfAWorkerFails() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME).startUrl(HOME + 1).build();
        try (TestPool crawl = pool(job, 16, (_, _) -> {
            throw new IllegalStateException("a bug");
        })) {
            assertThatThrownBy(crawl::crawl).isInstanceOf(TaskFailedException.class).hasRootCauseMessage("a bug");
            assertThat(crawl.stop.reason()).contains(CancelReason.ABORTED);
            assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("cancelled", "cancelled");
        }
    }

    @Test
    void resultsAreClosedIfWhatIsLeftCannotBeSent() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME).startUrl(HOME + 1).build();
        CountDownLatch never = new CountDownLatch(1);
        try (TestPool crawl = pool(job, 1, (_, _) -> {
            assertThat(never.await(TestPool.PATIENCE.toSeconds(), SECONDS)).isTrue();
            return TestPool.page("");
        })) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread runner = Thread.ofVirtual().start(() -> thrown.set(catchThrowable(crawl::crawl)));
            Deadline patience = Deadline.after(TestPool.PATIENCE, Ticker.system());
            while (runner.isAlive()) { // once for the workers, once more while it sends
                assertThat(patience.hasPassed()).as("it ends").isFalse();
                runner.interrupt();
                Thread.onSpinWait();
            }
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(crawl.outcomes()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void resultsAreClosedIfAnInterruptComesBehindTheWorkers() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME)
                .startUrl(HOME + 1)
                .limits(Limits.DEFAULT.toBuilder().maxDuration(Duration.ofMillis(20)).build())
                .build();
        CountDownLatch never = new CountDownLatch(1);
        try (TestPool crawl = pool(job, 1, (_, _) -> {
            assertThat(never.await(TestPool.PATIENCE.toSeconds(), SECONDS)).isTrue();
            return TestPool.page("");
        })) {
            crawl.results.sender().send(new Step(0, List.of(), List.of())); // so there is no room for what is left
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread runner = Thread.ofVirtual().start(() -> thrown.set(catchThrowable(crawl::crawl)));
            Deadline patience = Deadline.after(TestPool.PATIENCE, Ticker.system());
            while (crawl.pool.workersEnded().reason().isEmpty() || runner.getState() != Thread.State.WAITING) {
                assertThat(patience.hasPassed()).as("it waits for room").isFalse();
                Thread.onSpinWait();
            }
            runner.interrupt();
            runner.join();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(crawl.outcomes()).isEmpty();
        }
    }

    @Test
    void poolSaysHowManyOfItsWorkersAreAtWork() throws InterruptedException {
        CrawlJob job = job(3, Duration.ZERO).startUrl(HOME).startUrl(HOME + 1).build();
        CountDownLatch bothFetch = new CountDownLatch(2);
        CountDownLatch looked = new CountDownLatch(1);
        try (TestPool crawl = pool(job, 16, (_, _) -> {
            bothFetch.countDown();
            assertThat(looked.await(TestPool.PATIENCE.toSeconds(), SECONDS)).isTrue();
            return TestPool.page("");
        })) {
            Thread runner = Thread.ofVirtual().start(() -> run(crawl));
            assertThat(bothFetch.await(TestPool.PATIENCE.toSeconds(), SECONDS)).isTrue();
            assertThat(crawl.pool.size()).isEqualTo(3);
            assertThat(crawl.pool.busy()).isEqualTo(2);
            looked.countDown();
            runner.join();
            assertThat(crawl.pool.busy()).isZero();
        }
    }

    private static void run(TestPool crawl) {
        try {
            crawl.crawl();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeadlineThatPassesIsTheReasonToStop() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME)
                .limits(Limits.DEFAULT.toBuilder().maxDuration(Duration.ofMillis(20)).build())
                .build();
        CountDownLatch never = new CountDownLatch(1);
        try (TestPool crawl = pool(job, 16, (_, _) -> {
            assertThat(never.await(TestPool.PATIENCE.toSeconds(), SECONDS)).isTrue();
            return TestPool.page("");
        })) {
            crawl.crawl();
            assertThat(crawl.stop.reason()).contains(CancelReason.DEADLINE);
            assertThat(crawl.givenUp).hasValue(1);
            assertThat(crawl.outcomes()).map(Cancelled.class::cast)
                    .extracting(Cancelled::why)
                    .containsExactly(CancelReason.DEADLINE);
        }
    }

    @Test
    void aWorkerShowsWhatItDoesAndForWhichUrl() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME).build();
        List<TaskSnapshot> seen = new ArrayList<>();
        TestPool[] pool = new TestPool[1];
        try (TestPool crawl = pool(job, 16, (_, listener) -> {
            seen.add(pool[0].worker().orElseThrow());
            listener.entered(Stage.CONNECT, Deadline.current());
            seen.add(pool[0].worker().orElseThrow());
            return TestPool.page("");
        })) {
            pool[0] = crawl;
            crawl.crawl();
        }
        assertThat(seen).extracting(TaskSnapshot::stage)
                .containsExactly(Optional.of(Stage.ROBOTS), Optional.of(Stage.CONNECT));
        assertThat(seen).allSatisfy(worker -> {
            assertThat(worker.about()).contains(HOME);
            assertThat(worker.deadlineLeft()).isPresent();
        });
    }

    @Test
    void aWorkerThatWaitsForTheWriterSaysSo() throws InterruptedException {
        CrawlJob job = job(1, Duration.ZERO).startUrl(HOME).startUrl(HOME + 1).build();
        try (TestPool crawl = pool(job, 1, (_, _) -> TestPool.page(""))) {
            Thread runner = Thread.ofVirtual().start(() -> run(crawl));
            Deadline patience = Deadline.after(TestPool.PATIENCE, Ticker.system());
            while (!crawl.worker().flatMap(TaskSnapshot::stage).equals(Optional.of(Stage.SINK))
                    || crawl.results.size() == 0) {
                assertThat(patience.hasPassed()).as("the worker is seen to wait").isFalse();
                Thread.onSpinWait();
            }
            assertThat(crawl.outcomes()).hasSize(2);
            runner.join();
        }
    }

    /**
     * Two requests to one host may be under way, the second a delay after the first was written, whenever that ends.
     */
    @Test
    void aRequestThatIsWrittenLetsTheNextOneBegin() throws InterruptedException {
        CrawlJob job = job(2, Duration.ofMillis(10)).startUrl(HOME).startUrl(HOME + 1).build();
        CountDownLatch bothFetch = new CountDownLatch(2);
        try (TestPool crawl = pool(job, 16, (_, listener) -> {
            listener.requestWritten(System.nanoTime());
            bothFetch.countDown();
            assertThat(bothFetch.await(TestPool.PATIENCE.toSeconds(), SECONDS)).as("both are under way").isTrue();
            return TestPool.page("");
        })) {
            crawl.crawl();
            assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("ok", "ok");
        }
    }
}
