package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.run.CrawlTask;
import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
}
