package fanout.app.run;

import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Latency;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** Reports of runs that failed outside the crawl: before it began, or after it had made its report. */
final class FailedRunReport {

    private FailedRunReport() {}

    /** The report with a bug that showed after it was made; the crawl's own failure is suppressed in the bug's. */
    static CrawlReport after(CrawlReport report, CrawlFailure bug) {
        report.failure()
                .map(CrawlFailure::cause)
                .filter(first -> !first.equals(bug.cause())) // an exception cannot suppress itself
                .ifPresent(bug.cause()::addSuppressed);
        return new CrawlReport(report.job(), FinishReason.FAILED, report.startedAt(), report.elapsed(),
                report.accounting(), report.duplicates(), report.outOfScope(), report.dropped(), report.items(),
                report.itemsDropped(), report.bytes(), report.robots(), report.sitemaps(), report.leakCheck(),
                report.abandonedLookups(), report.latency(), report.peakInFlight(), report.deadlineExceeded(),
                Optional.of(bug));
    }

    /** The report of a crawl that never began. */
    static CrawlReport unstarted(String job, Instant startedAt, CrawlFailure failure) {
        Auxiliary none = new Auxiliary(0, 0);
        return new CrawlReport(job, FinishReason.FAILED, startedAt, Duration.between(startedAt, Instant.now()),
                new Accounting(0, 0, 0, 0, 0, 0, Collections.emptySortedMap()), 0, 0, 0, 0, 0, 0, none, none,
                new LeakCheck(0, 0, 0, 0, 0), 0,
                new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO), 0, Map.of(),
                Optional.of(failure));
    }
}
