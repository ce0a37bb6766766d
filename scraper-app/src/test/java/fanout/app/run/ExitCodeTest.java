package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Limits;
import fanout.outcome.Reason;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.Judgement;
import fanout.report.Judgement.Check;
import fanout.report.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which code the process exits with if more than one applies: each pair that can come together, and each alone. */
class ExitCodeTest {

    private static final Limits HALF_MAY_FAIL = Limits.DEFAULT.toBuilder().maxFailedPercent(50).build();

    /** @param what words of the table below */
    private static CrawlReport report(Set<String> what) {
        Optional<CrawlFailure> failure = what.contains("not started") ? failure(CrawlFailure.Kind.NOT_STARTED)
                : what.contains("bug") ? failure(CrawlFailure.Kind.INTERNAL)
                        : what.contains("sink") ? failure(CrawlFailure.Kind.SINK) : Optional.empty();
        FinishReason end = failure.isPresent() ? FinishReason.FAILED
                : what.contains("interrupted") ? FinishReason.INTERRUPTED
                        : what.contains("deadline") ? FinishReason.MAX_DURATION
                                : what.contains("budget") ? FinishReason.MAX_PAGES : FinishReason.EXHAUSTED;
        long ok = what.contains("no page") ? 0 : 10;
        long failed = what.contains("many failed") ? 11 : 10;
        Accounting accounting = new Accounting(ok + failed, ok, 0, failed, 0, 0, Map.of(Reason.DNS, failed));
        LeakCheck leaks = new LeakCheck(what.contains("leak") ? 1 : 0, 0, 0, 0, what.contains("undelivered") ? 1 : 0);
        CrawlReport none = CrawlReport.interrupted("docs", Instant.EPOCH, Duration.ZERO);
        return new CrawlReport("docs", end, failure, none.timing(), accounting, none.links(), none.items(),
                none.fetching(), leaks).withJudgement(
                        new Judgement(true,
                                what.contains("broken")
                                        ? List.of(new Check("minPages", 99, Optional.empty(), false, "10 pages"))
                                        : List.of(),
                                Optional.empty(), Optional.empty()));
    }

    private static Optional<CrawlFailure> failure(CrawlFailure.Kind kind) {
        return Optional.of(new CrawlFailure(kind, new IOException("x")));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "-, -, 0", "budget, -, 0", "broken, -, 6", "budget, broken, 6",
        // before an expectation
        "broken, not started, 2", "broken, bug, 1", "broken, leak, 5", "broken, sink, 4", "broken, undelivered, 4",
        "broken, interrupted, 130", "broken, no page, 4", "broken, many failed, 4", "broken, deadline, 3",
        "deadline, -, 3", "interrupted, -, 130", "no page, -, 4", "many failed, -, 4",
        "undelivered, -, 4", "sink, -, 4", "leak, -, 5", "bug, -, 1", "not started, -, 2",
        // before all else
        "not started, leak, 2", "not started, undelivered, 2", "not started, no page, 2", "not started, many failed, 2",
        "bug, leak, 1", "bug, undelivered, 1", "bug, no page, 1", "bug, many failed, 1",
        // a leak
        "leak, sink, 5", "leak, undelivered, 5", "leak, no page, 5", "leak, many failed, 5", "leak, interrupted, 5",
        "leak, deadline, 5", "leak, budget, 5",
        // a sink
        "sink, undelivered, 4", "sink, no page, 4", "sink, many failed, 4", "undelivered, no page, 4",
        "undelivered, interrupted, 4", "undelivered, deadline, 4", "undelivered, budget, 4",
        // an end that was asked for, or the job's own: what it has not is not its fault
        "interrupted, no page, 130", "interrupted, many failed, 130", "deadline, no page, 3",
        "deadline, many failed, 4", "budget, many failed, 4", "no page, many failed, 4"})
    void theFirstThatAppliesCounts(String one, String other, int code) {
        Set<String> what = one == null ? Set.of() : other == null ? Set.of(one) : Set.of(one, other);
        Limits limits = what.contains("many failed") ? HALF_MAY_FAIL : Limits.DEFAULT;

        assertThat(ExitCode.of(report(what), limits).value()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"FINISHED, 4", "MAX_DURATION, 4", "INTERRUPTED, 4", "EXPECTATION, 4", "NO_RESULTS, 4", "BAD_USAGE, 2",
        "INTERNAL_ERROR, 1",
        "LEAKED, 5"})
    void anOutputThatCannotBeWrittenCountsAsAFailedSink(ExitCode otherwise, int code) {
        assertThat(otherwise.notWritten().value()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"FINISHED, 130", "MAX_DURATION, 130", "EXPECTATION, 130", "NO_RESULTS, 4", "LEAKED, 5"})
    void readerOfStandardOutputThatLeavesInterrupts(ExitCode otherwise, int code) {
        assertThat(otherwise.unread().value()).isEqualTo(code);
    }

    @Test
    void asManyMayFailAsTheLimitSays() {
        assertThat(ExitCode.of(report(Set.of()), HALF_MAY_FAIL)).isEqualTo(ExitCode.FINISHED);
        assertThat(ExitCode.of(report(Set.of("many failed")), HALF_MAY_FAIL)).isEqualTo(ExitCode.NO_RESULTS);
        assertThat(ExitCode.of(report(Set.of("many failed")), Limits.DEFAULT)).isEqualTo(ExitCode.FINISHED);
    }

    /** Those of a host that is given up have failed without being tried; those that robots.txt forbids have not. */
    @Test
    void urlsThatAreGivenUpWithTheirHostCountAsFailed() {
        Map<Reason, Long> lost = Map.of(Reason.CIRCUIT_OPEN, 11L);
        Map<Reason, Long> forbidden = Map.of(Reason.ROBOTS, 11L);
        CrawlReport report = report(Set.of());

        assertThat(ExitCode.of(skipped(report, lost), HALF_MAY_FAIL)).isEqualTo(ExitCode.NO_RESULTS);
        assertThat(ExitCode.of(skipped(report, forbidden), HALF_MAY_FAIL)).isEqualTo(ExitCode.FINISHED);
    }

    private static CrawlReport skipped(CrawlReport of, Map<Reason, Long> reasons) {
        return new CrawlReport("docs", of.finishReason(), of.failure(), of.timing(),
                new Accounting(21, 10, 0, 0, 11, 0, reasons), of.links(), of.items(), of.fetching(), of.leakCheck());
    }
}
