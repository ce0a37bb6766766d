package fanout.task;

import java.time.Duration;

/**
 * A moment by which something must have ended. Deadlines form a tree, job ⊃ fetch ⊃ stage: {@link #within} binds the
 * nearer of the enclosing one and a new one, and whoever waits asks {@link #current} how long it may.
 *
 * <p>The binding is a {@link ScopedValue}: it is inherited by tasks forked in a {@link TaskScope}, ends with the call, and
 * cannot leak. Immutable.
 *
 * @param ticker the clock that {@code atNanos} is read on
 * @param atNanos the moment, in {@link Ticker#nanos}
 * @param limit the time that was granted, for messages
 * @param interrupts whether who is late is interrupted by whoever set the deadline
 */
public record Deadline(Ticker ticker, long atNanos, Duration limit, boolean interrupts) {

    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    /** A deadline this long from now. */
    public static Deadline after(Duration limit, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + limit.toNanos(), limit, false);
    }

    /** A deadline this long from now, at which the caller interrupts all who work under it. */
    public static Deadline interruptingAfter(Duration limit, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + limit.toNanos(), limit, true);
    }

    /**
     * The nearest enclosing deadline.
     *
     * @throws java.util.NoSuchElementException if there is none: a wait without a deadline is a bug
     */
    public static Deadline current() {
        return CURRENT.get();
    }

    /** Runs an action under this deadline, or the enclosing one if that is nearer. */
    public <R, X extends Throwable> R within(ScopedValue.CallableOp<? extends R, X> action) throws X {
        return ScopedValue.where(CURRENT, nearest()).call(action);
    }

    private Deadline nearest() {
        Deadline enclosing = CURRENT.orElse(this);
        return enclosing.atNanos - atNanos < 0 ? enclosing : this;
    }

    /** Nanoseconds left; 0 or less once the deadline has passed. */
    public long remainingNanos() {
        return atNanos - ticker.nanos();
    }

    public boolean hasPassed() {
        return remainingNanos() <= 0;
    }
}
