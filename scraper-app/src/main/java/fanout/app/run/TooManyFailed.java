package fanout.app.run;

import fanout.job.Limits;
import fanout.outcome.Reason;
import fanout.report.Accounting;
import fanout.report.CrawlReport;

/** {@code limits.maxFailedPercent}. */
final class TooManyFailed {

    private TooManyFailed() {}

    /** Whether more URLs have failed, or were given up with their host, than the job lets pass for a success. */
    static boolean in(CrawlReport report, Limits limits) {
        Accounting urls = report.accounting();
        long lost = urls.failed() + urls.reasons().getOrDefault(Reason.CIRCUIT_OPEN, 0L);
        return lost * 100 > limits.maxFailedPercent() * (urls.ok() + lost);
    }
}
