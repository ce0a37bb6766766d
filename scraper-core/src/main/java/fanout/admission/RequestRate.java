package fanout.admission;

import java.time.Duration;

/**
 * The limit over all hosts: the generic cell rate algorithm (ITU-T I.371). Requests are spaced evenly; a schedule that fell
 * behind by a few milliseconds, because timers are no better, may catch up. The spacing is widened by what that allows, so
 * that no window of one second holds more than the limit. Guarded by the frontier's lock.
 */
public final class RequestRate {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MOST_CATCHING_UP = Duration.ofMillis(10).toNanos();
    /** Below this many requests a second, evenness costs nothing. */
    private static final int LOW_RATE = 100;

    private final long spacing;
    private final long catchingUp;
    private long due;

    public RequestRate(int perSecond, long now) {
        catchingUp = perSecond < LOW_RATE ? 0 : MOST_CATCHING_UP;
        spacing = Math.ceilDiv(SECOND + catchingUp, (long) perSecond); // rounded down, one more would fit at the edge
        due = now;
    }

    /** When the next request may start. */
    public long nextAt() {
        return due - catchingUp;
    }

    /** Counts a request that starts now. */
    public void started(long now) {
        due = (due - now > 0 ? due : now) + spacing;
    }

    /** Takes back one that was counted and not made. */
    public void forgetOne() {
        due -= spacing;
    }
}
