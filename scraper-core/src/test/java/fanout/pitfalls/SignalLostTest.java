package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * A worker sleeps next to a full queue: the channel of capacity 1 had kept its wake-up, and the worker itself threw it
 * away, taking it for an old one.
 *
 * <p>In {@link LostSignalTest lost-signal} nothing keeps a signal that comes early: a condition has no memory. Here
 * something does, and the harm is in the order in which its reader forgets, looks and waits.
 *
 * <pre>
 * worker                                        sender
 * look: the queue is empty
 *                                               add a page, put a signal into the channel
 * Broken: empty the channel of old signals
 * wait for a signal: Broken for ever
 * Fixed:  it is there, look again: a page
 * </pre>
 */
@Pitfall(id = "signal-lost",
        question = "Is the signal taken before the state is looked at, and does whatever comes later leave another "
                + "one?",
        go = "draining a signal channel of capacity 1 between the check and the wait", embodiedBy = Frontier.class)
class SignalLostTest {

    /** An old signal would wake it for nothing, so it is thrown away before the wait. Is it an old one? */
    static final class Broken extends Sample {

        @Override
        String next(Gate window) throws InterruptedException {
            String page = pages.poll();
            while (page == null) {
                window.pass();
                wakeUps.clear();
                wakeUps.take();
                page = pages.poll();
            }
            return page;
        }
    }

    /**
     * A signal says "look again" and nothing more: to look once for nothing is cheap, and nothing is ever thrown away.
     */
    static final class Fixed extends Sample {

        @Override
        String next(Gate window) throws InterruptedException {
            String page = pages.poll();
            while (page == null) {
                window.pass();
                wakeUps.take();
                page = pages.poll();
            }
            return page;
        }
    }

    abstract static class Sample {

        final Queue<String> pages = new ConcurrentLinkedQueue<>();

        /** Full or empty: many signals are as good as one. */
        final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);

        abstract String next(Gate window) throws InterruptedException;

        void add(String page) {
            pages.add(page);
            wakeUps.offer(true); // full: the worker is going to look anyway
        }
    }

    private final Queue<String> taken = new ConcurrentLinkedQueue<>();

    private void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate window = new Gate();
        actors.start("worker", () -> taken.add(sample.next(window)));
        actors.awaitParked("worker", "pass");
        actors.start("sender", () -> sample.add("/page"));
        actors.awaitEnd("sender");
        assertThat(sample.wakeUps).as("kept, because no thread waits yet").hasSize(1);
        window.open();
    }

    @Test
    void brokenWorkerThrowsTheSignalAwayAndSleepsBesideAFullQueue() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker", "take");
            assertThat(actors.alive()).containsExactly("worker");
            assertThat(sample.pages).containsExactly("/page");
        }
    }

    @Test
    void fixedWorkerFindsTheSignalThatCameBeforeItWaited() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(taken).containsExactly("/page");
        }
    }

    @Test
    void fixedWorkerLooksOnceForNothingAtAnOldSignal() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            Gate window = new Gate();
            window.open();
            sample.wakeUps.add(true); // whose page was taken by a worker that did not have to wait
            actors.start("worker", () -> taken.add(sample.next(window)));
            actors.awaitUntil("the old signal is taken", sample.wakeUps::isEmpty);
            actors.awaitParked("worker", "take");
            sample.add("/page");
            actors.awaitEnd();
            assertThat(taken).containsExactly("/page");
        }
    }
}
