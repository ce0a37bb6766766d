package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.run.CrawlFigures.OutcomeWatch;
import fanout.app.service.run.CrawlFigures.OutcomeWatch.Latency;
import fanout.job.CrawlJob;
import fanout.journal.Position;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeWatchTest {

    private static final CanonicalUrl URL = CanonicalUrl.of("http://example.org/");

    private static final CrawlJob JOB = CrawlJob.builder("docs").startUrl("http://example.org/").build();

    private final OutcomeWatch watch = new OutcomeWatch(JOB);

    private void attempted(int millis) {
        watch.attempted(URL, new Attempt(Instant.EPOCH, Duration.ofMillis(millis), Optional.empty(), Optional.empty(),
                Optional.empty()));
    }

    private void write(Failure failure) {
        watch.write(new Failed(Request.start(URL, Optional.empty()), new Trail(1, 0, Optional.empty()), failure));
    }

    @Test
    void latencyIsThatSinceTheLastLook() {
        assertThat(watch.takeLatency()).isEqualTo(new Latency(0, 0));
        for (int millis = 100; millis >= 1; millis--) {
            attempted(millis);
        }
        assertThat(watch.takeLatency()).isEqualTo(new Latency(51, 91));
        attempted(7);
        assertThat(watch.takeLatency()).isEqualTo(new Latency(7, 7));
        assertThat(watch.takeLatency()).as("nothing since then").isEqualTo(new Latency(0, 0));
    }

    @Test
    void latencyOfManyIsThatOfTheLastOnes() {
        for (int i = 0; i < 1_024; i++) {
            attempted(1_000);
        }
        for (int i = 0; i < 1_024; i++) {
            attempted(5);
        }
        assertThat(watch.takeLatency()).isEqualTo(new Latency(5, 5));
    }

    /** A client keeps what it was given. */
    @Test
    void countsThatWereReadStayAsTheyWere() {
        write(new Failure.HttpStatus(404));
        Map<String, Long> read = watch.reasons();
        write(new Failure.HttpStatus(404));
        write(new Failure.Dns("none"));
        assertThat(read).isEqualTo(Map.of("http_status", 1L));
        assertThat(watch.reasons()).isEqualTo(Map.of("http_status", 2L, "dns", 1L));
    }

    @Test
    void aLaterRunGoesOnCountingFromWhatWasCommitted() throws Exception {
        write(new Failure.HttpStatus(404));
        write(new Failure.HttpStatus(404));
        write(new Failure.Dns("none"));
        Position committed = watch.commit();
        write(new Failure.Dns("none"));

        OutcomeWatch later = new OutcomeWatch(JOB);
        later.resumeAt(committed);
        assertThat(later.reasons()).isEqualTo(Map.of("http_status", 2L, "dns", 1L));
        assertThat(later.commit()).isEqualTo(committed);
        watch.resumeAt(Position.NONE);
        assertThat(watch.reasons()).isEmpty();
        assertThat(watch.commit()).isEqualTo(Position.NONE);
    }
}
