package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/**
 * A crawl that fails hangs instead, and nothing says why: the cleanup waits for the writer, the writer for the end of
 * the results, and that is the next line of the cleanup.
 *
 * <pre>
 * crawl                                           writer
 *                                                 receive: waits
 * fetch: throws
 * Broken: join the writer: for ever               Broken: receive: for ever
 * Fixed:  close the results                       Fixed:  receive: closed, end
 * Fixed:  join the writer, throw on
 * </pre>
 */
@Pitfall(id = "blocking-finally",
        question = "What does this close() wait for, and has that been told to end by then?",
        go = "defers that run last in, first out: wg.Wait() before close(results)", embodiedBy = WorkerPool.class)
class BlockingFinallyTest {

    /** Resources are closed in reverse: first the executor, which waits for the writer, then the results. */
    static final class Broken extends Sample {

        Broken(ThreadFactory threads) {
            super(threads);
        }

        @Override
        void crawl() throws InterruptedException {
            try (Closing _ = results::close; ExecutorService writers = open()) {
                writers.execute(this::write);
                fetch();
            }
        }
    }

    /** First the results, at which the writer ends, then the executor. */
    static final class Fixed extends Sample {

        Fixed(ThreadFactory threads) {
            super(threads);
        }

        @Override
        void crawl() throws InterruptedException {
            try (ExecutorService writers = open(); Closing _ = results::close) {
                writers.execute(this::write);
                fetch();
            }
        }
    }

    @FunctionalInterface
    interface Closing extends AutoCloseable {

        @Override
        void close();
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final Queue<String> written = new ConcurrentLinkedQueue<>();
        private final ThreadFactory threads;

        Sample(ThreadFactory threads) {
            this.threads = threads;
        }

        abstract void crawl() throws InterruptedException;

        ExecutorService open() {
            return Executors.newThreadPerTaskExecutor(threads);
        }

        void fetch() throws InterruptedException {
            results.sender().send("/1");
            throw new IllegalStateException("no page at /2");
        }

        void write() {
            try {
                while (results.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                    written.add(page);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ThreadFactory watchedBy(Actors actors) {
        return task -> actors.adopt(Thread.ofPlatform().name("writer").unstarted(task));
    }

    @Test
    void brokenCrawlWaitsForTheWriterAndTheWriterForTheCrawl() {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken(watchedBy(actors));
            actors.start("crawl", sample::crawl);
            actors.awaitParked("crawl", "close");
            actors.awaitUntil("the writer has what there is", () -> sample.written.contains("/1"));
            actors.awaitParked("writer", "receive");
            assertThat(actors.alive()).as("no third thread could close the results").hasSize(2);
            assertThat(actors.failures()).as("the failure is not reported").isEmpty();
        }
    }

    @Test
    void fixedCrawlFailsWithItsResultsWrittenAndItsWriterJoined() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed(watchedBy(actors));
            actors.start("crawl", sample::crawl);
            actors.awaitEnd("crawl");
            actors.awaitEnd("writer");
            assertThat(sample.written).containsExactly("/1");
            assertThat(actors.failures()).singleElement().asString().contains("no page at /2");
        }
    }
}
