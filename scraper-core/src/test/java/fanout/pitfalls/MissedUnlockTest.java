package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * After one failure every thread waits for a lock whose holder ended long ago.
 *
 * <pre>
 * worker-1                              worker-2
 * lock
 * the action throws
 * Broken: end, with the lock            lock: for ever
 * Fixed:  unlock, end                   lock, act, unlock, end
 * </pre>
 */
@Pitfall(id = "missed-unlock", question = "Is the unlock in a finally whose try begins right after the lock?",
        go = "no defer mu.Unlock() right after the lock", embodiedBy = Channel.class)
class MissedUnlockTest {

    /** Unlocks after the action, which an exception jumps over. */
    static final class Broken extends Sample {

        @Override
        @SuppressWarnings("LockNotBeforeTry") // this is what is broken
        void locked(Runnable action) throws InterruptedException {
            lock.lockInterruptibly();
            action.run();
            lock.unlock();
        }
    }

    /** Unlocks on every path. */
    static final class Fixed extends Sample {

        @Override
        void locked(Runnable action) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                action.run();
            } finally {
                lock.unlock();
            }
        }
    }

    abstract static class Sample {

        final ReentrantLock lock = new ReentrantLock();

        abstract void locked(Runnable action) throws InterruptedException;
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("worker-1", () -> sample.locked(() -> {
            throw new IllegalStateException("unforeseen");
        }));
        actors.awaitEnd("worker-1");
        assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
        actors.start("worker-2", () -> sample.locked(() -> {}));
    }

    @Test
    void brokenLockIsHeldByAThreadThatHasEnded() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker-2", "locked");
            assertThat(sample.lock.isLocked()).isTrue();
            assertThat(actors.alive()).containsExactly("worker-2");
        }
    }

    @Test
    void fixedLockIsFreeAfterTheFailure() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker-2");
            assertThat(sample.lock.isLocked()).isFalse();
        }
    }
}
