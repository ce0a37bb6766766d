package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.sink.ResultWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * After the last page one processor is busy with nothing: a closed channel answers at once, every time, and the loop
 * takes that for "nothing new yet" and asks again.
 *
 * <pre>
 * worker              writer
 * send 1              receive 1
 * close, end          receive: closed
 *                     Broken: flush, receive: closed, flush, receive: closed, …
 *                     Fixed:  flush, end
 * </pre>
 */
@Pitfall(id = "closed-source-spins",
        question = "Does the loop tell \"nothing yet\" from \"never again\", and stop asking after the second?",
        go = "a closed channel in a select, whose case is ready for ever; a nil channel would disable it",
        embodiedBy = ResultWriter.class)
class ClosedSourceSpinsTest {

    private static final int ROUNDS = 1_000;

    /** Ends when it is told to; until then whatever is no page is a good moment to flush. */
    static final class Broken extends Sample {

        @Override
        void write() throws InterruptedException {
            while (!stopped) {
                switch (results.receiver().receive(Actors.AT_MOST)) {
                    case Received.Value<String>(String page) -> written.add(page);
                    case Received.TimedOut<String> _,Received.Closed<String> _ -> flush();
                }
            }
        }
    }

    /** Closed is the last answer. */
    static final class Fixed extends Sample {

        @Override
        void write() throws InterruptedException {
            while (!stopped) {
                switch (results.receiver().receive(Actors.AT_MOST)) {
                    case Received.Value<String>(String page) -> written.add(page);
                    case Received.TimedOut<String> _ -> flush();
                    case Received.Closed<String> _ -> {
                        flush();
                        return;
                    }
                }
            }
        }
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final Queue<String> written = new ConcurrentLinkedQueue<>();
        final AtomicInteger flushes = new AtomicInteger();
        volatile boolean stopped;

        abstract void write() throws InterruptedException;

        void flush() {
            flushes.incrementAndGet();
        }

        void work() throws InterruptedException {
            results.sender().send("/1");
            results.close();
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("writer", sample::write);
        actors.awaitParked("writer", "receive");
        actors.start("worker", sample::work);
        actors.awaitEnd("worker");
    }

    @Test
    void brokenWriterGoesRoundThoughNothingWillCome() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("empty rounds", () -> sample.flushes.get() >= ROUNDS);
            assertThat(actors.alive()).containsExactly("writer");
            assertThat(sample.written).containsExactly("/1");
            sample.stopped = true;
            actors.awaitEnd();
        }
    }

    @Test
    void fixedWriterFlushesOnceAndEnds() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.flushes).hasValue(1);
            assertThat(sample.written).containsExactly("/1");
        }
    }
}
