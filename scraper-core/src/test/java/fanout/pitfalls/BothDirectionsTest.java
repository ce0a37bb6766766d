package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Sender;
import fanout.internal.task.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results go missing one by one: a worker, which should only send, received some, because the whole channel was in its
 * hands.
 *
 * <pre>
 * worker-1              worker-2                                     writer
 * send 1
 *                       Broken: receive 1, "to free a slot"
 *                       Fixed:  the same does not compile
 *                       send 2
 *                                                                    Broken: receive 2; 1 is lost
 *                                                                    Fixed:  receive 1, receive 2
 * </pre>
 */
@Pitfall(id = "both-directions",
        question = "Does the signature say who sends and who receives, and does the compiler check it?",
        go = "a parameter of type `chan T` that needs no more than `chan<- T`", embodiedBy = Sender.class)
class BothDirectionsTest {

    /** A worker gets the channel. */
    static final class Broken extends Sample {

        void start(String worker, Work<Channel<String>> work, Actors actors) {
            actors.start(worker, () -> work.with(results));
        }
    }

    /** A worker gets the end that it needs. */
    static final class Fixed extends Sample {

        void start(String worker, Work<Sender<String>> work, Actors actors) {
            actors.start(worker, () -> work.with(results.sender()));
        }
    }

    /** What a worker does with what it gets. */
    @FunctionalInterface
    interface Work<E> {

        void with(E results) throws InterruptedException;
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final Queue<String> written = new ConcurrentLinkedQueue<>();

        void write() throws InterruptedException {
            while (results.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                written.add(page);
            }
        }
    }

    @TempDir
    private Path classes;

    /** Of a worker that frees a slot for its result before it sends it, as one does with a ring buffer. */
    private List<String> errorsOfWorker2(Class<? extends Sample> pool) throws IOException {
        String source = """
                package fanout.pitfalls;

                class Worker2 {
                    void startIn(BothDirectionsTest.%s pool, Actors actors) {
                        pool.start("worker-2", results -> results.receiver().receive(java.time.Duration.ZERO), actors);
                    }
                }
                """.formatted(pool.getSimpleName());
        return Compilation.errors("Worker2", source, List.of(BothDirectionsTest.class, Channel.class), classes);
    }

    private static void writeAll(Sample sample, Actors actors) throws InterruptedException {
        sample.results.close();
        actors.start("writer", sample::write);
        actors.awaitEnd();
    }

    @Test
    void brokenWorkerThatReceivesCompilesAndTakesAnothersResult() throws IOException, InterruptedException {
        assertThat(errorsOfWorker2(Broken.class)).isEmpty();
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            sample.start("worker-1", results -> results.sender().send("/1"), actors);
            actors.awaitEnd("worker-1");
            sample.start("worker-2", results -> {
                results.receiver().receive(Duration.ZERO);
                results.sender().send("/2");
            }, actors);
            actors.awaitEnd("worker-2");
            writeAll(sample, actors);
            assertThat(sample.written).containsExactly("/2");
        }
    }

    @Test
    void fixedWorkerThatReceivesDoesNotCompile() throws IOException, InterruptedException {
        assertThat(errorsOfWorker2(Fixed.class)).singleElement()
                .asString()
                .contains("receiver()", "fanout.internal.task.Sender<java.lang.String>");
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            sample.start("worker-1", results -> results.send("/1"), actors);
            actors.awaitEnd("worker-1");
            sample.start("worker-2", results -> results.send("/2"), actors);
            actors.awaitEnd("worker-2");
            writeAll(sample, actors);
            assertThat(sample.written).containsExactly("/1", "/2");
        }
    }
}
