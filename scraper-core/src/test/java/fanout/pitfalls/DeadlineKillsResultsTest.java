package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.TaskScope;
import fanout.internal.task.TaskScope.Task;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * A crawl that runs into its time limit loses pages that it had fetched long before: the limit interrupts the writer,
 * too, with results still queued.
 *
 * <pre>
 * worker                           writer                            clock
 * fetch and send 1, 2, 3           receive 1, write: slow disk
 * fetch 4: hangs
 *                                                                    the time is up
 * interrupted, end                 Broken: interrupted, end; 2 and 3 are lost
 *                                  Fixed:  write 1, 2, 3, end
 * </pre>
 */
@Pitfall(id = "deadline-kills-results",
        question = "When the time is up, who is interrupted, and who still has to carry home what was done by then?",
        go = "a context with a timeout that cancels the collector along with the workers",
        embodiedBy = WorkerPool.class,
        incidents = "scrapy/scrapy#2399")
class DeadlineKillsResultsTest {

    /** One scope, and one time limit for all in it. */
    static final class Broken extends Sample {

        @Override
        void crawl() throws InterruptedException {
            List<Task> all = List.of(new Task("writer", this::write), new Task("worker", this::workAndClose));
            scope("crawl").run(all, timeIsUp::pass, timeIsUp::open);
        }
    }

    /** The limit is the workers' own, in a scope inside; the writer ends when the results do. */
    static final class Fixed extends Sample {

        private final Gate never = new Gate();

        @Override
        void crawl() throws InterruptedException {
            List<Task> both = List.of(new Task("writer", this::write), new Task("pool", this::runPool));
            scope("crawl").run(both, never::pass, never::open);
        }

        private void runPool() throws InterruptedException {
            try {
                scope("workers").run(List.of(new Task("worker", this::work)), timeIsUp::pass, timeIsUp::open);
            } finally {
                results.close();
            }
        }
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(8, Ticker.system());
        final Queue<String> written = new ConcurrentLinkedQueue<>();
        final Gate timeIsUp = new Gate();
        final Gate disk = new Gate();
        final Gate answer = new Gate();
        final AtomicBoolean hanging = new AtomicBoolean();
        final AtomicBoolean cutOff = new AtomicBoolean();

        abstract void crawl() throws InterruptedException;

        static TaskScope scope(String name) {
            return new TaskScope(name, Thread.ofVirtual().factory(), Ticker.system());
        }

        void workAndClose() throws InterruptedException {
            try {
                work();
            } finally {
                results.close();
            }
        }

        void work() throws InterruptedException {
            for (String page : List.of("/1", "/2", "/3", "/hangs")) {
                results.sender().send(fetch(page));
            }
        }

        String fetch(String page) throws InterruptedException {
            if (page.equals("/hangs")) {
                hanging.set(true);
                try {
                    answer.pass();
                } catch (InterruptedException e) {
                    cutOff.set(true);
                    throw e;
                }
            }
            return page;
        }

        void write() throws InterruptedException {
            while (results.receiver().receive(Actors.AT_MOST) instanceof Received.Value<String>(String page)) {
                disk.pass();
                written.add(page);
            }
        }
    }

    private static void schedule(Sample sample, Actors actors) {
        actors.start("crawl", sample::crawl);
        actors.awaitUntil("1 being written, 2 and 3 queued, 4 being fetched",
                () -> sample.hanging.get() && sample.results.size() == 2);
        sample.timeIsUp.open();
        actors.awaitUntil("the fetch was cut off", sample.cutOff::get);
    }

    @Test
    void brokenCrawlEndsWithNothingWritten() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.written).isEmpty();
            assertThat(sample.results.size()).as("fetched, and lost").isEqualTo(2);
        }
    }

    @Test
    void fixedCrawlWritesAllThatWasFetchedInTime() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            sample.disk.open();
            actors.awaitEnd();
            assertThat(sample.written).containsExactly("/1", "/2", "/3");
        }
    }
}
