package fanout.app.run;

import fanout.app.metrics.CrawlResult;
import fanout.job.Limits;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import java.util.Optional;

/** The exit codes of the process. */
public enum ExitCode {
    FINISHED(0), INTERNAL_ERROR(1), BAD_USAGE(2), MAX_DURATION(3), NO_RESULTS(4), LEAKED(5), EXPECTATION(6),
    INTERRUPTED(130);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    /** The first that applies to a crawl under these limits. */
    public static ExitCode of(CrawlReport report, Limits limits) {
        return switch (CrawlResult.of(report, limits)) {
            case SUCCESS -> FINISHED;
            case DEADLINE -> MAX_DURATION;
            case NO_RESULTS, TOO_MANY_FAILED, SINK -> NO_RESULTS;
            case EXPECTATION -> EXPECTATION;
            case CANCELLED -> INTERRUPTED;
            case ERROR, LOST -> report.failure().flatMap(ExitCode::ofError).orElse(LEAKED);
        };
    }

    /** The code of a failure that is neither a sink's nor a leak. */
    private static Optional<ExitCode> ofError(CrawlFailure failure) {
        return switch (failure.kind()) {
            case NOT_STARTED -> Optional.of(BAD_USAGE);
            case LOGIN -> Optional.of(NO_RESULTS);
            case INTERNAL -> Optional.of(INTERNAL_ERROR);
            case SINK -> Optional.empty();
        };
    }

    /** Returns the first that applies if the reader of standard output has left. */
    ExitCode unread() {
        return switch (this) {
            case BAD_USAGE, INTERNAL_ERROR, LEAKED, NO_RESULTS, INTERRUPTED -> this;
            case MAX_DURATION, EXPECTATION, FINISHED -> INTERRUPTED;
        };
    }

    /** The first that applies if, as well, an output or the report could not be written. */
    ExitCode notWritten() {
        return switch (this) {
            case BAD_USAGE, INTERNAL_ERROR, LEAKED, NO_RESULTS -> this;
            case INTERRUPTED, MAX_DURATION, EXPECTATION, FINISHED -> NO_RESULTS;
        };
    }
}
