package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Received;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One worker after the other hangs in a page although a read timeout is set: a server that sends a byte now and then
 * keeps every read in time, and the page without end.
 *
 * <pre>
 * worker                                      server                    clock
 * read, at most 10 s
 *                                             a byte                    0:09
 * read, at most 10 s
 *                                             a byte                    0:18
 * …                                           …
 * Broken: read, at most 10 s                  a byte                    0:36
 * Fixed:  30 s have passed, give the page up
 * …                                           …
 * Broken: read, at most 10 s                  a byte                    1:00:00
 * </pre>
 */
@Pitfall(id = "no-timeout",
        question = "Is the whole of it bounded, or only each of its steps?",
        go = "a context without a deadline: a hung worker blocks everyone", embodiedBy = Deadline.class,
        incidents = {"apache/stormcrawler#1899", "yasserg/crawler4j#410"})
class NoTimeoutTest {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_BYTES = Duration.ofSeconds(9);
    private static final int BYTES_OF_AN_HOUR = 400;

    /** A limit for each read. */
    static final class Broken extends Sample {

        @Override
        String readBody() throws IOException, InterruptedException {
            StringBuilder body = new StringBuilder();
            Optional<String> piece = connection.read(READ_TIMEOUT);
            while (piece.isPresent()) {
                body.append(piece.get());
                piece = connection.read(READ_TIMEOUT);
            }
            return body.toString();
        }
    }

    /** And one for all of them together, which no read outlives. */
    static final class Fixed extends Sample {

        @Override
        String readBody() throws IOException, InterruptedException {
            Deadline deadline = Deadline.after(REQUEST_TIMEOUT, clock);
            StringBuilder body = new StringBuilder();
            Optional<String> piece = connection.read(patience(deadline));
            while (piece.isPresent()) {
                body.append(piece.get());
                piece = connection.read(patience(deadline));
            }
            return body.toString();
        }

        private static Duration patience(Deadline deadline) throws HttpTimeoutException {
            if (deadline.hasPassed()) {
                throw new HttpTimeoutException("no whole page within " + deadline.limit());
            }
            return Duration.ofNanos(Math.min(READ_TIMEOUT.toNanos(), deadline.remainingNanos()));
        }
    }

    abstract static class Sample {

        final ManualTicker clock = ManualTicker.stopped();
        final Connection connection = new Connection(clock);
        final AtomicReference<@Nullable String> body = new AtomicReference<>();
        final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

        abstract String readBody() throws IOException, InterruptedException;

        void work() throws InterruptedException {
            try (connection) {
                body.set(readBody());
            } catch (IOException e) {
                failure.set(e);
            }
        }
    }

    /** What a socket with a read timeout does. */
    static final class Connection implements AutoCloseable {

        private final Channel<String> pieces;

        Connection(ManualTicker clock) {
            this.pieces = Channel.bounded(1, clock);
        }

        /** The next piece of the body; empty at its end. */
        Optional<String> read(Duration atMost) throws HttpTimeoutException, InterruptedException {
            return switch (pieces.receiver().receive(atMost)) {
                case Received.Value<String>(String piece) -> Optional.of(piece);
                case Received.Closed<String> _ -> Optional.empty();
                case Received.TimedOut<String> _ -> throw new HttpTimeoutException("nothing within " + atMost);
            };
        }

        /** For the server: false once the other side has closed the connection. */
        boolean write(String piece) throws InterruptedException {
            return pieces.sender().send(piece);
        }

        @Override
        public void close() {
            pieces.receiver().cancel();
        }
    }

    /** The bytes of an hour, each in time for the read that waits for it. */
    private static void drip(Sample sample) throws InterruptedException {
        boolean connected = true;
        for (int i = 0; i < BYTES_OF_AN_HOUR && connected; i++) {
            sample.clock.advance(BETWEEN_BYTES);
            connected = sample.connection.write(".");
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("worker", sample::work);
        actors.awaitParked("worker", "read");
        actors.start("server", () -> drip(sample));
        actors.awaitEnd("server");
    }

    @Test
    void brokenWorkerStillReadsAfterAnHour() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker", "read");
            assertThat(actors.alive()).containsExactly("worker");
            assertThat(sample.clock.passed()).isEqualTo(Duration.ofHours(1));
            assertThat(sample.failure).hasNullValue();
        }
    }

    @Test
    void fixedWorkerGivesThePageUpInTime() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.failure.get()).isInstanceOf(HttpTimeoutException.class);
            assertThat(sample.body).hasNullValue();
            assertThat(sample.clock.passed()).isBetween(REQUEST_TIMEOUT, Duration.ofMinutes(1));
        }
    }
}
