package fanout.frontier;

import fanout.host.Circuit;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.FinishReason;
import fanout.task.Stage;
import java.util.Map;
import java.util.Optional;

/**
 * The frontier at one moment.
 *
 * @param discovered URLs admitted
 * @param ready URLs that could be fetched now
 * @param delayed URLs that wait for their host's ready-time or robots.txt, or their own backoff
 * @param leased pieces of work in the hands of workers
 * @param dropped links lost to a limit or to nofollow
 * @param hosts by circuit phase
 * @param ended why nothing more is handed out; empty while something may be
 */
public record FrontierSnapshot(
        long discovered,
        long ready,
        long delayed,
        int leased,
        int peakLeased,
        long duplicates,
        long outOfScope,
        long dropped,
        long retries,
        Auxiliary robots,
        Auxiliary sitemaps,
        Map<Circuit.Phase, Integer> hosts,
        Map<Stage, Long> deadlineExceeded,
        Optional<FinishReason> ended) {

    public FrontierSnapshot {
        hosts = Map.copyOf(hosts);
        deadlineExceeded = Map.copyOf(deadlineExceeded);
    }
}
