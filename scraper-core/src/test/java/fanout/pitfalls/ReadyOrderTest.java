package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/**
 * After the stop one more page is fetched: the stop and the page were both there, and to wait for "any of them" does
 * not say which one it answers with.
 *
 * <pre>
 * worker                                          others
 * busy with a page
 *                                                 stop
 *                                                 offer the next page
 * wait for any of page and stop: both are there
 * Broken: the page comes first, fetch it
 * Fixed:  look for the stop first, end
 * </pre>
 */
@Pitfall(id = "ready-order",
        question = "If several of the things it waits for have come, which one is it to take first, and where is that "
                + "written?",
        go = "relying on which ready case a select picks: it picks at random", embodiedBy = Frontier.class)
class ReadyOrderTest {

    /**
     * Takes what {@code anyOf} answers with for what came first, or for what matters most. It is one of those that are
     * there; in this JDK the first of the arguments, which its documentation does not promise.
     */
    static final class Broken extends Sample {

        @Override
        void work(Gate busy) throws InterruptedException, ExecutionException {
            busy.pass();
            Object first = CompletableFuture.anyOf(nextPage, stop).get();
            if (first instanceof String page) {
                fetch(page);
            }
        }
    }

    /**
     * Waits for any, and then decides in an order that is written down. So does the frontier, under its lock: first the
     * end, then the host whose ready-time came first.
     */
    static final class Fixed extends Sample {

        @Override
        void work(Gate busy) throws InterruptedException, ExecutionException {
            busy.pass();
            CompletableFuture.anyOf(nextPage, stop).get();
            if (!stop.isDone()) {
                fetch(nextPage.get());
            }
        }
    }

    /** The only instance says that nothing more is to be fetched. */
    enum Stop {
        NOW
    }

    abstract static class Sample {

        final CompletableFuture<String> nextPage = new CompletableFuture<>();
        final CompletableFuture<Stop> stop = new CompletableFuture<>();
        final Queue<String> fetched = new ConcurrentLinkedQueue<>();

        abstract void work(Gate busy) throws InterruptedException, ExecutionException;

        void fetch(String page) {
            fetched.add(page);
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate busy = new Gate();
        actors.start("worker", () -> {
            try {
                sample.work(busy);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        actors.awaitParked("worker", "pass");
        sample.stop.complete(Stop.NOW);
        sample.nextPage.complete("/after-the-stop");
        busy.open();
        actors.awaitEnd();
    }

    @Test
    void brokenWorkerFetchesAPageThatCameAfterTheStop() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            assertThat(sample.fetched).containsExactly("/after-the-stop");
        }
    }

    @Test
    void fixedWorkerSeesTheStopFirst() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            assertThat(sample.fetched).isEmpty();
        }
    }

    @Test
    void fixedWorkerFetchesWithoutAStop() throws InterruptedException, ExecutionException {
        Fixed sample = new Fixed();
        Gate busy = new Gate();
        busy.open();
        sample.nextPage.complete("/page");
        sample.work(busy);
        assertThat(sample.fetched).containsExactly("/page");
    }
}
