package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * A receiver sleeps next to a full queue: the signal that something came was given just before it began to wait.
 *
 * <pre>
 * receiver                                   sender
 * Broken: the queue is empty
 *                                            lock, add, signal, unlock, end
 * Broken: lock, wait: for ever
 * Fixed:  lock, the queue is not empty, end
 * </pre>
 */
@Pitfall(id = "lost-signal",
        question = "Is the condition tested in a loop, under the lock under which it is changed and signalled?",
        go = "signalling a sync.Cond before any goroutine waits for it", embodiedBy = Channel.class,
        incidents = "code4craft/webmagic#36")
class LostSignalTest {

    /** Tests first and takes the lock then, with a window between. */
    static final class Broken extends Sample {

        @Override
        @SuppressWarnings("WaitNotInLoop") // this is what is broken
        void awaitElement(Gate window) throws InterruptedException {
            if (queue.isEmpty()) {
                window.pass();
                lock.lockInterruptibly();
                try {
                    notEmpty.await();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Tests under the lock; there is no window, and the schedule holds the receiver before it. */
    static final class Fixed extends Sample {

        @Override
        void awaitElement(Gate window) throws InterruptedException {
            window.pass();
            lock.lockInterruptibly();
            try {
                while (queue.isEmpty()) {
                    notEmpty.await();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    abstract static class Sample {

        final Queue<String> queue = new ConcurrentLinkedQueue<>();
        final ReentrantLock lock = new ReentrantLock();
        final Condition notEmpty = lock.newCondition();

        abstract void awaitElement(Gate window) throws InterruptedException;

        void add(String element) {
            lock.lock();
            try {
                queue.add(element);
                notEmpty.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate window = new Gate();
        actors.start("receiver", () -> sample.awaitElement(window));
        actors.awaitParked("receiver", "pass");
        actors.start("sender", () -> sample.add("/page"));
        actors.awaitEnd("sender");
        window.open();
    }

    @Test
    void brokenReceiverSleepsBesideAFullQueue() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("the receiver waits for a signal", () -> isWaiting(sample));
            assertThat(actors.alive()).containsExactly("receiver");
            assertThat(sample.queue).containsExactly("/page");
        }
    }

    private static boolean isWaiting(Sample sample) {
        sample.lock.lock();
        try {
            return sample.lock.hasWaiters(sample.notEmpty);
        } finally {
            sample.lock.unlock();
        }
    }

    @Test
    void fixedReceiverSeesWhatCameBeforeItWaited() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.queue).containsExactly("/page");
        }
    }
}
