package fanout;

import fanout.internal.frontier.FrontierSnapshot;
import fanout.internal.parse.FollowTally;
import fanout.job.CrawlJob;
import fanout.outcome.Stage;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Fetching;
import fanout.report.CrawlReport.Items;
import fanout.report.CrawlReport.LeftOut;
import fanout.report.CrawlReport.Links;
import fanout.report.CrawlReport.Timing;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import fanout.sink.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a crawl's report of what its parts have counted by its end.
 *
 * @param runs of the crawl, this one included
 * @param urls the frontier's last snapshot
 * @param totals the writer's last snapshot
 * @param follows what the job's follow rules came to
 * @param drained whether the crawl was asked to end early
 * @param failure what made it fail
 */
record ReportBuilder(
        CrawlJob job,
        int runs,
        Instant startedAt,
        Duration elapsed,
        FrontierSnapshot urls,
        Totals.Snapshot totals,
        LeakCheck leaks,
        List<FollowTally.Sum> follows,
        long abandonedLookups,
        boolean drained,
        Optional<CrawlFailure> failure) {

    CrawlReport report() {
        return new CrawlReport(job.name(), finishReason(), failure,
                new Timing(runs, startedAt, elapsed, totals.latency(), deadlineExceeded()),
                totals.accounting(urls.urls().discovered()),
                new Links(urls.links().duplicates(), urls.links().outOfScope(), urls.links().dropped(),
                        totals.externalOk(), follow(),
                        new LeftOut(job.start().skipped().count(), job.start().skipped().first())),
                new Items(totals.items(), totals.itemsDropped()),
                new Fetching(totals.bytes(), urls.urls().peakLeased(), urls.robots(), urls.sitemaps(),
                        urls.logins(), abandonedLookups),
                urls.cut(), leaks);
    }

    /**
     * A frontier whose last URLs were cancelled in flight is empty, too, and the crawl is not exhausted. Nor is it if
     * all that is left is what its hosts or labels may not have.
     */
    private FinishReason finishReason() {
        if (failure.isPresent()) {
            return FinishReason.FAILED;
        }
        return urls.ended()
                .filter(ended -> switch (ended) {
                    case MAX_PAGES -> totals.cancelled() == 0 || urls.cut().isNothing()
                            || totals.ok() - totals.externalOk() >= job.limits().maxPages();
                    case EXHAUSTED -> totals.cancelled() == 0;
                    case MAX_DURATION, INTERRUPTED, FAILED -> false;
                })
                .orElse(drained ? FinishReason.INTERRUPTED : FinishReason.MAX_DURATION);
    }

    private List<CrawlReport.Follow> follow() {
        return follows.stream()
                .map(sum -> new CrawlReport.Follow(sum.entry(), sum.links(), sum.noLinks(),
                        Optional.ofNullable(sum.example()).map(found -> found.reason() + ", on " + found.page())))
                .toList();
    }

    private Map<Stage, Long> deadlineExceeded() {
        Map<Stage, Long> exceeded = new EnumMap<>(Stage.class);
        exceeded.putAll(urls.deadlineExceeded());
        if (FlushTimeoutException.isIn(failure)) {
            exceeded.merge(Stage.SINK, 1L, Long::sum);
        }
        return exceeded;
    }
}
