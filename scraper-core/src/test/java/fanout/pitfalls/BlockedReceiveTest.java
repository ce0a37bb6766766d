package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * Each failed crawl leaks its workers: they wait for the next page, but the feeder has failed half-way.
 *
 * <pre>
 * feeder                              worker-1                 worker-2
 * send page 1                         receive page 1           receive: waits
 * reading the list of pages fails
 * Broken: end                         receive: for ever        receive: for ever
 * Fixed:  close, end                  receive: closed, end     receive: closed, end
 * </pre>
 */
@Pitfall(id = "blocked-receive",
        question = "If a sender fails half-way, what ends the receivers that wait for more?",
        go = "a goroutine leak: ranging over a channel that has no sender left", embodiedBy = WorkerPool.class,
        incidents = "internetarchive/heritrix3#420")
class BlockedReceiveTest {

    /** Closes after the last page; an exception skips that. */
    static final class Broken extends Sample {

        @Override
        void feed() throws InterruptedException {
            sendPages();
            pages.close();
        }
    }

    /** Closes on every path: however the feeder ends, no page follows. */
    static final class Fixed extends Sample {

        @Override
        void feed() throws InterruptedException {
            try {
                sendPages();
            } finally {
                pages.close();
            }
        }
    }

    abstract static class Sample {

        final Channel<String> pages = Channel.bounded(8, Ticker.system());
        final Queue<String> visited = new ConcurrentLinkedQueue<>();

        abstract void feed() throws InterruptedException;

        void sendPages() throws InterruptedException {
            pages.sender().send("/1");
            throw new IllegalStateException("the list of pages is damaged after /1");
        }

        void work() throws InterruptedException {
            while (true) {
                switch (pages.receiver().receive(Actors.AT_MOST)) {
                    case Received.Value<String>(String page) -> visited.add(page);
                    case Received.TimedOut<String> _ -> {} // a slow feeder is no reason to leave
                    case Received.Closed<String> _ -> {
                        return;
                    }
                }
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        for (String worker : List.of("worker-1", "worker-2")) {
            actors.start(worker, sample::work);
            actors.awaitParked(worker, "receive");
        }
        actors.start("feeder", sample::feed);
        actors.awaitEnd("feeder");
        assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void brokenWorkersWaitThoughTheFeederIsGone() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitUntil("page 1 was visited", () -> sample.visited.size() == 1);
            actors.awaitParked("worker-1", "receive");
            actors.awaitParked("worker-2", "receive");
            assertThat(actors.alive()).containsExactlyInAnyOrder("worker-1", "worker-2");
            assertThat(sample.visited).containsExactly("/1");
        }
    }

    @Test
    void fixedWorkersVisitWhatWasSentAndEnd() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker-1");
            actors.awaitEnd("worker-2");
            assertThat(sample.visited).containsExactly("/1");
        }
    }
}
