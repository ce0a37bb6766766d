package fanout.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Limits;
import fanout.outcome.Reason;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which result a report comes to: of several that apply, the first. */
class CrawlResultTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        // how it ended, why it failed, ok, failed, given up with their host, leaked, undelivered
        "EXHAUSTED, -, 1, 0, 0, 0, 0, SUCCESS", "MAX_PAGES, -, 1, 0, 0, 0, 0, SUCCESS",
        "MAX_PAGES, -, 0, 0, 0, 0, 0, SUCCESS", "EXHAUSTED, -, 0, 0, 0, 0, 0, NO_RESULTS",
        "EXHAUSTED, -, 0, 9, 0, 0, 0, NO_RESULTS", "EXHAUSTED, -, 10, 10, 0, 0, 0, SUCCESS",
        "EXHAUSTED, -, 10, 11, 0, 0, 0, TOO_MANY_FAILED", "EXHAUSTED, -, 10, 6, 5, 0, 0, TOO_MANY_FAILED",
        "EXHAUSTED, -, 10, 5, 5, 0, 0, SUCCESS", "MAX_PAGES, -, 10, 11, 0, 0, 0, TOO_MANY_FAILED",
        "MAX_DURATION, -, 10, 10, 0, 0, 0, DEADLINE", "MAX_DURATION, -, 0, 0, 0, 0, 0, DEADLINE",
        "MAX_DURATION, -, 10, 11, 0, 0, 0, TOO_MANY_FAILED", "INTERRUPTED, -, 0, 9, 0, 0, 0, CANCELLED",
        "FAILED, SINK, 1, 0, 0, 0, 0, SINK", "EXHAUSTED, -, 1, 0, 0, 0, 1, SINK",
        "INTERRUPTED, -, 1, 0, 0, 0, 1, SINK", "EXHAUSTED, -, 1, 0, 0, 1, 1, ERROR",
        "FAILED, SINK, 1, 0, 0, 1, 0, ERROR",
        "FAILED, INTERNAL, 1, 0, 0, 0, 0, ERROR", "FAILED, NOT_STARTED, 0, 0, 0, 0, 0, ERROR"})
    void theFirstThatAppliesCounts(FinishReason end, CrawlFailure.Kind kind, long ok, long failed, long givenUp,
            int leaked,
            long undelivered, CrawlResult result) {
        Accounting accounting = new Accounting(ok + failed + givenUp, ok, 0, failed, givenUp, 0,
                Map.of(Reason.DNS, failed, Reason.CIRCUIT_OPEN, givenUp));
        CrawlReport none = CrawlReport.interrupted("docs", Instant.EPOCH, Duration.ZERO);
        CrawlReport report = new CrawlReport("docs", end,
                Optional.ofNullable(kind).map(some -> new CrawlFailure(some, new IOException("x"))), none.timing(),
                accounting, none.links(), none.items(), none.fetching(), new LeakCheck(leaked, 0, 0, 0, undelivered));

        assertThat(CrawlResult.of(report, Limits.DEFAULT.toBuilder().maxFailedPercent(50).build())).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"5, 0, false", "5, 1, true", "0, 0, false", "1000000, 1, true"})
    void zeroPercentLetsNoUrlFail(long ok, long lost, boolean isTooMany) {
        Limits none = Limits.DEFAULT.toBuilder().maxFailedPercent(0).build();
        assertThat(CrawlResult.hasTooManyFailed(ok, lost, none)).isEqualTo(isTooMany);
    }

    /** As dashboards and alerts name them. */
    @ParameterizedTest
    @CsvSource({"SUCCESS, success", "DEADLINE, deadline", "NO_RESULTS, no_results", "TOO_MANY_FAILED, too_many_failed",
        "EXPECTATION, expectation", "SINK, sink", "CANCELLED, cancelled", "LOST, lost", "ERROR, error"})
    void labelsAreThoseOfTheDocumentation(CrawlResult result, String label) {
        assertThat(result.label()).isEqualTo(label);
    }
}
