package fanout.internal.task;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/**
 * A clock that a test moves. A {@linkplain #stopped stopped} one stands until the test {@linkplain #advance advances}
 * it; a {@linkplain #jumping jumping} one moves to the end of each wait at once, so a single thread can wait for
 * anything, and no test sleeps.
 */
public final class ManualTicker implements Ticker {

    /** Long.MAX_VALUE is two seconds away: comparisons that cannot stand an overflow fail. */
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
    private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");
    /** A waiter looks this often, in real time, whether the test has moved the clock. */
    private static final long LOOK_EVERY = TimeUnit.MICROSECONDS.toNanos(200);

    private final AtomicLong passed = new AtomicLong();
    private final boolean jumping;

    private ManualTicker(boolean jumping) {
        this.jumping = jumping;
    }

    /** A clock that stands. */
    public static ManualTicker stopped() {
        return new ManualTicker(false);
    }

    /** A clock that each wait moves to the end of the wait. For one thread. */
    public static ManualTicker jumping() {
        return new ManualTicker(true);
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    /** The time that has passed since this clock was made. */
    public Duration passed() {
        return Duration.ofNanos(passed.get());
    }

    @Override
    public long nanos() {
        return ORIGIN + passed.get();
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(passed.get());
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers loop, and may be woken for nothing
    public long await(Condition condition, long nanos) throws InterruptedException {
        if (jumping) {
            passed.addAndGet(nanos);
            return 0;
        }
        long began = passed.get();
        condition.awaitNanos(Math.min(nanos, LOOK_EVERY));
        return nanos - (passed.get() - began);
    }
}
