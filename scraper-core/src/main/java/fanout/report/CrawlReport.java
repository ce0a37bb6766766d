package fanout.report;

import fanout.task.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The truthful end of a crawl.
 *
 * @param job the job's name
 * @param duplicates links to URLs that were known already
 * @param outOfScope links that the scope excludes
 * @param dropped links lost to a limit or to nofollow
 * @param bytes decoded body bytes of pages
 * @param failure what made the crawl fail; present exactly when the finish reason is FAILED
 */
public record CrawlReport(
        String job,
        FinishReason finishReason,
        Instant startedAt,
        Duration elapsed,
        Accounting accounting,
        long duplicates,
        long outOfScope,
        long dropped,
        long items,
        long itemsDropped,
        long bytes,
        Auxiliary robots,
        Auxiliary sitemaps,
        LeakCheck leakCheck,
        long abandonedLookups,
        Latency latency,
        int peakInFlight,
        Map<Stage, Long> deadlineExceeded,
        Optional<CrawlFailure> failure) {

    public CrawlReport {
        deadlineExceeded = Map.copyOf(deadlineExceeded);
    }

    /** Ok pages per second of elapsed time. */
    public double pagesPerSecond() {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds <= 0 ? 0 : accounting.ok() / seconds;
    }

    /** Fetches that serve the crawl and are not pages. */
    public record Auxiliary(long ok, long failed) {}

    /** Durations of the last attempts of all URLs that got a response. */
    public record Latency(Duration p50, Duration p90, Duration p99, Duration max) {}
}
