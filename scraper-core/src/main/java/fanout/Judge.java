package fanout;

import fanout.job.Expectations;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.FilledField;
import fanout.report.FinishReason;
import fanout.report.Judgement;
import fanout.report.Judgement.Check;
import fanout.report.Judgement.JudgedRun;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Compares what a crawl has brought with what its job expects. Only a crawl that ended as {@code exhausted} or
 * {@code maxPages} is judged: one that was stopped has less for another reason. Thread-safe and stateless.
 *
 * @param expected of the job
 */
public record Judge(Expectations expected) {

    /**
     * Returns the report with its judgement.
     *
     * @param report with the fill rates of fields, as {@link fanout.sink.FieldCounts} has them, if the job expects some
     * @param before the last run before this one that was judged; empty if there is none, and then no change is too
     *     large
     */
    public CrawlReport judge(CrawlReport report, Optional<JudgedRun> before) {
        boolean isWhole = report.finishReason() == FinishReason.EXHAUSTED
                || report.finishReason() == FinishReason.MAX_PAGES;
        boolean isJudged = isWhole && !expected.isNothing();
        Optional<String> whyNot = isWhole || expected.isNothing() ? Optional.empty()
                : Optional.of("the crawl ended as " + report.finishReason().label());
        return report
                .withJudgement(new Judgement(isJudged, isJudged ? checks(report, before) : List.of(), whyNot, before));
    }

    private List<Check> checks(CrawlReport report, Optional<JudgedRun> before) {
        long pages = report.pages();
        long items = report.items().extracted();
        List<Check> checks = new ArrayList<>();
        expected.minPages().ifPresent(least -> checks.add(atLeast("minPages", least, pages, "page")));
        expected.minItems().ifPresent(least -> checks.add(atLeast("minItems", least, items, "item")));
        expected.filled().forEach((name, least) -> checks.add(filled(name, least, report.items().fields())));
        expected.maxChangePercent().ifPresent(most -> {
            checks.add(change("pages", "page", most, pages, before, JudgedRun::pages));
            checks.add(change("items", "item", most, items, before, JudgedRun::items));
        });
        return checks;
    }

    private static Check atLeast(String key, long least, long found, String one) {
        return new Check(key, least, Optional.of(BigDecimal.valueOf(found)), found >= least,
                counted(found, one) + ", wanted at least " + number(least));
    }

    /** A field of which there is no item is filled in none, whatever its share would be. */
    private static Check filled(String name, int least, List<FilledField> fields) {
        List<FilledField> found =
                fields.stream().filter(field -> name.equals(field.rule() + "." + field.field())).toList();
        long items = found.stream().mapToLong(FilledField::items).sum();
        long filled = found.stream().mapToLong(FilledField::filled).sum();
        Optional<BigDecimal> percent = items == 0 ? Optional.empty()
                : Optional.of(share(filled, items, RoundingMode.FLOOR));
        return new Check("filled." + name, least, percent,
                items == 0 ? least == 0 : filled * 100 >= least * items,
                percent.map(share -> percent(share) + " of " + counted(items, "item")).orElse("no item")
                        + ", wanted at least " + least + " %");
    }

    /** Nothing is any percent of nothing: where there was none before, one is too many. */
    private static Check change(String figure, String one, int most, long found, Optional<JudgedRun> before,
            ToLongFunction<JudgedRun> figureOf) {
        String key = "maxChangePercent." + figure;
        if (before.isEmpty()) {
            return new Check(key, most, Optional.empty(), true,
                    counted(found, one) + ", and no judged run before to compare with");
        }
        long base = figureOf.applyAsLong(before.get());
        long difference = Math.abs(found - base);
        Optional<BigDecimal> percent = base > 0 ? Optional.of(share(difference, base, RoundingMode.CEILING))
                : difference == 0 ? Optional.of(BigDecimal.ZERO) : Optional.empty();
        String change = difference == 0 ? "as many as"
                : base == 0 ? "and none"
                        : percent(percent.orElseThrow()) + (found < base ? " fewer than" : " more than") + " the "
                                + number(base);
        return new Check(key, most, percent, difference * 100 <= most * base,
                counted(found, one) + ", " + change + " in the run of " + before.get().startedAt()
                        + ", wanted a change of at most " + most + " %");
    }

    private static BigDecimal share(long part, long whole, RoundingMode rounding) {
        return BigDecimal.valueOf(part)
                .movePointRight(2)
                .divide(BigDecimal.valueOf(whole), 1, rounding)
                .stripTrailingZeros();
    }

    private static String percent(BigDecimal share) {
        return share.toPlainString() + " %";
    }

    private static String counted(long count, String one) {
        return number(count) + " " + one + (count == 1 ? "" : "s");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
