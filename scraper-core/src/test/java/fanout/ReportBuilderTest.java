package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.FrontierSnapshot;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.CancelReason;
import fanout.outcome.Stage;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import fanout.sink.Totals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a crawl ended, if more than one reason applies. */
class ReportBuilderTest {

    private static CrawlReport report(Optional<FinishReason> ended, long cancelled, boolean drained,
            Optional<CrawlFailure> failure) {
        return report(ended, cancelled, drained, failure, CrawlReport.Cut.NONE, 10_000);
    }

    private static CrawlReport report(Optional<FinishReason> ended, long cancelled, boolean drained,
            Optional<CrawlFailure> failure, CrawlReport.Cut cut, long maxPages) {
        FrontierSnapshot urls = new FrontierSnapshot(new FrontierSnapshot.Urls(10, 0, 0, 0, 1),
                new FrontierSnapshot.Links(0, 0, 0), 0, new CrawlReport.Auxiliary(0, 0),
                new CrawlReport.Sitemaps(0, 0, List.of()), new CrawlReport.Auxiliary(0, 0), Map.of(), 0,
                Map.of(Stage.BODY, 2L, Stage.SINK, 3L),
                cut, ended, Optional.empty());
        Totals.Snapshot totals = new Totals.Snapshot(10 - cancelled, 0, 0, 0, 0, cancelled,
                cancelled == 0 ? Map.of() : Map.of(CancelReason.INTERRUPTED.reason(), cancelled), 10, 0, 0, 0, 0,
                CrawlReport.Latency.NONE, Optional.empty());
        return new ReportBuilder(CrawlJob.builder("test")
                .startUrl("http://example.org/")
                .limits(Limits.DEFAULT.toBuilder().maxPages(maxPages).build())
                .build(), 1, Instant.EPOCH, Duration.ofSeconds(1), urls, totals, LeakCheck.CLEAN, List.of(), 0, drained,
                failure)
                .report();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        // the frontier's own reason, cancelled URLs, asked to end: what the report says
        "EXHAUSTED, 0, false, EXHAUSTED", "EXHAUSTED, 0, true, EXHAUSTED",
        "EXHAUSTED, 1, true, INTERRUPTED", "EXHAUSTED, 1, false, MAX_DURATION",
        "MAX_PAGES, 0, false, MAX_PAGES", "MAX_PAGES, 0, true, MAX_PAGES",
        "MAX_PAGES, 1, true, MAX_PAGES", "MAX_PAGES, 1, false, MAX_PAGES",
        "MAX_DURATION, 1, false, MAX_DURATION", "MAX_DURATION, 1, true, INTERRUPTED",
        "INTERRUPTED, 1, true, INTERRUPTED", "-, 1, false, MAX_DURATION", "-, 1, true, INTERRUPTED"})
    void endOfTheFrontierCountsIfNothingWasCutOff(FinishReason ended, long cancelled, boolean drained,
            FinishReason reason) {
        Optional<FinishReason> frontier = Optional.ofNullable(ended);
        Optional<CrawlFailure> failure =
                Optional.of(new CrawlFailure(CrawlFailure.Kind.SINK, new IOException("disk full")));

        assertThat(report(frontier, cancelled, drained, Optional.empty()).finishReason()).isEqualTo(reason);
        assertThat(report(frontier, cancelled, drained, failure).finishReason()).isEqualTo(FinishReason.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        // maxPages of a crawl with nine or ten pages, cancelled URLs, asked to end: what the report says
        "11, 0, false, MAX_PAGES", "11, 1, false, MAX_DURATION", "11, 1, true, INTERRUPTED", "9, 1, true, MAX_PAGES"})
    void hostsThatAreCutExplainTheEndIfNothingWasCancelled(long maxPages, long cancelled, boolean drained,
            FinishReason reason) {
        CrawlReport.Cut cut = new CrawlReport.Cut(1, List.of(new CrawlReport.Part("example.org:80", 9, 1)), List.of());
        CrawlReport report = report(Optional.of(FinishReason.MAX_PAGES), cancelled, drained, Optional.empty(), cut,
                maxPages);

        assertThat(report.finishReason()).isEqualTo(reason);
        assertThat(report.cut()).isEqualTo(cut);
    }

    @Test
    void flushThatTookTooLongIsADeadlineOfTheSinkMore() {
        CrawlFailure late = new CrawlFailure(CrawlFailure.Kind.SINK, new FlushTimeoutException(Duration.ofSeconds(1)));
        CrawlFailure slow = new CrawlFailure(CrawlFailure.Kind.SINK, new TimeoutException("the database is slow"));
        CrawlFailure broken = new CrawlFailure(CrawlFailure.Kind.SINK, new IOException("disk full"));

        assertThat(report(Optional.empty(), 1, false, Optional.of(late)).timing().deadlineExceeded())
                .isEqualTo(Map.of(Stage.BODY, 2L, Stage.SINK, 4L));
        assertThat(report(Optional.empty(), 1, false, Optional.of(slow)).timing().deadlineExceeded())
                .isEqualTo(Map.of(Stage.BODY, 2L, Stage.SINK, 3L));
        assertThat(report(Optional.empty(), 1, false, Optional.of(broken)).timing().deadlineExceeded())
                .isEqualTo(Map.of(Stage.BODY, 2L, Stage.SINK, 3L));
    }
}
