package fanout.app.metrics;

import fanout.job.Limits;
import fanout.outcome.Reason;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.util.Locale;

/**
 * How a crawl has ended, for those who operate it: what the exit code of a process says, and what only a service knows.
 */
public enum CrawlResult {
    /** It is exhausted or has reached {@code maxPages}, with pages that are ok and all that its job expects. */
    SUCCESS,
    /** {@code maxDuration} was reached. */
    DEADLINE,
    /** It is exhausted, and no page was ok. */
    NO_RESULTS,
    /** More than {@code maxFailedPercent} of its URLs have failed. */
    TOO_MANY_FAILED,
    /** An expectation of its job does not hold. */
    EXPECTATION,
    /** Results could not be written. */
    SINK,
    /** It was asked to end. */
    CANCELLED,
    /** The service ended before the crawl did, and it cannot be resumed. */
    LOST,
    /** It could not start or log in, has left something behind, or met a bug. */
    ERROR;

    /** The value of the label {@code result}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the first that applies to a crawl that has run under these limits and was judged. */
    public static CrawlResult of(CrawlReport report, Limits limits) {
        boolean otherThanSink = report.failure().filter(why -> why.kind() != CrawlFailure.Kind.SINK).isPresent();
        if (otherThanSink || !report.leakCheck().isClean()) {
            return ERROR;
        }
        if (report.leakCheck().undeliveredResults() > 0) {
            return SINK;
        }
        boolean isEmpty = report.finishReason() == FinishReason.EXHAUSTED && report.accounting().ok() == 0;
        boolean manyFailed = hasTooManyFailed(report, limits);
        return switch (report.finishReason()) {
            case FAILED -> SINK;
            case INTERRUPTED -> CANCELLED;
            case MAX_DURATION -> manyFailed ? TOO_MANY_FAILED : DEADLINE;
            case EXHAUSTED, MAX_PAGES -> isEmpty ? NO_RESULTS
                    : manyFailed ? TOO_MANY_FAILED : report.judgement().isBroken() ? EXPECTATION : SUCCESS;
        };
    }

    /**
     * Returns whether more URLs have failed, or were given up with their host, than {@code limits.maxFailedPercent}
     * lets pass for a success.
     */
    public static boolean hasTooManyFailed(CrawlReport report, Limits limits) {
        return hasTooManyFailed(report.accounting().ok(), failed(report), limits);
    }

    /** Returns how many URLs have failed, or were given up with their host. */
    public static long failed(CrawlReport report) {
        Accounting urls = report.accounting();
        return urls.failed() + urls.reasons().getOrDefault(Reason.CIRCUIT_OPEN, 0L);
    }

    /** Returns the same of a report's numbers: pages that are ok, and URLs that have failed or were given up. */
    public static boolean hasTooManyFailed(long ok, long lost, Limits limits) {
        return lost * 100 > limits.maxFailedPercent() * (ok + lost);
    }
}
