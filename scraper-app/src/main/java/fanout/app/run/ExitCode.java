package fanout.app.run;

import fanout.job.Limits;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.util.Optional;

/** The exit codes of the process. */
public enum ExitCode {
    FINISHED(0), INTERNAL_ERROR(1), BAD_USAGE(2), MAX_DURATION(3), NO_RESULTS(4), LEAKED(5), INTERRUPTED(130);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    /** The first that applies to a crawl under these limits. */
    public static ExitCode of(CrawlReport report, Limits limits) {
        return report.failure().flatMap(ExitCode::of).orElseGet(() -> ofEnd(report, limits));
    }

    /** The code of a failure that counts before all else; a failed leak check counts before a failed sink. */
    private static Optional<ExitCode> of(CrawlFailure failure) {
        return switch (failure.kind()) {
            case NOT_STARTED -> Optional.of(BAD_USAGE);
            case INTERNAL -> Optional.of(INTERNAL_ERROR);
            case SINK -> Optional.empty();
        };
    }

    private static ExitCode ofEnd(CrawlReport report, Limits limits) {
        if (!report.leakCheck().isClean()) {
            return LEAKED;
        }
        boolean nothing = report.finishReason() == FinishReason.EXHAUSTED && report.accounting().ok() == 0;
        if (nothing || report.leakCheck().undeliveredResults() > 0) {
            return NO_RESULTS;
        }
        boolean manyFailed = TooManyFailed.in(report, limits);
        return switch (report.finishReason()) {
            case FAILED -> NO_RESULTS;
            case INTERRUPTED -> INTERRUPTED;
            case MAX_DURATION -> manyFailed ? NO_RESULTS : MAX_DURATION;
            case EXHAUSTED, MAX_PAGES -> manyFailed ? NO_RESULTS : FINISHED;
        };
    }

    /** Returns the first that applies if the reader of standard output has left. */
    ExitCode unread() {
        return switch (this) {
            case BAD_USAGE, INTERNAL_ERROR, LEAKED, NO_RESULTS, INTERRUPTED -> this;
            case MAX_DURATION, FINISHED -> INTERRUPTED;
        };
    }

    /** The first that applies if, besides, an output or the report could not be written. */
    ExitCode notWritten() {
        return switch (this) {
            case BAD_USAGE, INTERNAL_ERROR, LEAKED, NO_RESULTS -> this;
            case INTERRUPTED, MAX_DURATION, FINISHED -> NO_RESULTS;
        };
    }
}
