package fanout.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.CrawlProgress;
import fanout.HostProgress;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.TerminalStyle;
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
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLinesTest {

    private static CrawlProgress progress(int n, Duration elapsed, Duration left, Optional<Failed> failed) {
        return new CrawlProgress(new CrawlProgress.Urls(9, 4, 3, 6, n), new CrawlProgress.Outcomes(5, 2, 1, 0, 0), n,
                1000, 0,
                new CrawlProgress.Timing(elapsed, left), failed, Optional.empty());
    }

    /** A crawl that waits for one host looks idle. */
    @Test
    void aHostThatIsWaitedForHasItsReason() {
        CrawlProgress idle = progress(1, Duration.ofSeconds(10), Duration.ofSeconds(20), Optional.empty());
        HostProgress host = new HostProgress("example.org:80", 5, 0, Duration.ofSeconds(1),
                Optional.of(Duration.ofMillis(61_500)),
                Optional.of(new HostProgress.Refusal(429, Duration.ofMillis(61_500))), HostProgress.CircuitState.CLOSED,
                0,
                0, Optional.empty(), List.of());
        CrawlProgress waiting = new CrawlProgress(idle.urls(), idle.outcomes(), 1, 1000, 0, idle.timing(),
                Optional.empty(), Optional.of(host));
        assertThat(ProgressLines.line(waiting))
                .endsWith(" to the deadline; waiting: example.org:80 answered 429 and asked "
                        + "for silence, of which 61.5 s are left");
        assertThat(new ProgressFrame("docs", waiting, 1, StopRequests.Wanted.NOTHING, new TerminalStyle(false, true))
                .lines(120)
                .getLast())
                .isEqualTo(" waiting  example.org:80 answered 429 and asked for silence, of which 61.5 s are left");
    }

    @Test
    void everyFigureHasItsNameAndItsNumber() {
        Failed failed = new Failed(Request.start(CanonicalUrl.of("http://example.org/a"), Optional.empty()), Trail.NONE,
                new Failure.BadRedirect("Location: none"));

        assertThat(ProgressLines.line(
                progress(1, Duration.ofSeconds(10), Duration.ofSeconds(3594), Optional.of(failed))))
                .isEqualTo("   10s  5 ok, 2 redirected, 1 failed; 6 in flight, 4 queued, 3 delayed; 1 host, 1 item; "
                        + "0.5 pages/s; 59m54s to the deadline; last failure: Location: none http://example.org/a");
        assertThat(ProgressLines.line(
                progress(2000, Duration.ofSeconds(10), Duration.ofSeconds(3594), Optional.empty())))
                .contains("; 2,000 hosts, 2,000 items; ")
                .endsWith(" to the deadline");
    }

    @ParameterizedTest
    @CsvSource({"-PT1S, 0s", "PT0S, 0s", "PT59.9S, 59s", "PT1M, 1m00s", "PT59M54S, 59m54s", "PT1H, 1h00m",
        "PT99H59M, 99h59m", "PT100H, 4d04h"})
    void timesAreWrittenAsInJobs(Duration left, String written) {
        assertThat(ProgressLines.line(progress(1, Duration.ofSeconds(1), left, Optional.empty())))
                .endsWith("; " + written + " to the deadline");
    }
}
