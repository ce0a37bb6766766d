package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Now and then all workers are idle although there is plenty to do: the dispatcher found the queue full, and fetches a
 * slow page itself.
 *
 * <pre>
 * dispatcher                              worker-1              worker-2
 * hand out 1, 2, 3                        fetch 1               fetch 2; 3 is queued
 * Broken: no slot for 4, fetch it
 * Fixed:  no slot for 4, wait
 *                                         fetched 1             fetched 2
 * Broken: … fetch 4: slow                 fetch 3, idle         idle
 * Fixed:  hand out 4, 5, 6, end           fetch 4: slow         fetch 3, 5, 6
 * </pre>
 */
@Pitfall(id = "caller-runs",
        question = "When the pool is busy, what does the thread that feeds it do, and what feeds it meanwhile?",
        go = "a dispatcher that does the work itself when the channel is full", embodiedBy = WorkerPool.class,
        incidents = "code4craft/webmagic#110")
class CallerRunsTest {

    private static final List<String> PAGES = List.of("/1", "/2", "/3", "/slow", "/5", "/6");
    private static final int WORKERS = 2;
    private static final int ROOM = 1;

    /** The policy that looks like back-pressure for free. */
    static final class Broken extends Sample {

        private final ThreadPoolExecutor workers = new ThreadPoolExecutor(WORKERS, WORKERS, 0, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(ROOM), new ThreadPoolExecutor.CallerRunsPolicy());

        @Override
        void dispatch() {
            try (workers) {
                for (String page : PAGES) {
                    workers.execute(() -> fetchUnlessInterrupted(page));
                }
            }
        }

        private void fetchUnlessInterrupted(String page) {
            try {
                fetch(page);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Workers come for their pages; the dispatcher waits for a free slot, and does nothing else. */
    static final class Fixed extends Sample {

        private final Channel<String> pages = Channel.bounded(ROOM, Ticker.system());

        @Override
        void dispatch() throws InterruptedException {
            try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
                for (int i = 0; i < WORKERS; i++) {
                    workers.execute(this::work);
                }
                handOut();
            }
        }

        private void handOut() throws InterruptedException {
            try {
                for (String page : PAGES) {
                    pages.sender().send(page);
                }
            } finally {
                pages.close();
            }
        }

        private void work() {
            try {
                while (pages.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                    fetch(page);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // and out of the loop
            }
        }
    }

    abstract static class Sample {

        final Gate first = new Gate();
        final Gate slow = new Gate();
        final AtomicInteger begun = new AtomicInteger();
        final Queue<String> fetched = new ConcurrentLinkedQueue<>();

        abstract void dispatch() throws InterruptedException;

        void fetch(String page) throws InterruptedException {
            begun.incrementAndGet();
            switch (page) {
                case "/1", "/2" -> first.pass();
                case "/slow" -> slow.pass();
                default -> {}
            }
            fetched.add(page);
        }
    }

    /** Both workers are busy and the queue is full when the dispatcher has the slow page in its hand. */
    private static void schedule(Sample sample, String dispatcherIn, Actors actors) {
        actors.start("dispatcher", sample::dispatch);
        actors.awaitUntil("pages 1 and 2 are being fetched", () -> sample.begun.get() >= WORKERS);
        actors.awaitParked("dispatcher", dispatcherIn);
        assertThat(sample.fetched).isEmpty();
        sample.first.open();
    }

    @Test
    void brokenWorkersAreIdleWhileTheDispatcherFetches() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, "fetch", actors);
            actors.awaitUntil("both workers are idle",
                    () -> sample.fetched.size() == 3 && sample.workers.getActiveCount() == 0);
            actors.awaitParked("dispatcher", "fetch");
            assertThat(sample.workers.getQueue()).isEmpty();
            assertThat(sample.fetched).containsExactlyInAnyOrder("/1", "/2", "/3");
            sample.slow.open();
            actors.awaitEnd();
            assertThat(sample.fetched).containsExactlyInAnyOrderElementsOf(PAGES);
        }
    }

    @Test
    void fixedDispatcherHandsOutTheRestWhileAWorkerIsInTheSlowPage() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, "send", actors);
            actors.awaitUntil("all but the slow page", () -> sample.fetched.size() == PAGES.size() - 1);
            assertThat(sample.fetched).containsExactlyInAnyOrder("/1", "/2", "/3", "/5", "/6");
            sample.slow.open();
            actors.awaitEnd();
            assertThat(sample.fetched).containsExactlyInAnyOrderElementsOf(PAGES);
        }
    }
}
