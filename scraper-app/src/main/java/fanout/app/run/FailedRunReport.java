package fanout.app.run;

import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import java.time.Duration;
import java.time.Instant;

/** Reports of runs that ended outside the crawl: before it began, or after it had made its report. */
final class FailedRunReport {

    private FailedRunReport() {}

    /** The report with a bug that showed after it was made; the crawl's own failure is suppressed in the bug's. */
    static CrawlReport after(CrawlReport report, CrawlFailure bug) {
        report.failure()
                .map(CrawlFailure::cause)
                .filter(first -> !first.equals(bug.cause())) // an exception cannot suppress itself
                .ifPresent(bug.cause()::addSuppressed);
        return report.withFailure(bug);
    }

    /** The report of a crawl that was asked to end before it began. */
    static CrawlReport interrupted(String job, Instant startedAt) {
        return CrawlReport.interrupted(job, startedAt, Duration.between(startedAt, Instant.now()));
    }

    /** The report of a crawl that could not begin. */
    static CrawlReport unstarted(String job, Instant startedAt, CrawlFailure failure) {
        return CrawlReport.notBegun(job, startedAt, Duration.between(startedAt, Instant.now()), failure);
    }
}
