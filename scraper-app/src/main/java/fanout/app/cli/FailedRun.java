package fanout.app.cli;

import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import java.time.Duration;
import java.time.Instant;

/** The reports of runs that failed outside their crawl: before it began, or after it had made its own. */
final class FailedRun {

    private FailedRun() {}

    /** What a report says when a bug shows after it was made; the crawl's own failure is not lost. */
    static CrawlReport after(CrawlReport report, CrawlFailure bug) {
        report.failure()
                .map(CrawlFailure::cause)
                .filter(first -> !first.equals(bug.cause())) // an exception cannot suppress itself
                .ifPresent(bug.cause()::addSuppressed);
        return report.withFailure(bug);
    }

    /** The report of a crawl that never began. */
    static CrawlReport unstarted(String job, Instant startedAt, CrawlFailure failure) {
        return CrawlReport.notBegun(job, startedAt, Duration.between(startedAt, Instant.now()), failure);
    }
}
