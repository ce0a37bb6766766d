package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A cancelled crawl does not stop: a worker caught the interrupt, logged it and continued.
 *
 * <pre>
 * worker                                      canceller
 * receive: waits
 *                                             interrupt the worker, once
 * InterruptedException; the flag is gone
 * Broken: log it, receive: waits
 * Fixed:  throw it on, end
 * </pre>
 */
@Pitfall(id = "swallowed-interrupt",
        question = "After this catch of InterruptedException, does the loop end or the method throw?",
        go = "dropping the error that says the context is done", embodiedBy = WorkerPool.class)
class SwallowedInterruptTest {

    /** Takes the interrupt for one failure among others. */
    static final class Broken extends Sample {

        @Override
        void work() {
            while (!jobs.isOver() && !Thread.currentThread().isInterrupted()) {
                try {
                    jobs.next();
                } catch (InterruptedException e) {
                    logged.incrementAndGet();
                }
            }
        }
    }

    /** Lets it through: the owner of this thread asked it to end. */
    static final class Fixed extends Sample {

        @Override
        void work() throws InterruptedException {
            while (!jobs.isOver() && !Thread.currentThread().isInterrupted()) {
                jobs.next();
            }
        }
    }

    abstract static class Sample {

        final Jobs jobs = new Jobs();
        final AtomicInteger logged = new AtomicInteger();

        abstract void work() throws InterruptedException;
    }

    /** What the worker does until there is no more of it. */
    static final class Jobs {

        private final Channel<String> channel = Channel.bounded(1, Ticker.system());
        private volatile boolean over;

        void next() throws InterruptedException {
            over = channel.receiver().receive(Actors.AT_MOST) instanceof Received.Closed<String>;
        }

        boolean isOver() {
            return over;
        }

        void end() {
            channel.close();
        }
    }

    private static void schedule(Sample sample, Actors actors) {
        actors.start("worker", sample::work);
        actors.awaitParked("worker", "next");
        actors.interrupt("worker");
    }

    @Test
    void brokenWorkerIsBackAtWorkWithTheFlagGone() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("the interrupt was logged", () -> sample.logged.get() == 1);
            actors.awaitParked("worker", "next");
            assertThat(actors.thread("worker").isInterrupted()).isFalse();
            assertThat(actors.alive()).containsExactly("worker");
            sample.jobs.end(); // no second interrupt would end it either
            actors.awaitEnd("worker");
        }
    }

    @Test
    void fixedWorkerEndsAtTheFirstInterrupt() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.jobs.isOver()).as("ended by the interrupt alone").isFalse();
        }
    }
}
