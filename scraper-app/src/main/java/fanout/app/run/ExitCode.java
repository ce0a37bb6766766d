package fanout.app.run;

import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;

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

    /** The first that applies to a crawl that has run. */
    public static ExitCode of(CrawlReport report) {
        boolean bug = report.failure().filter(failure -> failure.kind() == CrawlFailure.Kind.INTERNAL).isPresent();
        if (bug) {
            return INTERNAL_ERROR;
        }
        if (!report.leakCheck().isClean()) {
            return LEAKED;
        }
        boolean nothing = report.finishReason() == FinishReason.EXHAUSTED && report.accounting().ok() == 0;
        if (nothing || report.leakCheck().undeliveredResults() > 0) {
            return NO_RESULTS;
        }
        return switch (report.finishReason()) {
            case FAILED -> NO_RESULTS;
            case INTERRUPTED -> INTERRUPTED;
            case MAX_DURATION -> MAX_DURATION;
            case EXHAUSTED, MAX_PAGES -> FINISHED;
        };
    }
}
