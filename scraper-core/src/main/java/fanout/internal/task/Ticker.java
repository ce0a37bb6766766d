package fanout.internal.task;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * The clock, and the only way to wait for it: every timed wait of a crawl goes through here, so that a simulated clock
 * can drive the whole crawler. Implementations are thread-safe.
 */
public interface Ticker {

    /** Nanoseconds of a monotonic clock with an arbitrary origin, as {@link System#nanoTime}. */
    long nanos();

    /** The time of day. */
    Instant now();

    /**
     * Waits on a condition, whose lock the caller holds, for at most this long.
     *
     * @return an estimate of the nanoseconds left, 0 or less if the time is up
     * @throws InterruptedException if the thread is interrupted; the lock is held again then, too
     */
    long await(Condition condition, long nanos) throws InterruptedException;

    /** The machine's clock. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

/** {@link System#nanoTime} and {@link Instant#now}. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    public long await(Condition condition, long nanos) throws InterruptedException {
        return condition.awaitNanos(nanos);
    }
}
