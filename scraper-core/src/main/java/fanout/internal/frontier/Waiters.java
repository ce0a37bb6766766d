package fanout.internal.frontier;

import fanout.internal.task.Ticker;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for work, and for how long. Of the workers that find nothing ready one, the leader, waits until the next
 * ready-time, and the others until they are woken: a thread that leaves with a lease, or changes what is ready, wakes
 * one more. (Leader and followers, as in {@link java.util.concurrent.DelayQueue}.) A ready-time wakes one thread, not
 * all.
 *
 * <p>Guarded by the frontier's lock: every method is called with it held.
 */
final class Waiters {

    private final Ticker ticker;
    private final Condition available;
    private @Nullable Thread leader;
    private int waiting;

    Waiters(ReentrantLock lock, Ticker ticker) {
        this.available = lock.newCondition();
        this.ticker = ticker;
    }

    /**
     * Waits until something changed, until {@code next} if no other thread does, and at most until {@code deadline}.
     */
    void await(OptionalLong next, long deadline, long now) throws InterruptedException {
        waiting++;
        try {
            awaitChange(next, deadline, now);
        } finally {
            waiting--;
        }
    }

    private void awaitChange(OptionalLong next, long deadline, long now) throws InterruptedException {
        if (leader != null || next.isEmpty()) {
            ticker.await(available, deadline - now);
            return;
        }
        Thread me = Thread.currentThread();
        leader = me;
        try {
            ticker.await(available, Math.min(next.getAsLong() - now, deadline - now));
        } finally {
            if (leader == me) {
                leader = null;
            }
        }
    }

    /** Whether a worker waits at this moment. */
    boolean isOneWaiting() {
        return waiting > 0;
    }

    /** Something changed that may make a lease possible, or the end: the leader's waiting time may be wrong now. */
    void changed() {
        leader = null;
        available.signal();
    }

    /** A worker leaves: the next one takes what is ready, or leads. */
    void passOn() {
        if (leader == null) {
            available.signal();
        }
    }

    /** A worker leaves without having done what it may have been woken for. */
    void passOnWakeUp() {
        available.signal();
    }

    /** No thread need wait any more. */
    void wakeAll() {
        available.signalAll();
    }
}
