package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Lease;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * After a page that failed in an unforeseen way the crawl never ends, though no task is alive: one of them left without
 * being counted down.
 *
 * <pre>
 * worker-1          worker-2                            waiter
 *                                                       await: 2 are open
 * fetch, done       fetch throws
 *                   Broken: end                         await: for ever, 1 is open
 *                   Fixed:  close the lease, end        0 are open, end
 * </pre>
 */
@Pitfall(id = "missed-done",
        question = "Is there a path, by an exception too, on which a task ends without being counted down?",
        go = "forgetting to call Done() in an error path", embodiedBy = Lease.class,
        incidents = "StJudeWasHere/seonaut#51")
class MissedDoneTest {

    /** Counts down where the work is done, which an exception jumps over. */
    static final class Broken extends Sample {

        @Override
        void work(String page) {
            fetch(page);
            open.countDown();
        }
    }

    /** The task holds a lease in try-with-resources, which is Go's {@code defer wg.Done()}. */
    static final class Fixed extends Sample {

        @Override
        void work(String page) {
            try (Share _ = open::countDown) {
                fetch(page);
            }
        }
    }

    abstract static class Sample {

        final CountDownLatch open = new CountDownLatch(2);

        abstract void work(String page);

        void fetch(String page) {
            if (page.equals("/bad")) {
                throw new IllegalStateException("unforeseen");
            }
        }

        void awaitAll() throws InterruptedException {
            open.await();
        }
    }

    /** One task's share of the count. */
    @FunctionalInterface
    interface Share extends AutoCloseable {

        @Override
        void close();
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("waiter", sample::awaitAll);
        actors.start("worker-1", () -> sample.work("/good"));
        actors.start("worker-2", () -> sample.work("/bad"));
        actors.awaitEnd("worker-1");
        actors.awaitEnd("worker-2");
        assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void brokenCountStaysAtOneThoughNoTaskIsAlive() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("waiter", "awaitAll");
            assertThat(actors.alive()).containsExactly("waiter");
            assertThat(sample.open.getCount()).isEqualTo(1);
        }
    }

    @Test
    void fixedCountReachesZeroThoughATaskFailed() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("waiter");
            assertThat(sample.open.getCount()).isZero();
        }
    }
}
