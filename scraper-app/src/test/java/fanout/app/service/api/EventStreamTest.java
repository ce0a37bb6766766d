package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader of events hears, and when. */
@Timeout(20)
class EventStreamTest {

    private static final Duration LOOK = Duration.ofMillis(1);
    private static final String QUEUED = "event: state\ndata: {\"id\":\"a\",\"state\":\"queued\"}\n\n";
    private static final String RUNNING = "event: state\ndata: {\"id\":\"a\",\"state\":\"running\"}\n\n";

    private final CrawlTask task = new CrawlTask("a",
            CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(), new CrawlFolder(Path.of("none")));

    /** A reader that does something at its first flushes, and leaves at the last one. */
    private static final class Reader extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Runnable> steps;
        private int flushes;

        private Reader(Runnable... steps) {
            this.steps = List.of(steps);
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void flush() throws IOException {
            if (flushes == steps.size()) {
                throw new IOException("the reader leaves");
            }
            steps.get(flushes).run();
            flushes++;
        }
    }

    private String heard(Optional<Long> after, Reader reader) {
        assertThatThrownBy(() -> EventApi.follow(task.events(), "x-1-", after, LOOK, reader))
                .hasMessage("the reader leaves");
        return reader.bytes.toString(UTF_8);
    }

    @Test
    void aNewReaderHearsWhereTheCrawlStandsAndThenTheNews() {
        String heard = heard(Optional.empty(), new Reader(task::begin, () -> {}));
        assertThat(heard).isEqualTo("retry: 2000\n\nid: x-1-1\n" + QUEUED + "id: x-1-2\n" + RUNNING);
    }

    @Test
    void aReaderThatComesBackHearsWhatItHasMissed() {
        task.begin();
        assertThat(heard(Optional.of(1L), new Reader())).isEqualTo("retry: 2000\n\nid: x-1-2\n" + RUNNING);
        assertThat(heard(Optional.of(0L), new Reader()))
                .isEqualTo("retry: 2000\n\nid: x-1-1\n" + QUEUED + "id: x-1-2\n" + RUNNING);
    }

    @ParameterizedTest
    @CsvSource({"x-1-7, 7", "x-1-0, 0", "x-1-999999999999999999, 999999999999999999", "x-1-1000000000000000000,",
        "x-1-,",
        "x-1-7x,", "x-1--7,", "x-11-7,", "y-1-7,", "7,", "'',"})
    void onlyIdsOfThisRunHaveANumber(String id, Long number) {
        assertThat(EventApi.number("x-1-", id)).isEqualTo(Optional.ofNullable(number));
    }

    /**
     * A reader that has gone is noticed when something is written to it. The eleventh look has news, the others have
     * none.
     */
    @ParameterizedTest
    @CsvSource({"50, 0", "51, 1", "90, 1", "91, 2"})
    void afterFortyLooksWithoutNewsItSaysThatThereAreNone(int looks, int said) {
        Runnable[] steps = new Runnable[looks];
        Arrays.fill(steps, (Runnable) () -> {});
        steps[10] = task::begin;
        assertThat(heard(Optional.empty(), new Reader(steps))).isEqualTo("retry: 2000\n\nid: x-1-1\n" + QUEUED
                + "id: x-1-2\n" + RUNNING + ": nothing new\n\n".repeat(said));
    }
}
