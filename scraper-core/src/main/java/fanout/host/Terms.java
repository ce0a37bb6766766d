package fanout.host;

import fanout.job.Politeness.Manners;
import java.time.Duration;

/**
 * How a crawl treats a host, or how several crawls treat it together: the strictest of each. Immutable.
 *
 * @param perHostConcurrency requests in flight at once
 * @param leastDelay nanoseconds between two requests: the configured delay, or robots.txt's Crawl-delay if that is longer
 * @param autoThrottle whether the delay follows the host's latency
 * @param maxDelay nanoseconds that autoThrottle may reach
 */
record Terms(int perHostConcurrency, long leastDelay, boolean autoThrottle, long maxDelay) {

    /** The terms of a crawl that has not read the host's robots.txt. */
    static Terms of(Manners manners) {
        return new Terms(manners.perHostConcurrency(), manners.delay().toNanos(), manners.autoThrottle(),
                manners.maxDelay().toNanos());
    }

    /** After robots.txt asked for a Crawl-delay. */
    Terms withCrawlDelay(Duration crawlDelay) {
        return new Terms(perHostConcurrency, Math.max(leastDelay, crawlDelay.toNanos()), autoThrottle, maxDelay);
    }

    /** The terms of two crawls that visit the host at the same time. */
    Terms and(Terms other) {
        return new Terms(Math.min(perHostConcurrency, other.perHostConcurrency), Math.max(leastDelay, other.leastDelay),
                autoThrottle || other.autoThrottle, Math.max(maxDelay, other.maxDelay));
    }
}
