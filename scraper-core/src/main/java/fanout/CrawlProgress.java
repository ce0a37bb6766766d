package fanout;

import fanout.frontier.FrontierSnapshot;
import fanout.outcome.Failed;
import fanout.sink.Totals;
import java.time.Duration;
import java.util.Optional;

/**
 * A crawl at one moment. Immutable; figures of different rooms are read one after the other.
 *
 * @param discovered URLs admitted so far
 * @param ready URLs that could be fetched now
 * @param delayed URLs that wait for their host's turn, its robots.txt, or their own backoff
 * @param inFlight fetches at work
 * @param resultsQueued outcomes on their way to the sink
 * @param deadlineLeft until {@code maxDuration}; negative once it has passed
 * @param lastFailure the latest URL that has failed for good
 */
public record CrawlProgress(
        long discovered,
        long ok,
        long redirected,
        long failed,
        long skipped,
        long cancelled,
        long items,
        long bytes,
        long ready,
        long delayed,
        int inFlight,
        int hosts,
        int resultsQueued,
        Duration elapsed,
        Duration deadlineLeft,
        Optional<Failed> lastFailure) {

    static CrawlProgress of(Totals.Snapshot totals, FrontierSnapshot frontier, int resultsQueued, Duration elapsed,
            Duration deadlineLeft) {
        FrontierSnapshot.Urls urls = frontier.urls();
        return new CrawlProgress(urls.discovered(), totals.ok(), totals.redirected(), totals.failed(), totals.skipped(),
                totals.cancelled(), totals.items(), totals.bytes(), urls.ready(), urls.delayed(), urls.leased(),
                frontier.hosts().values().stream().mapToInt(Integer::intValue).sum(), resultsQueued, elapsed,
                deadlineLeft, totals.lastFailure());
    }

    /** URLs that have their outcome. */
    public long done() {
        return ok + redirected + failed + skipped + cancelled;
    }
}
