package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CrawlQueueTest {

    private static CrawlTask task(String id) {
        return new CrawlTask(id, CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(Path.of("none")));
    }

    @Test
    void crawlsLeaveAsTheyCame() throws Exception {
        CrawlQueue queue = new CrawlQueue(2);
        CrawlTask first = task("1");
        CrawlTask second = task("2");
        assertThat(queue.reserve()).isTrue();
        queue.add(first);
        assertThat(queue.reserve()).isTrue();
        queue.add(second);
        assertThat(queue.reserve()).as("room for a third").isFalse();
        assertThat(queue.take()).contains(first);
        assertThat(queue.reserve()).isTrue();
        queue.giveBack();
        assertThat(queue.take()).contains(second);
    }

    @Test
    void reservedRoomIsTakenUntilItIsGivenBack() {
        CrawlQueue queue = new CrawlQueue(1);
        assertThat(queue.reserve()).isTrue();
        assertThat(queue.reserve()).isFalse();
        queue.giveBack();
        assertThat(queue.reserve()).isTrue();
    }

    @Test
    void aRunnerThatWaitsIsRoomAndIsFreedWhenTheQueueCloses() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        AtomicReference<Optional<CrawlTask>> taken = new AtomicReference<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                taken.set(queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> {
            boolean one = queue.reserve();
            boolean two = queue.reserve();
            if (!two) {
                queue.giveBack();
            }
            return one && two;
        });
        queue.close();
        runner.join();
        assertThat(taken.get()).isEmpty();
        assertThat(queue.reserve()).as("room in a closed queue").isFalse();
    }

    /** Waits, in a thread of its own, for the crawl that it is given. */
    private static final class Runner {

        private final AtomicReference<Optional<CrawlTask>> taken = new AtomicReference<>();
        private final Thread thread;

        private Runner(CrawlQueue queue) {
            thread = Thread.ofPlatform().start(() -> {
                try {
                    taken.set(queue.take());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        }

        private Optional<CrawlTask> taken() throws InterruptedException {
            boolean woken = thread.join(Duration.ofSeconds(5));
            thread.interrupt();
            thread.join();
            assertThat(woken).as("the runner was woken").isTrue();
            return taken.get();
        }
    }

    @Test
    void aCrawlWakesTheRunnerThatWaits() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        CrawlTask first = task("1");
        Runner runner = new Runner(queue);
        assertThat(queue.reserve()).isTrue();
        queue.add(first);
        assertThat(runner.taken()).contains(first);

        Runner next = new Runner(queue);
        queue.addAgain(first);
        assertThat(next.taken()).contains(first);
    }

    /** After a start more may wait than the queue lets in. */
    @Test
    void aCrawlThatWaitedBeforeWaitsWithoutRoomAndTakesIt() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        CrawlTask first = task("1");
        CrawlTask second = task("2");
        queue.addAgain(first);
        queue.addAgain(second);
        assertThat(queue.size()).isEqualTo(2);
        queue.remove(first);
        assertThat(queue.reserve()).as("room beside the second").isFalse();
        assertThat(queue.take()).contains(second);
        assertThat(queue.size()).isZero();
        assertThat(queue.reserve()).isTrue();
        assertThat(queue.capacity()).isOne();
    }

    @Test
    void aRunnerThatHasLeftIsNoRoom() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        Runner runner = new Runner(queue);
        runner.thread.interrupt();
        runner.thread.join();
        assertThat(queue.reserve()).isTrue();
        assertThat(queue.reserve()).as("room in the hands of a runner that has left").isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
    }

    /** They stay in the history as queued. */
    @Test
    void aQueueThatIsClosedKeepsItsCrawls() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        queue.addAgain(task("1"));
        queue.close();
        assertThat(queue.take()).isEmpty();
        assertThat(queue.size()).isOne();
    }

    /** A lock that a call has kept stops another thread only. */
    @Test
    void eachCallLeavesTheQueueToOtherThreads() throws Exception {
        CrawlQueue queue = new CrawlQueue(1);
        CrawlTask task = task("1");
        List<Callable<?>> calls = List.of(queue::reserve, queue::reserve, Executors.callable(queue::giveBack),
                queue::reserve, Executors.callable(() -> queue.add(task)),
                Executors.callable(() -> queue.addAgain(task)), Executors.callable(() -> queue.remove(task)),
                queue::size, queue::take, Executors.callable(queue::close));
        for (Callable<?> call : calls) {
            call.call();
            Thread other = Thread.ofVirtual().start(queue::size);
            assertThat(other.join(Duration.ofSeconds(5))).as("call %d", calls.indexOf(call)).isTrue();
        }
    }
}
