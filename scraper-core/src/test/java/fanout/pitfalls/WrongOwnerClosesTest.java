package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * The slowest page of a crawl is missing, and its worker ends with an exception: another worker had found nothing left
 * to do and closed the results.
 *
 * <pre>
 * worker-1                     worker-2                  pool                      writer
 *                              fetch 2: slow
 * fetch and send 1                                                                 receive 1
 * nothing left to fetch
 * Broken: close, end           fetched, send: refused    both ended                closed, end
 * Fixed:  end                  fetched, send 2           both ended: close         receive 2, closed, end
 * </pre>
 */
@Pitfall(id = "wrong-owner-closes",
        question = "How does the thread that closes this know that all senders are done, and not only itself?",
        go = "a sender closes the channel, and the others panic", embodiedBy = WorkerPool.class)
class WrongOwnerClosesTest {

    /** The first worker that finds nothing left takes itself for the last one. */
    static final class Broken extends Sample {

        @Override
        void nothingLeft() {
            results.close();
        }

        @Override
        void allEnded() {}
    }

    /** The pool closes: it has joined the workers, and knows that all have ended. */
    static final class Fixed extends Sample {

        @Override
        void nothingLeft() {}

        @Override
        void allEnded() {
            results.close();
        }
    }

    abstract static class Sample {

        final Queue<String> pages = new ConcurrentLinkedQueue<>(List.of("/slow", "/1"));
        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final CountDownLatch running = new CountDownLatch(2);
        final Queue<String> written = new ConcurrentLinkedQueue<>();

        abstract void nothingLeft();

        abstract void allEnded();

        void work(Gate answer) throws InterruptedException {
            try {
                String page = pages.poll();
                while (page != null) {
                    results.sender().send(fetch(page, answer));
                    page = pages.poll();
                }
                nothingLeft();
            } finally {
                running.countDown();
            }
        }

        private static String fetch(String page, Gate answer) throws InterruptedException {
            if (page.equals("/slow")) {
                answer.pass();
            }
            return page;
        }

        void joinWorkers() throws InterruptedException {
            running.await();
            allEnded();
        }

        void write() throws InterruptedException {
            while (results.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                written.add(page);
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate answer = new Gate();
        actors.start("pool", sample::joinWorkers);
        actors.start("writer", sample::write);
        actors.start("worker-2", () -> sample.work(answer));
        actors.awaitParked("worker-2", "fetch");
        actors.start("worker-1", () -> sample.work(answer));
        actors.awaitEnd("worker-1");
        answer.open();
        for (String each : List.of("worker-2", "pool", "writer")) {
            actors.awaitEnd(each);
        }
    }

    @Test
    void brokenWorker2IsRefusedAndItsResultLost() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(sample.written).containsExactly("/1");
        }
    }

    @Test
    void fixedResultOfTheSlowestWorkerIsWritten() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            assertThat(actors.failures()).isEmpty();
            assertThat(sample.written).containsExactly("/1", "/slow");
        }
    }
}
