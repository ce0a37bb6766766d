package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The crawl reports success before its first page is done: the wait for all tasks found no task, because the task that
 * was started had not yet counted itself.
 *
 * <pre>
 * starter                               task
 * Fixed: count the task
 * start the task
 *                                       (not yet running)
 * wait for all: Broken ends at once
 *               Fixed waits
 *                                       Broken: count itself
 *                                       fetch, count down, end
 *               Fixed ends
 * </pre>
 */
@Pitfall(id = "add-inside-task", question = "Is a task counted before it is started, by the one who starts it?",
        go = "wg.Add(1) inside the goroutine", embodiedBy = Frontier.class, incidents = "gocolly/colly#91")
class AddInsideTaskTest {

    /** The task counts itself. */
    static final class Broken extends Sample {

        @Override
        void start(Actors actors, Gate notYetRunning) {
            actors.start("task", () -> {
                notYetRunning.pass();
                open.register();
                fetchAndCountDown();
            });
        }
    }

    /** Who starts a task has counted it. */
    static final class Fixed extends Sample {

        @Override
        void start(Actors actors, Gate notYetRunning) {
            open.register();
            actors.start("task", () -> {
                notYetRunning.pass();
                fetchAndCountDown();
            });
        }
    }

    abstract static class Sample {

        /** The open tasks, and one for who waits. */
        final Phaser open = new Phaser(1);
        final AtomicInteger fetched = new AtomicInteger();

        abstract void start(Actors actors, Gate notYetRunning);

        void fetchAndCountDown() {
            try {
                fetched.incrementAndGet();
            } finally {
                open.arriveAndDeregister();
            }
        }

        void awaitAll() throws InterruptedException {
            open.awaitAdvanceInterruptibly(open.arriveAndDeregister());
        }
    }

    private final Gate notYetRunning = new Gate();

    private void schedule(Sample sample, Actors actors) {
        sample.start(actors, notYetRunning);
        actors.awaitParked("task", "pass");
        actors.start("waiter", sample::awaitAll);
    }

    @Test
    void brokenWaitEndsBeforeTheTaskHasRun() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitEnd("waiter");
            assertThat(actors.alive()).containsExactly("task");
            assertThat(sample.fetched).hasValue(0);
        }
    }

    @Test
    void fixedWaitEndsAfterTheTask() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitParked("waiter", "awaitAll");
            assertThat(sample.fetched).hasValue(0);
            notYetRunning.open();
            actors.awaitEnd();
            assertThat(sample.fetched).hasValue(1);
        }
    }
}
