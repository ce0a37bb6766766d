package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Expectations;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.FilledField;
import fanout.report.CrawlReport.Items;
import fanout.report.FinishReason;
import fanout.report.Judgement;
import fanout.report.Judgement.Check;
import fanout.report.Judgement.JudgedRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {

    private static final JudgedRun BEFORE = new JudgedRun(Instant.parse("2026-12-01T03:00:00Z"), 100, 40);

    private static CrawlReport report(FinishReason end, long pages, Items items) {
        CrawlReport none = CrawlReport.interrupted("docs", Instant.EPOCH, Duration.ZERO);
        Optional<CrawlFailure> failure = Optional.of(new CrawlFailure(CrawlFailure.Kind.SINK, new IOException("x")))
                .filter(_ -> end == FinishReason.FAILED);
        return new CrawlReport("docs", end, failure, none.timing(),
                new Accounting(pages + 1, pages, 0, 1, 0, 0, Map.of()), none.links(), items, none.fetching(),
                none.leakCheck());
    }

    private static CrawlReport report(long pages, long items) {
        return report(FinishReason.EXHAUSTED, pages, new Items(items, 0));
    }

    private static Judgement judge(Expectations expected, CrawlReport report) {
        return new Judge(expected).judge(report, Optional.of(BEFORE)).judgement();
    }

    @ParameterizedTest
    @CsvSource({"99, false, '99 pages, wanted at least 100'", "100, true, '100 pages, wanted at least 100'",
        "1, false, '1 page, wanted at least 100'", "1234567, true, '1,234,567 pages, wanted at least 100'"})
    void asManyPagesAsWantedAreEnough(long pages, boolean holds, String detail) {
        Judgement made = judge(Expectations.NONE.withMinPages(100), report(pages, 0));

        assertThat(made.checks()).containsExactly(
                new Check("minPages", 100, Optional.of(BigDecimal.valueOf(pages)), holds, detail));
        assertThat(made.isBroken()).isEqualTo(!holds);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "49, false", "50, true"})
    void itemsAreCountedOnTheirOwn(long items, boolean holds) {
        Check check = judge(Expectations.NONE.withMinItems(50), report(1_000, items)).checks().getFirst();

        assertThat(check.holds()).isEqualTo(holds);
        assertThat(check.line()).isEqualTo("expect.minItems: " + items + " items, wanted at least 50");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "20, 19, 95, true, 95, 95 % of 20 items", "20, 18, 95, false, 90, 90 % of 20 items",
        "10000, 9499, 95, false, 94.9, '94.9 % of 10,000 items'", "1, 1, 100, true, 100, 100 % of 1 item",
        "3, 2, 67, false, 66.6, 66.6 % of 3 items", "3, 2, 66, true, 66.6, 66.6 % of 3 items",
        "0, 0, 1, false, -, no item", "0, 0, 0, true, -, no item", "5, 0, 0, true, 0, 0 % of 5 items"})
    void shareOfFilledItemsIsNeverRoundedUp(long items, long filled, int wanted, boolean holds, BigDecimal found,
            String detail) {
        Items counted = new Items(items, 0, List.of(new FilledField("products", "sku", items, 0),
                new FilledField("products", "price", items, filled), new FilledField("news", "price", 9, 9)));
        Check check = judge(Expectations.NONE.withFilled("products", "price", wanted),
                report(FinishReason.MAX_PAGES, 5, counted)).checks().getFirst();

        assertThat(check.key()).isEqualTo("filled.products.price");
        assertThat(check.holds()).isEqualTo(holds);
        assertThat(check.found().map(BigDecimal::toPlainString)).isEqualTo(
                Optional.ofNullable(found).map(BigDecimal::toPlainString));
        assertThat(check.detail()).isEqualTo(detail + ", wanted at least " + wanted + " %");
    }

    @ParameterizedTest
    @CsvSource({"50, 40, 50, true, 50, 50 % fewer than the 100", "49, 40, 50, false, 51, 51 % fewer than the 100",
        "150, 40, 50, true, 50, 50 % more than the 100", "151, 40, 50, false, 51, 51 % more than the 100",
        "100, 40, 0, true, 0, as many as", "101, 40, 0, false, 1, 1 % more than the 100",
        "0, 40, 99, false, 100, 100 % fewer than the 100", "300, 40, 200, true, 200, 200 % more than the 100"})
    void pagesMayDifferUpAndDown(long pages, long items, int most, boolean holds, BigDecimal found, String change) {
        List<Check> checks = judge(Expectations.NONE.withMaxChangePercent(most), report(pages, items)).checks();

        assertThat(checks).extracting(Check::key).containsExactly("maxChangePercent.pages", "maxChangePercent.items");
        assertThat(checks).extracting(Check::holds).containsExactly(holds, true);
        assertThat(checks.getFirst().found().orElseThrow()).isEqualByComparingTo(found);
        assertThat(checks.getFirst().detail()).isEqualTo(pages + " pages, " + change
                + " in the run of 2026-12-01T03:00:00Z, wanted a change of at most " + most + " %");
    }

    /** 1 of 3 is more than 33 percent, and must not look as if it were not. */
    @Test
    void changeIsNeverRoundedDown() {
        Judge judge = new Judge(Expectations.NONE.withMaxChangePercent(33));
        Check check = judge.judge(report(2, 0), Optional.of(new JudgedRun(Instant.EPOCH, 3, 0)))
                .judgement()
                .broken()
                .getFirst();

        assertThat(check.found()).contains(new BigDecimal("33.4"));
    }

    @ParameterizedTest
    @CsvSource({"0, true, '0 items, as many as in the run'", "1, false, '1 item, and none in the run'"})
    void itemsWhereNoneWereAreAnyChange(long items, boolean holds, String detail) {
        Judge judge = new Judge(Expectations.NONE.withMaxChangePercent(1_000_000));
        Check check = judge.judge(report(5, items), Optional.of(new JudgedRun(Instant.EPOCH, 5, 0)))
                .judgement()
                .checks()
                .getLast();

        assertThat(check.holds()).isEqualTo(holds);
        assertThat(check.detail()).startsWith(detail);
    }

    @Test
    void changeHoldsOnTheFirstRun() {
        Judgement made = new Judge(Expectations.NONE.withMaxChangePercent(0)).judge(report(7, 1), Optional.empty())
                .judgement();

        assertThat(made.isBroken()).isFalse();
        assertThat(made.checks()).extracting(Check::found).containsOnly(Optional.empty());
        assertThat(made.checks().getFirst().detail())
                .isEqualTo("7 pages, and no judged run before to compare with");
    }

    @ParameterizedTest
    @EnumSource(FinishReason.class)
    void onlyCrawlsThatEndByThemselvesAreJudged(FinishReason end) {
        boolean isWhole = end == FinishReason.EXHAUSTED || end == FinishReason.MAX_PAGES;
        Judgement made = judge(Expectations.NONE.withMinPages(10), report(end, 3, new Items(0, 0)));

        assertThat(made.isJudged()).isEqualTo(isWhole);
        assertThat(made.isBroken()).isEqualTo(isWhole);
        assertThat(made.whyNot()).isEqualTo(
                isWhole ? Optional.empty() : Optional.of("the crawl ended as " + end.label()));
        assertThat(made.before()).contains(BEFORE);
    }

    @Test
    void crawlOfWhichNothingIsExpectedIsNotJudged() {
        assertThat(judge(Expectations.NONE, report(3, 3)))
                .isEqualTo(new Judgement(false, List.of(), Optional.empty(), Optional.of(BEFORE)));
    }
}
