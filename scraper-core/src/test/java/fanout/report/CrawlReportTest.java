package fanout.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Fetching;
import fanout.report.CrawlReport.Items;
import fanout.report.CrawlReport.Latency;
import fanout.report.CrawlReport.Links;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.CrawlReport.Timing;
import fanout.report.Judgement.Check;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrawlReportTest {

    private static final CrawlFailure BUG =
            new CrawlFailure(CrawlFailure.Kind.INTERNAL, new IllegalStateException("a bug"));
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static CrawlReport report(FinishReason end, Optional<CrawlFailure> failure) {
        return new CrawlReport("docs", end, failure,
                new Timing(1, START, Duration.ofSeconds(2), Latency.NONE, Map.of(Stage.BODY, 1L)),
                new Accounting(7, 5, 0, 2, 0, 0, Map.of(Reason.DNS, 2L)), new Links(1, 2, 3), new Items(4, 5),
                new Fetching(6, 7, new Auxiliary(8, 9), new Sitemaps(10, 11, List.of()), 12),
                new CrawlReport.Cut(1, List.of(), List.of()), new LeakCheck(0, 0, 0, 0, 13));
    }

    @Test
    void aCrawlFailedExactlyIfThereIsAFailure() {
        assertThat(report(FinishReason.FAILED, Optional.of(BUG)).failure()).contains(BUG);
        assertThatThrownBy(() -> report(FinishReason.FAILED, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> report(FinishReason.EXHAUSTED, Optional.of(BUG)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureThatComesLateChangesNothingElse() {
        CrawlReport ended = report(FinishReason.EXHAUSTED, Optional.empty());

        assertThat(ended.withFailure(BUG)).isEqualTo(report(FinishReason.FAILED, Optional.of(BUG)));
    }

    @Test
    void linksOutOfScopeAreNoPages() {
        CrawlReport ended = report(FinishReason.EXHAUSTED, Optional.empty());

        assertThat(ended.pages()).isEqualTo(5);
        assertThat(new CrawlReport(ended.job(), ended.finishReason(), ended.failure(), ended.timing(),
                ended.accounting(), new Links(1, 2, 3, 4, List.of(), CrawlReport.LeftOut.NONE), ended.items(),
                ended.fetching(), ended.cut(), ended.leakCheck()).pages()).isEqualTo(1);
    }

    @Test
    void judgementNamesWhatDoesNotHold() {
        CrawlReport ended = report(FinishReason.EXHAUSTED, Optional.empty());
        Check good = new Check("minPages", 5, Optional.of(BigDecimal.valueOf(5)), true, "5 pages, wanted at least 5");
        Check bad = new Check("minItems", 9, Optional.of(BigDecimal.valueOf(4)), false, "4 items, wanted at least 9");
        Judgement holds = new Judgement(true, List.of(good), Optional.empty(), Optional.empty());
        Judgement broken = new Judgement(true, List.of(good, bad), Optional.empty(), Optional.empty());

        assertThat(holds.isBroken()).isFalse();
        assertThat(broken.isBroken()).isTrue();
        assertThat(broken.broken()).containsExactly(bad);
        assertThat(bad.line()).isEqualTo("expect.minItems: 4 items, wanted at least 9");
        assertThat(ended.withJudgement(broken).judgement()).isEqualTo(broken);
        assertThat(ended.withJudgement(broken).withJudgement(ended.judgement())).isEqualTo(ended);
    }

    @Test
    void ratesOfFieldsChangeNothingElse() {
        CrawlReport ended = report(FinishReason.EXHAUSTED, Optional.empty());
        List<CrawlReport.FilledField> fields = List.of(new CrawlReport.FilledField("products", "price", 4, 3));

        assertThat(ended.withFields(fields).items()).isEqualTo(new Items(4, 5, fields));
        assertThat(ended.withFields(fields).withFields(List.of())).isEqualTo(ended);
    }

    @Test
    void aCrawlThatNeverBeganHasDoneNothing() {
        CrawlReport report = CrawlReport.notBegun("docs", START, Duration.ofMillis(5), BUG);

        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.failure()).contains(BUG);
        assertThat(report.timing()).isEqualTo(new Timing(1, START, Duration.ofMillis(5), Latency.NONE, Map.of()));
        assertThat(report.accounting().isBalanced()).isTrue();
        assertThat(report.accounting().discovered()).isZero();
        assertThat(report.leakCheck().isClean()).isTrue();
        assertThat(report.pagesPerSecond()).isZero();
    }

    @Test
    void pagesPerSecondCountsOkPages() {
        assertThat(report(FinishReason.EXHAUSTED, Optional.empty()).pagesPerSecond()).isEqualTo(2.5);
        assertThat(new CrawlReport("docs", FinishReason.EXHAUSTED, Optional.empty(),
                new Timing(1, START, Duration.ZERO, Latency.NONE, Map.of()),
                new Accounting(1, 1, 0, 0, 0, 0, Map.of()), Links.NONE, Items.NONE, Fetching.NONE, LeakCheck.CLEAN)
                .pagesPerSecond()).as("in no time").isZero();
    }

    @Test
    void aReportKeepsItsCounts() {
        Map<Reason, Long> reasons = new EnumMap<>(Map.of(Reason.PARSE, 1L, Reason.DNS, 1L));
        Map<Stage, Long> stages = new EnumMap<>(Map.of(Stage.DNS, 1L));
        Accounting accounting = new Accounting(2, 0, 0, 2, 0, 0, reasons);
        Timing timing = new Timing(1, START, Duration.ZERO, Latency.NONE, stages);
        reasons.clear();
        stages.clear();

        assertThat(accounting.reasons()).containsExactly(Map.entry(Reason.DNS, 1L), Map.entry(Reason.PARSE, 1L));
        assertThat(timing.deadlineExceeded()).containsExactly(Map.entry(Stage.DNS, 1L));
    }

    @Test
    void aCrawlThatWasInterruptedBeforeItBeganHasNotFailed() {
        CrawlReport report = CrawlReport.interrupted("docs", START, Duration.ofMillis(5));

        assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
        assertThat(report.failure()).isEmpty();
        assertThat(report.timing().elapsed()).isEqualTo(Duration.ofMillis(5));
    }

    /** Each count is a power of two, and a sum that leaves one out or takes it off is another number. */
    @Test
    void countsAreBalancedIfTheyAddUpToWhatWasDiscovered() {
        assertThat(new Accounting(31, 1, 2, 4, 8, 16, Map.of()).isBalanced()).isTrue();
        for (long other : new long[]{0, 15, 23, 27, 29, 30, 32}) {
            assertThat(new Accounting(other, 1, 2, 4, 8, 16, Map.of()).isBalanced()).as("%d", other).isFalse();
        }
    }

    @Test
    void aLeakCheckIsCleanIfNothingWasLeftBehind() {
        assertThat(new LeakCheck(0, 0, 0, 0, 1).isClean()).as("a sink's failure is no leak").isTrue();
        assertThat(new LeakCheck(1, 0, 0, 0, 0).isClean()).isFalse();
        assertThat(new LeakCheck(0, 1, 0, 0, 0).isClean()).isFalse();
        assertThat(new LeakCheck(0, 0, 1, 0, 0).isClean()).isFalse();
        assertThat(new LeakCheck(0, 0, 0, 1, 0).isClean()).isFalse();
    }

    @Test
    void endsHaveTheNamesThatScriptsLookFor() {
        assertThat(FinishReason.values()).extracting(FinishReason::label)
                .containsExactly("exhausted", "maxPages", "maxDuration", "interrupted", "failed");
    }

    @Test
    void followRuleIsSuspectWithoutLinksOrWithMatchesThatAreNone() {
        assertThat(new CrawlReport.Follow("css a", 1, 0, Optional.empty()).isSuspect()).isFalse();
        assertThat(new CrawlReport.Follow("css a", 0, 0, Optional.empty()).isSuspect()).isTrue();
        assertThat(new CrawlReport.Follow("css a", 1, 1, Optional.empty()).isSuspect()).isTrue();
    }

    @Test
    void oneHostThatWasCutOffIsSomething() {
        CrawlReport.Part host = new CrawlReport.Part("example.org", 5, 1);

        assertThat(CrawlReport.Cut.NONE.isNothing()).isTrue();
        assertThat(new CrawlReport.Cut(1, List.of(host), List.of()).isNothing()).isFalse();
        assertThat(new CrawlReport.Cut(0, List.of(), List.of(host)).isNothing()).isFalse();
    }

    @Test
    void shareOfAFieldIsNeverRoundedUpAndMissingWithoutItems() {
        assertThat(new CrawlReport.FilledField("products", "price", 3, 2).percent()).hasValue(66.6);
        assertThat(new CrawlReport.FilledField("products", "price", 1_000_000, 999_999).percent()).hasValue(99.9);
        assertThat(new CrawlReport.FilledField("products", "price", 7, 7).percent()).hasValue(100);
        assertThat(new CrawlReport.FilledField("products", "price", 0, 0).percent()).isEmpty();
    }
}
