package fanout.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.CrawlProgress;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLinesTest {

    private static CrawlProgress progress(int n, Duration elapsed, Duration left, Optional<Failed> failed) {
        return new CrawlProgress(new CrawlProgress.Urls(9, 4, 3, 6, n), new CrawlProgress.Outcomes(5, 2, 1, 0, 0), n,
                1000, 0,
                new CrawlProgress.Timing(elapsed, left), failed);
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
