package fanout.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A one-shot signal that says why: set once, seen by everybody who waits or asks, before or after.
 *
 * <p>The state is a value and not an event, so that a signal set before a wait is not lost. Thread-safe; waits are
 * bounded and interruptible.
 *
 * @param <T> the reason; immutable
 */
public final class Signal<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wasSet = lock.newCondition();
    private final Ticker ticker;

    @GuardedBy("lock")
    private @Nullable T reason;

    public Signal(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Sets the signal. The first reason stays; returns whether this was it. */
    public boolean set(T why) {
        lock.lock();
        try {
            if (reason != null) {
                return false;
            }
            reason = why;
            wasSet.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The reason, if the signal was set. */
    public Optional<T> reason() {
        lock.lock();
        try {
            return Optional.ofNullable(reason);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the signal, at most this long; empty if it was not set in time. */
    public Optional<T> await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (reason == null && left > 0) {
                left = ticker.await(wasSet, left);
            }
            return Optional.ofNullable(reason);
        } finally {
            lock.unlock();
        }
    }
}
