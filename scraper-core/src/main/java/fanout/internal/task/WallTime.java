package fanout.internal.task;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment on both clocks: what counts from the start of the machine, and the time of day, which outlives it.
 * Immutable.
 *
 * @param nanos in {@link Ticker#nanos}
 */
public record WallTime(Instant now, long nanos) {

    /** This moment. */
    public static WallTime of(Ticker ticker) {
        return new WallTime(ticker.now(), ticker.nanos());
    }

    /** The time of day at another moment. */
    public Instant at(long otherNanos) {
        return now.plusNanos(otherNanos - nanos);
    }

    /**
     * The nanoseconds of another moment, which is at most so far ahead: the time of day may be set, and must hold
     * nothing for ever.
     */
    public long nanosAt(Instant other, Duration mostAhead) {
        Duration ahead = Duration.between(now, other);
        return nanos
                + (ahead.isNegative() ? 0 : ahead.compareTo(mostAhead) > 0 ? mostAhead.toNanos() : ahead.toNanos());
    }
}
