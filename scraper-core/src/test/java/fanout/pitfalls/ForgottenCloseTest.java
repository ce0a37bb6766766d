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
 * Every page is fetched and the program does not end: the collector waits for a result, but no sender is left.
 *
 * <pre>
 * worker-1       worker-2       pool                    collector
 * send, end      send, end                              receive, receive
 *                               both ended
 *                               Broken: end             receive: for ever
 *                               Fixed:  close, end      receive: closed, end
 * </pre>
 */
@Pitfall(id = "forgotten-close",
        question = "What closes the results on every path, and how does it know that the last sender has ended?",
        go = "forgetting to close the results channel when all workers finish", embodiedBy = WorkerPool.class,
        incidents = {"gocolly/colly#865", "Norconex/crawlers#754"})
class ForgottenCloseTest {

    /** A pool that joins its workers and goes home. */
    static final class Broken extends Sample {

        @Override
        void joinWorkers() throws InterruptedException {
            running.await();
        }
    }

    /**
     * The pool owns the end of the results and closes them after the last sender has ended. If the pool is interrupted,
     * it closes them all the same: a later send is refused, and no thread waits.
     */
    static final class Fixed extends Sample {

        @Override
        void joinWorkers() throws InterruptedException {
            try {
                running.await();
            } finally {
                results.close();
            }
        }
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final CountDownLatch running = new CountDownLatch(2);
        final Queue<String> collected = new ConcurrentLinkedQueue<>();

        void work(String page) throws InterruptedException {
            try {
                results.sender().send(page);
            } finally {
                running.countDown();
            }
        }

        abstract void joinWorkers() throws InterruptedException;

        void collect() throws InterruptedException {
            while (true) {
                switch (results.receiver().receive(Actors.AT_MOST)) {
                    case Received.Value<String>(String page) -> collected.add(page);
                    case Received.TimedOut<String> _ -> {} // a slow site is no reason to leave
                    case Received.Closed<String> _ -> {
                        return;
                    }
                }
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("collector", sample::collect);
        actors.start("pool", sample::joinWorkers);
        actors.start("worker-1", () -> sample.work("/1"));
        actors.start("worker-2", () -> sample.work("/2"));
        for (String sender : List.of("worker-1", "worker-2", "pool")) {
            actors.awaitEnd(sender);
        }
    }

    @Test
    void brokenCollectorWaitsThoughNobodyIsLeftToSend() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("both results", () -> sample.collected.size() == 2);
            actors.awaitParked("collector", "receive");
            assertThat(actors.alive()).containsExactly("collector");
        }
    }

    @Test
    void fixedCollectorHasBothResultsAndEnds() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.collected).containsExactlyInAnyOrder("/1", "/2");
        }
    }
}
