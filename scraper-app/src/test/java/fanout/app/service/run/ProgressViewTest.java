package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.CrawlProgress;
import fanout.CrawlProgress.Outcomes;
import fanout.CrawlProgress.Timing;
import fanout.CrawlProgress.Urls;
import fanout.Stall;
import fanout.app.json.Json;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each figure has a number of its own, and is read by its name. */
class ProgressViewTest {

    private static CrawlProgress progress(long ok, Duration elapsed, Optional<Failed> lastFailure) {
        return new CrawlProgress(new Urls(101, 102, 103, 104, 105), new Outcomes(ok, 107, 108, 109, 110), 111, 112, 113,
                new Timing(elapsed, Duration.ofMillis(-115)), lastFailure, Optional.empty());
    }

    @Test
    void eachFigureStandsUnderItsName() {
        Failed failed = new Failed(Request.start(CanonicalUrl.of("http://example.org/116"), Optional.empty()),
                new Trail(1, 0, Optional.empty()), new Failure.Dns("no \ud83d address"));
        ProgressView view = ProgressView.of(progress(106, Duration.ofMillis(114_500), Optional.of(failed)),
                Map.of("timeout", 118L, "dns", 119L));
        assertThat(Json.line(view)).isEqualTo(
                """
                        {"discovered":101,"ok":106,"redirected":107,"failed":108,"skipped":109,"cancelled":110,"items":111,\
                        "bytes":112,"inFlight":104,"ready":102,"delayed":103,"hosts":105,"pagesPerSecond":0.926,"elapsedMs":114500,\
                        "deadlineRemainingMs":-115,"lastFailure":{"url":"http://example.org/116","reason":"dns",\
                        "detail":"no ? address"},"reasons":{"dns":119,"timeout":118}}""");
    }

    @Test
    void theRateIsOfOkPagesPerSecondToThreePlaces() {
        assertThat(ProgressView.of(progress(1, Duration.ofSeconds(3), Optional.empty()), Map.of()).pagesPerSecond())
                .isEqualTo(0.333);
        assertThat(ProgressView.of(progress(2, Duration.ofMillis(1), Optional.empty()), Map.of()).pagesPerSecond())
                .isEqualTo(2_000);
        assertThat(ProgressView.of(progress(7, Duration.ofNanos(999_999), Optional.empty()), Map.of()).pagesPerSecond())
                .as("before the first millisecond")
                .isZero();
    }

    @Test
    void aCrawlThatHasNotBegunHasAllItsTime() {
        assertThat(Json.line(ProgressView.none(Duration.ofMinutes(2)))).isEqualTo(
                """
                        {"discovered":0,"ok":0,"redirected":0,"failed":0,"skipped":0,"cancelled":0,"items":0,"bytes":0,"inFlight":0,\
                        "ready":0,"delayed":0,"hosts":0,"pagesPerSecond":0.0,"elapsedMs":0,"deadlineRemainingMs":120000,\
                        "lastFailure":null,"reasons":{}}""");
    }

    @Test
    void eachFigureOfAStallStandsUnderItsName() {
        Stall stall = new Stall(Instant.parse("2030-01-02T03:04:05.6789Z"), Duration.ofMillis(121), 122, 123, 124,
                Duration.ofMillis(125), new Stall.Culprit.NobodyTakes(126), List.of());
        ProgressView.StallView view = ProgressView.StallView.of(stall);
        assertThat(view).isEqualTo(
                new ProgressView.StallView("2030-01-02T03:04:05.678Z", 121, 122, 123, 124, stall.toString()));
        assertThat(Json.line(view)).startsWith(
                "{\"seenAt\":\"2030-01-02T03:04:05.678Z\",\"lastedMs\":121,"
                        + "\"ready\":122,\"leased\":123,\"undelivered\":124,\"text\":\"is stalled: nothing was "
                        + "completed for 121 ms, with 122 URLs ready, 123 in the hands of workers and 124 results "
                        + "undelivered");
    }

    @Test
    void eachFigureOfAPointStandsUnderItsName() {
        assertThat(Json.line(new CrawlFigures.Series.Point(131, 132, 133, 134, 135, 136.5, 137.5)))
                .isEqualTo(
                        "{\"atMs\":131,\"ok\":132,\"done\":133,\"inFlight\":134,\"queued\":135,\"p50Ms\":136.5,"
                                + "\"p90Ms\":137.5}");
    }
}
