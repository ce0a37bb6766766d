package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * Now and then a crawl ends early, as a success, with pages missing: "the queue is empty" and "no worker is busy" were
 * both true, but not at the same moment.
 *
 * <pre>
 * worker (busy with the last page)          coordinator
 *                                           queue is empty: yes
 * Broken: add a link, no longer busy
 * Fixed:  wait for the lock
 *                                           no worker is busy: Broken yes, Fixed no
 *                                           Broken: end, the link is lost
 * Fixed:  add a link, no longer busy
 * </pre>
 */
@Pitfall(id = "early-exit",
        question = "Are \"nothing waits\" and \"no worker is busy\" read as one fact, under the lock that guards both?",
        go = "waiting on a condition that is made of two variables", embodiedBy = Frontier.class,
        incidents = {"code4craft/webmagic#653", "code4craft/webmagic#800"})
class EarlyExitTest {

    /** Each half is thread-safe; the condition made of both is not. */
    static final class Broken extends Sample {

        @Override
        boolean isFinished(Gate window) throws InterruptedException {
            boolean empty = queue.isEmpty();
            window.pass();
            return empty && busy.get() == 0;
        }

        @Override
        void finishWithLink(String link) {
            queue.add(link);
            busy.decrementAndGet();
        }
    }

    /** One lock around both, for who reads and for who writes. */
    static final class Fixed extends Sample {

        private final ReentrantLock lock = new ReentrantLock();

        @Override
        boolean isFinished(Gate window) throws InterruptedException {
            lock.lock();
            try {
                boolean empty = queue.isEmpty();
                window.pass();
                return empty && busy.get() == 0;
            } finally {
                lock.unlock();
            }
        }

        @Override
        void finishWithLink(String link) {
            lock.lock();
            try {
                queue.add(link);
                busy.decrementAndGet();
            } finally {
                lock.unlock();
            }
        }
    }

    abstract static class Sample {

        final Queue<String> queue = new ConcurrentLinkedQueue<>();
        final AtomicInteger busy = new AtomicInteger(1);

        abstract boolean isFinished(Gate window) throws InterruptedException;

        abstract void finishWithLink(String link);
    }

    private final Gate window = new Gate();
    private final AtomicBoolean finished = new AtomicBoolean();

    private void coordinatorReadsTheFirstHalf(Sample sample, Actors actors) {
        actors.start("coordinator", () -> finished.set(sample.isFinished(window)));
        actors.awaitParked("coordinator", "pass");
        actors.start("worker", () -> sample.finishWithLink("/link"));
    }

    @Test
    void brokenCrawlIsCalledFinishedWithALinkInTheQueue() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            coordinatorReadsTheFirstHalf(sample, actors);
            actors.awaitEnd("worker");
            window.open();
            actors.awaitEnd();
            assertThat(finished).isTrue();
            assertThat(sample.queue).containsExactly("/link");
        }
    }

    @Test
    void fixedCrawlGoesOnBecauseTheWorkerCannotComeBetween() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            coordinatorReadsTheFirstHalf(sample, actors);
            actors.awaitParked("worker", "finishWithLink");
            window.open();
            actors.awaitEnd();
            assertThat(finished).isFalse();
            assertThat(sample.queue).containsExactly("/link");
            assertThat(sample.isFinished(window)).as("with the link still to do").isFalse();
        }
    }
}
