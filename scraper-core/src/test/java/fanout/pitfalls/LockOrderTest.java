package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * Two threads stop for ever, each with a lock that the other waits for, on the rare day on which they meet.
 *
 * <pre>
 * mover-1 (from a to b)                     mover-2 (from b to a)
 * lock a                                    Broken: lock b
 *                                           Fixed:  lock a: waits
 * lock b: Broken for ever
 *                                           Broken: lock a: for ever
 * Fixed:  move, unlock both, end            Fixed:  lock a, lock b, move, end
 * </pre>
 */
@Pitfall(id = "lock-order",
        question = "Does any thread take a second lock while holding one, and is there one written order in which all "
                + "do?",
        go = "a deadlock of two mutexes that are locked in two orders", embodiedBy = Frontier.class)
class LockOrderTest {

    /** Locks in the order of its arguments, which is the caller's. */
    static final class Broken implements Sample {

        @Override
        public void move(HostQueue from, HostQueue to, Gate window) throws InterruptedException {
            Sample.lockBoth(from, to, window, () -> from.moveTo(to));
        }
    }

    /** One order for everybody. Better still is one lock for both, as the crawler has it. */
    static final class Fixed implements Sample {

        @Override
        public void move(HostQueue from, HostQueue to, Gate window) throws InterruptedException {
            boolean inOrder = from.name.compareTo(to.name) < 0;
            Sample.lockBoth(inOrder ? from : to, inOrder ? to : from, window, () -> from.moveTo(to));
        }
    }

    @FunctionalInterface
    interface Sample {

        void move(HostQueue from, HostQueue to, Gate window) throws InterruptedException;

        /** With the window after the first lock. Interruptible, so that a test can end what is stuck. */
        static void lockBoth(HostQueue first, HostQueue second, Gate window, Runnable action)
                throws InterruptedException {
            first.lock.lockInterruptibly();
            try {
                window.pass();
                second.lock.lockInterruptibly();
                try {
                    action.run();
                } finally {
                    second.lock.unlock();
                }
            } finally {
                first.lock.unlock();
            }
        }
    }

    static final class HostQueue {

        private final ReentrantLock lock = new ReentrantLock();
        private final String name;
        private int urls = 1;

        HostQueue(String name) {
            this.name = name;
        }

        void moveTo(HostQueue other) {
            urls--;
            other.urls++;
        }
    }

    private final HostQueue a = new HostQueue("a");
    private final HostQueue b = new HostQueue("b");

    /** Holds each mover where it has its first lock, or waits for it. */
    private void schedule(Sample sample, Actors actors) {
        Gate window = new Gate();
        actors.start("mover-1", () -> sample.move(a, b, window));
        actors.awaitParked("mover-1", "pass");
        actors.start("mover-2", () -> sample.move(b, a, window));
        actors.awaitParked("mover-2", "lockBoth");
        window.open();
    }

    @Test
    void brokenMoversWaitForEachOthersLock() throws InterruptedException {
        try (Actors actors = new Actors()) {
            schedule(new Broken(), actors);
            actors.awaitUntil("the JVM finds the circle", () -> {
                long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
                return deadlocked != null && deadlocked.length == 2;
            });
            assertThat(ManagementFactory.getThreadMXBean().findDeadlockedThreads()).containsExactlyInAnyOrder(
                    actors.thread("mover-1").threadId(), actors.thread("mover-2").threadId());
        }
    }

    @Test
    void fixedMoversBothEnd() throws InterruptedException {
        try (Actors actors = new Actors()) {
            schedule(new Fixed(), actors);
            actors.awaitEnd();
            assertThat(a.urls + b.urls).isEqualTo(2);
        }
    }
}
