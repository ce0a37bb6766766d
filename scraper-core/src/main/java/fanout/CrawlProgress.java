package fanout;

import fanout.internal.frontier.FrontierSnapshot;
import fanout.outcome.Failed;
import fanout.sink.Totals;
import java.time.Duration;
import java.util.Optional;

/**
 * A crawl at one moment. Immutable; figures of different rooms are read one after the other.
 *
 * @param items items extracted so far
 * @param bytes decoded body bytes of pages
 * @param resultsQueued outcomes on their way to the sink
 * @param lastFailure the latest URL that has failed for good
 * @param slowedDownBy while nothing is in flight, a host that has said that it has too much to do; empty if there is
 *     none
 */
public record CrawlProgress(
        Urls urls,
        Outcomes outcomes,
        long items,
        long bytes,
        int resultsQueued,
        Timing timing,
        Optional<Failed> lastFailure,
        Optional<HostProgress> slowedDownBy) {

    static CrawlProgress of(Totals.Snapshot totals, FrontierSnapshot frontier, int resultsQueued, Timing timing,
            Optional<HostProgress> slowedDownBy) {
        FrontierSnapshot.Urls urls = frontier.urls();
        int hosts = frontier.hosts().values().stream().mapToInt(Integer::intValue).sum();
        return new CrawlProgress(
                new Urls(urls.discovered(), urls.ready(), urls.delayed(), urls.leased(), hosts),
                new Outcomes(totals.ok(), totals.redirected(), totals.failed(), totals.skipped(), totals.cancelled()),
                totals.items(), totals.bytes(), resultsQueued, timing, totals.lastFailure(), slowedDownBy);
    }

    /**
     * URLs that are known, and where those without an outcome are.
     *
     * @param discovered URLs admitted so far
     * @param ready URLs that could be fetched now
     * @param delayed URLs that wait for their host's turn, its robots.txt, or their own backoff
     * @param inFlight pieces of work in the hands of workers: fetches, and pages that are parsed
     * @param hosts hosts that are remembered
     */
    public record Urls(long discovered, long ready, long delayed, int inFlight, int hosts) {}

    /** URLs by their outcome. */
    public record Outcomes(long ok, long redirected, long failed, long skipped, long cancelled) {

        /** URLs that have their outcome. */
        public long done() {
            return ok + redirected + failed + skipped + cancelled;
        }
    }

    /**
     * How long the crawl has run, and how long it may.
     *
     * @param deadlineLeft until {@code maxDuration}; negative once it has passed
     */
    public record Timing(Duration elapsed, Duration deadlineLeft) {}
}
