package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * A cancelled crawl hangs: the worker was interrupted, and waits on in a call that no interrupt ends.
 *
 * <pre>
 * worker-1                     worker-2                                  canceller
 * lock the host, fetch: waits
 *                              lock the host: waits
 *                                                                        interrupt worker-2
 *                              Broken: take the interrupt, wait again
 *                              Fixed:  InterruptedException, end
 * </pre>
 */
@Pitfall(id = "uninterruptible-wait",
        question = "Does this wait (lock(), synchronized, a name lookup, a file) end at an interrupt, or is it as "
                + "short as a few instructions?",
        go = "a mutex locked during I/O: Lock() takes no context", embodiedBy = Channel.class)
class UninterruptibleWaitTest {

    /** {@code lock()} waits for as long as the other one fetches; so would {@code synchronized}. */
    static final class Broken extends Sample {

        @Override
        void visit(String page, Gate siteAnswers) {
            host.lock();
            try {
                fetch(page, siteAnswers);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                host.unlock();
            }
        }
    }

    /** What may take long can be ended: {@code lockInterruptibly()}, or {@code tryLock} with a time. */
    static final class Fixed extends Sample {

        @Override
        void visit(String page, Gate siteAnswers) throws InterruptedException {
            host.lockInterruptibly();
            try {
                fetch(page, siteAnswers);
            } finally {
                host.unlock();
            }
        }
    }

    abstract static class Sample {

        /** One request at a time. */
        final ReentrantLock host = new ReentrantLock();
        final Queue<String> fetched = new ConcurrentLinkedQueue<>();

        abstract void visit(String page, Gate siteAnswers) throws InterruptedException;

        void fetch(String page, Gate siteAnswers) throws InterruptedException {
            siteAnswers.pass();
            fetched.add(page);
        }
    }

    private final Gate siteAnswers = new Gate();

    private void schedule(Sample sample, Actors actors) {
        actors.start("worker-1", () -> sample.visit("/1", siteAnswers));
        actors.awaitParked("worker-1", "fetch");
        actors.start("worker-2", () -> sample.visit("/2", siteAnswers));
        actors.awaitParked("worker-2", "visit");
        actors.interrupt("worker-2");
    }

    @Test
    void brokenWorkerTakesTheInterruptAndWaitsOn() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("the interrupt is taken", () -> !actors.thread("worker-2").isInterrupted());
            actors.awaitParked("worker-2", "lock");
            assertThat(sample.host.hasQueuedThread(actors.thread("worker-2"))).isTrue();
            siteAnswers.open();
            actors.awaitEnd();
            assertThat(sample.fetched).as("worker-2 knew of the interrupt only once it had the lock")
                    .containsExactly("/1");
        }
    }

    @Test
    void fixedWorkerEndsWhileTheLockIsStillHeld() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker-2");
            assertThat(sample.host.isLocked()).isTrue();
            assertThat(actors.alive()).containsExactly("worker-1");
            siteAnswers.open();
            actors.awaitEnd();
            assertThat(sample.fetched).containsExactly("/1");
        }
    }
}
