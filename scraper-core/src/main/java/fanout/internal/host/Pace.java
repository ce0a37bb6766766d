package fanout.internal.host;

import fanout.internal.task.Times;
import fanout.job.Politeness.Manners;
import java.time.Duration;

/**
 * When a host may be asked again: one ready-time, a function of what happened and of nothing else. A host is ready
 * {@code delay} after its previous request was <em>written</em>, and not before a Retry-After has passed. No request is
 * ever early, which a counter of requests per window cannot promise.
 *
 * <p>autoThrottle is Scrapy's: target = latency ÷ perHostConcurrency, next = max(target, mean(previous, target));
 * failures never lower the delay; 429 and 503 double it; it stays within [delay, maxDelay].
 *
 * <p>Times are {@link fanout.internal.task.Ticker#nanos}, and may overflow as those do. Guarded by the lock that the
 * frontiers of the process share.
 */
class Pace {

    /** Whether a request was ever written. */
    private boolean asked;
    /**
     * What autoThrottle makes of the host's latency, in nanoseconds; counts while a crawl at the host uses
     * autoThrottle. No crawl's own delay is in it: one that leaves takes its delay along.
     */
    private long throttle;
    private long lastWritten;
    private long heldUntil;
    /** The status with which the host last said that it has too much to do; 0 if its last answer was another one. */
    private int refusedWith;

    /**
     * How a crawl treats a host, or how several crawls treat it together: the strictest of each. Its functions are
     * pure. Immutable.
     *
     * @param perHostConcurrency requests in flight at once
     * @param leastDelay nanoseconds between two requests: the configured delay, or robots.txt's Crawl-delay if that is
     *     longer
     * @param autoThrottle whether the delay follows the host's latency
     * @param maxDelay nanoseconds that autoThrottle may reach
     */
    record Terms(int perHostConcurrency, long leastDelay, boolean autoThrottle, long maxDelay) {

        /** Returns the terms of a crawl that has not read the host's robots.txt. */
        static Terms of(Manners manners) {
            return new Terms(manners.perHostConcurrency(), manners.delay().toNanos(), manners.autoThrottle(),
                    manners.maxDelay().toNanos());
        }

        /** Returns the terms after robots.txt asked for a Crawl-delay. */
        Terms withCrawlDelay(Duration crawlDelay) {
            return new Terms(perHostConcurrency, Math.max(leastDelay, crawlDelay.toNanos()), autoThrottle, maxDelay);
        }

        /** Returns the terms of two crawls that visit the host at the same time. */
        Terms and(Terms other) {
            return new Terms(Math.min(perHostConcurrency, other.perHostConcurrency),
                    Math.max(leastDelay, other.leastDelay), autoThrottle || other.autoThrottle,
                    Math.max(maxDelay, other.maxDelay));
        }

        /** Returns the delay in nanoseconds of a host of whose latency autoThrottle has made this. */
        long delay(long throttle) {
            return autoThrottle ? Math.max(leastDelay, Math.min(throttle, maxDelay)) : leastDelay;
        }

        /** Whether a request must be written before the next one can be scheduled. */
        boolean isPaced() {
            return autoThrottle || leastDelay > 0;
        }

        /** Returns what autoThrottle makes of a host's latency, in nanoseconds, after this answer. */
        long throttleAfter(HostFeedback feedback, long throttle) {
            if (!autoThrottle) {
                return throttle;
            }
            long previous = Math.min(throttle, maxDelay);
            long target = feedback.latency().map(latency -> latency.toNanos() / perHostConcurrency).orElse(0L);
            long next = Math.max(target, previous / 2 + target / 2);
            if (feedback.isOverloaded()) {
                next = Math.max(next, 2 * delay(throttle));
            }
            if (!feedback.isOk()) {
                next = Math.max(next, previous);
            }
            return Math.min(next, maxDelay);
        }
    }

    /** The pace of a host that was never asked. */
    Pace(long now) {
        this.lastWritten = now;
        this.heldUntil = now;
    }

    /** Returns the present delay in nanoseconds. */
    final long delay(Terms terms) {
        return terms.delay(throttle);
    }

    /** Returns when the host is ready. */
    final long readyAt(Terms terms) {
        return asked ? Times.later(lastWritten + delay(terms), heldUntil) : heldUntil;
    }

    /** A request was written, or given up unwritten. */
    final void written(long at) {
        asked = true;
        lastWritten = at;
    }

    /** The host asked for silence until then; a shorter request does not end a longer one. */
    final void hold(long until) {
        heldUntil = Times.later(until, heldUntil);
    }

    /** A request may have been written then: in a run of a crawl of which the end is not known. */
    final void mayHaveWritten(long at) {
        written(asked ? Times.later(lastWritten, at) : at);
    }

    /** The delay is at least this. */
    final void throttle(long least) {
        throttle = Math.max(throttle, least);
    }

    /** Until when the host has asked for silence; a moment past if it has not. */
    public final long holdEnds() {
        return heldUntil;
    }

    /**
     * The status with which the host last said that it has too much to do: 429 or 503; 0 if its last answer was another
     * one.
     */
    public final int refusedWith() {
        return refusedWith;
    }

    /** The host answered, or failed to. */
    final void answered(HostFeedback feedback, Terms terms) {
        if (feedback.status() > 0) {
            refusedWith = feedback.isOverloaded() ? feedback.status() : 0;
        }
        throttle = terms.throttleAfter(feedback, throttle);
    }

    /** Whether no request was written for so long. */
    final boolean wasLeftAlone(long nanos, long now) {
        return now - lastWritten >= nanos;
    }

    /** Whether the host is ready whatever was asked of it before. */
    final boolean isOver(Terms terms, long now) {
        return wasLeftAlone(delay(terms), now) && Times.compare(heldUntil, now) <= 0;
    }
}
