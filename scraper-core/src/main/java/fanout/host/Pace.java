package fanout.host;

import fanout.job.Politeness.Manners;
import java.time.Duration;

/**
 * When a host may be asked again: one ready-time, as a pure function of what happened. A host is ready {@code delay} after
 * its previous request was <em>written</em>, and not before a Retry-After has passed; so no request is ever early, which
 * no counter of requests per window can promise.
 *
 * <p>autoThrottle is Scrapy's: target = latency ÷ perHostConcurrency, next = max(target, mean(previous, target)); failures
 * never lower the delay; 429 and 503 double it; it stays within [delay, maxDelay].
 *
 * <p>Immutable. Times are {@link fanout.task.Ticker#nanos}, and may overflow as those do.
 *
 * @param least the configured delay, or the robots.txt's Crawl-delay if that is longer
 * @param delay the present one
 * @param readyAt the delay after the last request was written
 * @param heldUntil what the host itself asked for
 */
public record Pace(Manners manners, long least, long delay, long lastWritten, long readyAt, long heldUntil) {

    /** The pace of a host that was never asked. */
    public static Pace initial(Manners manners, long now) {
        long delay = manners.delay().toNanos();
        return new Pace(manners, delay, delay, now - delay, now, now);
    }

    /** Whether a request must be written before the next one can be scheduled. */
    public boolean isPaced() {
        return delay > 0 || manners.autoThrottle();
    }

    /** When the host is ready. */
    public long nextAt() {
        return heldUntil - readyAt > 0 ? heldUntil : readyAt;
    }

    /** After a request was written, or given up unwritten. */
    public Pace written(long at) {
        return new Pace(manners, least, delay, at, at + delay, heldUntil);
    }

    /** After the host asked for silence until then; an earlier end of an earlier silence does not shorten it. */
    public Pace heldUntil(long until) {
        return until - heldUntil > 0 ? new Pace(manners, least, delay, lastWritten, readyAt, until) : this;
    }

    /** After robots.txt asked for a Crawl-delay. */
    public Pace withCrawlDelay(Duration crawlDelay) {
        long asked = Math.max(least, crawlDelay.toNanos());
        return new Pace(manners, asked, Math.max(delay, asked), lastWritten, readyAt, heldUntil)
                .withDelay(Math.max(delay, asked));
    }

    /** After the host answered, or failed to. */
    public Pace answered(HostFeedback answer) {
        if (!manners.autoThrottle()) {
            return this;
        }
        long target = answer.latency().map(latency -> latency.toNanos() / manners.perHostConcurrency()).orElse(0L);
        long next = Math.max(target, delay / 2 + target / 2);
        if (answer.isOverloaded()) {
            next = Math.max(next, 2 * delay);
        }
        if (!answer.isOk()) {
            next = Math.max(next, delay);
        }
        return withDelay(Math.clamp(next, least, Math.max(least, manners.maxDelay().toNanos())));
    }

    private Pace withDelay(long next) {
        return new Pace(manners, least, next, lastWritten, lastWritten + next, heldUntil);
    }
}
