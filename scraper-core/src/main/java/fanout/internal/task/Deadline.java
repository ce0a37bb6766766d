package fanout.internal.task;

import java.time.Duration;
import java.util.Optional;

/**
 * A moment by which something must have ended. Deadlines nest: a fetch has one of its own within the
 * job's, and a parse another. {@link #within} binds the nearer of the enclosing one and a new one, and every wait asks
 * {@link #current} how long it may take.
 *
 * <p>The binding is a {@link ScopedValue}: it is inherited by tasks forked in a {@link TaskScope}, ends with the call,
 * and cannot leak. Immutable.
 *
 * @param ticker the clock that {@code atNanos} is read on
 * @param atNanos the moment, in {@link Ticker#nanos}
 * @param limit the time that was granted, for messages
 * @param interrupts whether the thread that set the deadline interrupts those that work under it when it passes
 * @param enclosing the deadline that it was bound within, which is not nearer
 */
public record Deadline(Ticker ticker, long atNanos, Duration limit, boolean interrupts, Optional<Deadline> enclosing) {

    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    /** A deadline that no other encloses. */
    public Deadline(Ticker ticker, long atNanos, Duration limit, boolean interrupts) {
        this(ticker, atNanos, limit, interrupts, Optional.empty());
    }

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
     * @throws java.util.NoSuchElementException if no deadline is set: a wait without one is a bug
     */
    public static Deadline current() {
        return CURRENT.get();
    }

    /** Runs an action under this deadline, or the enclosing one if that is nearer. */
    public <R, X extends Throwable> R within(ScopedValue.CallableOp<? extends R, X> action) throws X {
        return ScopedValue.where(CURRENT, nearest()).call(action);
    }

    private Deadline nearest() {
        if (!CURRENT.isBound()) {
            return this;
        }
        Deadline outer = CURRENT.get();
        return outer.isBefore(atNanos) ? outer : new Deadline(ticker, atNanos, limit, interrupts, Optional.of(outer));
    }

    private boolean isBefore(long nanos) {
        return atNanos - nanos < 0;
    }

    /**
     * The deadline for a wait that does not count against this one: the enclosing one, or this one if it is outermost.
     */
    public Deadline ofUncountedWaits() {
        return enclosing.orElse(this);
    }

    /**
     * This deadline, later by a wait that does not count, but never later than the enclosing one. The outermost is
     * kept.
     */
    public Deadline extendedBy(long uncountedNanos) {
        long later = atNanos + uncountedNanos;
        return enclosing.map(outer -> outer.isBefore(later) ? outer
                : new Deadline(ticker, later, limit, interrupts, enclosing)).orElse(this);
    }

    /**
     * This deadline, as if this limit had been granted at some moment, but never later than the enclosing one. The
     * outermost is kept.
     *
     * @param sinceNanos the moment, in {@link Ticker#nanos}
     */
    public Deadline limitedTo(Duration other, long sinceNanos) {
        long at = sinceNanos + other.toNanos();
        return enclosing.map(outer -> outer.isBefore(at) ? outer
                : new Deadline(ticker, at, other, interrupts, enclosing)).orElse(this);
    }

    /** Nanoseconds left; 0 or less once the deadline has passed. */
    public long remainingNanos() {
        return atNanos - ticker.nanos();
    }

    public boolean hasPassed() {
        return remainingNanos() <= 0;
    }
}
