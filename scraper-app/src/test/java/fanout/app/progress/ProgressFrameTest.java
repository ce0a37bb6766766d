package fanout.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.CrawlProgress;
import fanout.app.signal.StopRequests.Wanted;
import fanout.app.terminal.TerminalStyle;
import fanout.app.terminal.Width;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressFrameTest {

    private static final TerminalStyle PLAIN = new TerminalStyle(false, true);

    private static CrawlProgress progress(long n, Failed... failed) {
        return new CrawlProgress(
                new CrawlProgress.Urls(4 * n, n, n, (int) Math.min(n, 100_000), (int) Math.min(n, 10_000_000)),
                new CrawlProgress.Outcomes(n, n, n, n / 2, 0), n, 1000 * n, (int) Math.min(n, 1024),
                new CrawlProgress.Timing(Duration.ofSeconds(n % 1_000_000), Duration.ofHours(1).minusSeconds(n)),
                Optional.ofNullable(failed.length == 0 ? null : failed[0]), Optional.empty());
    }

    private static Failed failed(Failure failure, String url) {
        return new Failed(Request.start(CanonicalUrl.of(url), Optional.empty()), Trail.NONE, failure);
    }

    private static List<String> lines(CrawlProgress now, Wanted wanted, int columns) {
        return new ProgressFrame("docs", now, 12.34, wanted, PLAIN).lines(columns);
    }

    @Test
    void everyFigureStandsUnderItsName() {
        assertThat(lines(progress(1234), Wanted.NOTHING, 80)).containsExactly(
                " docs  █████████████████████░░░    4,319 of   4,936 URLs    0:20:34 of  1:00:00",
                "        ok  pages/s  in flight    queued   delayed   failed   hosts     items",
                "     1,234     12.3      1,234     1,234     1,234    1,234   1,234     1,234",
                " last failure  none");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 20, 40, 60, 80, 81, 100, 140, 250})
    void noFigureMakesALineAsWideAsTheTerminal(int columns) {
        Failed problem = failed(new Failure.BadRedirect("Location: \u65e5\u672c\u8a9e\u0301 " + "x".repeat(300)),
                "http://example.org/" + "y".repeat(300));
        for (long n : new long[]{0, 7, 99_999, 12_345_678, 9_876_543_210L}) {
            for (Wanted wanted : Wanted.values()) {
                assertThat(lines(progress(n, problem), wanted, columns)).hasSize(4)
                        .allSatisfy(line -> assertThat(Width.of(line)).isLessThanOrEqualTo(Math.max(1, columns - 1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 140})
    void numbersThatGrowMoveNothing(int columns) {
        List<String> small = lines(progress(1), Wanted.NOTHING, columns);
        List<String> large = lines(progress(234_567), Wanted.NOTHING, columns);

        assertThat(large.get(1)).isEqualTo(small.get(1));
        assertThat(large.get(2)).hasSameSizeAs(small.get(2));
        assertThat(large.getFirst().indexOf(" of ")).isEqualTo(small.getFirst().indexOf(" of "));
    }

    @Test
    void aWideTerminalShowsMore() {
        assertThat(lines(progress(5), Wanted.NOTHING, 140).get(1))
                .isEqualTo(lines(progress(5), Wanted.NOTHING, 80).get(1)
                        + "  redirected   skipped         MB  to write");
    }

    @Test
    void theWebDoesNotReachTheTerminal() {
        Failed evil = failed(new Failure.BadRedirect("Location: \u001b]0;x\u0007\u009b2J\u202e\u200b\n\r"),
                "http://example.org/%1B");

        assertThat(lines(progress(1, evil), Wanted.NOTHING, 140).getLast())
                .startsWith(" last failure  Location: \\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{200b}\\u{a}\\u{d}")
                .endsWith("  http://example.org/%1B");
    }

    @Test
    void theLastLineSaysHowTheCrawlEnds() {
        assertThat(lines(progress(5), Wanted.DRAIN, 80).getLast()).contains("5 in flight may finish",
                "again to stop now");
        assertThat(lines(progress(5), Wanted.CANCEL, 80).getLast()).contains("5 in flight given up", "again to halt.");
    }

    @Test
    void theStyleDecidesAboutColoursAndBlocks() {
        assertThat(new ProgressFrame("docs", progress(5), 1, Wanted.NOTHING, new TerminalStyle(false, false)).lines(80))
                .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
        assertThat(new ProgressFrame("docs", progress(5), 1, Wanted.DRAIN, new TerminalStyle(true, true)).lines(80)
                .getLast())
                .startsWith("\u001b[33m")
                .endsWith("\u001b[0m");
    }

    @Test
    void theRateIsThatOfTheLastTenSeconds() {
        RecentRate rate = new RecentRate();
        for (int second = 1; second <= 30; second++) {
            assertThat(rate.perSecond(Duration.ofSeconds(second), 5L * second)).isEqualTo(5);
        }
        for (int second = 31; second <= 41; second++) {
            rate.perSecond(Duration.ofSeconds(second), 150);
        }
        assertThat(rate.perSecond(Duration.ofSeconds(42), 150)).isZero();
    }
}
