package fanout.internal.frontier;

import fanout.internal.task.Times;
import java.time.Duration;

/**
 * The limit over all hosts: the generic cell rate algorithm (ITU-T I.371). Requests are spaced evenly; a schedule that
 * fell behind by a few milliseconds, because timers are no better, may catch up. The spacing is widened by what that
 * allows: no window of one second holds more than the limit. Guarded by the frontier's lock.
 */
final class RequestRate {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MOST_CATCHING_UP = Duration.ofMillis(10).toNanos();
    /** Below this many requests a second, evenness costs nothing. */
    private static final int LOW_RATE = 100;

    private final long spacing;
    private final long catchingUp;
    private long due;
    private long dueBefore;

    RequestRate(int perSecond, long now) {
        catchingUp = perSecond < LOW_RATE ? 0 : MOST_CATCHING_UP;
        spacing = Math.ceilDiv(SECOND + catchingUp, (long) perSecond); // rounded down, one more would fit at the edge
        due = now;
        dueBefore = now;
    }

    /** When the next request may start. */
    long nextAt() {
        return due - catchingUp;
    }

    /**
     * Counts a request that starts now.
     *
     * @return what {@link #takeBack} needs to know of it
     */
    long started(long now) {
        dueBefore = due;
        due = Times.later(due, now) + spacing;
        return due;
    }

    /**
     * Takes back a request that was counted and not made. Only the latest can be: the time of an earlier one has
     * passed, and crediting it later would let two requests through at once.
     */
    void takeBack(long started) {
        if (due == started) {
            due = dueBefore;
        }
    }
}
