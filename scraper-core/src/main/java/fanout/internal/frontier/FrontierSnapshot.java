package fanout.internal.frontier;

import fanout.internal.host.Circuit;
import fanout.outcome.Stage;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.FinishReason;
import java.util.Map;
import java.util.Optional;

/**
 * The frontier at one moment. Immutable; made from running sums, without a walk.
 *
 * @param urls what waits, and what is in hand
 * @param links what became of links that led to no new URL
 * @param retries attempts after the first
 * @param logins of this run
 * @param hosts that are known, by circuit phase
 * @param givenUp hosts of these of which nothing more is asked; their circuits stay open
 * @param cut what the limits of hosts have cut off; nothing before the end
 * @param ended why nothing more is handed out; empty while something may be
 * @param loginFailure why the crawl has no session; empty if it has, or needs none
 */
public record FrontierSnapshot(
        Urls urls,
        Links links,
        long retries,
        Auxiliary robots,
        Sitemaps sitemaps,
        Auxiliary logins,
        Map<Circuit.Phase, Integer> hosts,
        int givenUp,
        Map<Stage, Long> deadlineExceeded,
        Cut cut,
        Optional<FinishReason> ended,
        Optional<String> loginFailure) {

    public FrontierSnapshot {
        hosts = Map.copyOf(hosts);
        deadlineExceeded = Map.copyOf(deadlineExceeded);
    }

    /**
     * URLs by where they are.
     *
     * @param discovered URLs admitted
     * @param ready URLs that could be fetched now
     * @param delayed URLs that wait for their host's ready-time or robots.txt, or their own backoff
     * @param leased pieces of work in the hands of workers
     * @param peakLeased the most there were at one moment
     */
    public record Urls(long discovered, long ready, long delayed, int leased, int peakLeased) {}

    /**
     * Links that led to no new URL.
     *
     * @param duplicates links to URLs that were known already
     * @param dropped links lost to a limit or to nofollow
     */
    public record Links(long duplicates, long outOfScope, long dropped) {}
}
