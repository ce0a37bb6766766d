package fanout.host;

import fanout.task.Times;

/**
 * When a host may be asked again: one ready-time, as a pure function of what happened. A host is ready {@code delay} after
 * its previous request was <em>written</em>, and not before a Retry-After has passed. No request is ever early, which a
 * counter of requests per window cannot promise.
 *
 * <p>autoThrottle is Scrapy's: target = latency ÷ perHostConcurrency, next = max(target, mean(previous, target)); failures
 * never lower the delay; 429 and 503 double it; it stays within [delay, maxDelay].
 *
 * <p>Immutable. Times are {@link fanout.task.Ticker#nanos}, and may overflow as those do.
 *
 * @param asked whether a request was ever written
 * @param throttle what autoThrottle makes of the host's latency, in nanoseconds; counts while a crawl at the host uses autoThrottle. No
 *     crawl's own delay is in it: one that leaves takes its delay along
 * @param lastWritten when the last request was written
 * @param heldUntil what the host itself asked for
 */
record Pace(boolean asked, long throttle, long lastWritten, long heldUntil) {

    /** The pace of a host that was never asked. */
    public static Pace initial(long now) {
        return new Pace(false, 0, now, now);
    }

    /** The present delay in nanoseconds. */
    public long delay(Terms terms) {
        return terms.autoThrottle() ? Math.max(terms.leastDelay(), Math.min(throttle, terms.maxDelay()))
                : terms.leastDelay();
    }

    /** Whether a request must be written before the next one can be scheduled. */
    public boolean isPaced(Terms terms) {
        return terms.autoThrottle() || terms.leastDelay() > 0;
    }

    /** When the host is ready. */
    public long readyAt(Terms terms) {
        return asked ? Times.later(lastWritten + delay(terms), heldUntil) : heldUntil;
    }

    /** After a request was written, or given up unwritten. */
    public Pace written(long at) {
        return new Pace(true, throttle, at, heldUntil);
    }

    /** After the host asked for silence until then; a shorter request does not end a longer one. */
    public Pace heldUntil(long until) {
        return new Pace(asked, throttle, lastWritten, Times.later(until, heldUntil));
    }

    /** After the host answered, or failed to. */
    public Pace answered(HostFeedback feedback, Terms terms) {
        if (!terms.autoThrottle()) {
            return this;
        }
        long previous = Math.min(throttle, terms.maxDelay());
        long target = feedback.latency().map(latency -> latency.toNanos() / terms.perHostConcurrency()).orElse(0L);
        long next = Math.max(target, previous / 2 + target / 2);
        if (feedback.isOverloaded()) {
            next = Math.max(next, 2 * delay(terms));
        }
        if (!feedback.isOk()) {
            next = Math.max(next, previous);
        }
        return new Pace(asked, Math.min(next, terms.maxDelay()), lastWritten, heldUntil);
    }
}
