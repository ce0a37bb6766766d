package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.run.CrawlFigures.OutcomeWatch;
import fanout.app.service.run.CrawlFigures.OutcomeWatch.Latency;
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

    private final OutcomeWatch watch = new OutcomeWatch();

    private void write(Failure failure, int millis) {
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ofMillis(millis), Optional.empty(), Optional.empty(),
                Optional.empty());
        watch.write(new Failed(Request.start(CanonicalUrl.of("http://example.org/"), Optional.empty()),
                new Trail(1, 0, Optional.of(attempt)), failure));
    }

    @Test
    void latencyIsThatSinceTheLastLook() {
        assertThat(watch.takeLatency()).isEqualTo(new Latency(0, 0));
        for (int millis = 100; millis >= 1; millis--) {
            write(new Failure.HttpStatus(404), millis);
        }
        assertThat(watch.takeLatency()).isEqualTo(new Latency(51, 91));
        write(new Failure.HttpStatus(404), 7);
        assertThat(watch.takeLatency()).isEqualTo(new Latency(7, 7));
        assertThat(watch.takeLatency()).as("nothing since then").isEqualTo(new Latency(0, 0));
    }

    @Test
    void latencyOfManyIsThatOfTheLastOnes() {
        for (int i = 0; i < 1_024; i++) {
            write(new Failure.HttpStatus(404), 1_000);
        }
        for (int i = 0; i < 1_024; i++) {
            write(new Failure.HttpStatus(404), 5);
        }
        assertThat(watch.takeLatency()).isEqualTo(new Latency(5, 5));
    }

    /** A client keeps what it was given. */
    @Test
    void countsThatWereReadStayAsTheyWere() {
        write(new Failure.HttpStatus(404), 1);
        Map<String, Long> read = watch.reasons();
        write(new Failure.HttpStatus(404), 1);
        write(new Failure.Dns("none"), 1);
        assertThat(read).isEqualTo(Map.of("http_status", 1L));
        assertThat(watch.reasons()).isEqualTo(Map.of("http_status", 2L, "dns", 1L));
    }

    @Test
    void aLaterRunGoesOnCountingFromWhatWasCommitted() throws Exception {
        write(new Failure.HttpStatus(404), 1);
        write(new Failure.HttpStatus(404), 1);
        write(new Failure.Dns("none"), 1);
        Position committed = watch.commit();
        write(new Failure.Dns("none"), 1);

        OutcomeWatch later = new OutcomeWatch();
        later.resumeAt(committed);
        assertThat(later.reasons()).isEqualTo(Map.of("http_status", 2L, "dns", 1L));
        assertThat(later.commit()).isEqualTo(committed);
        watch.resumeAt(Position.NONE);
        assertThat(watch.reasons()).isEmpty();
        assertThat(watch.commit()).isEqualTo(Position.NONE);
    }
}
