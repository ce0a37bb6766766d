package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveCrawlsTest {

    private final JobRegistries registries = new JobRegistries(1, _ -> {});

    private static CrawlTask task(String id) {
        return new CrawlTask(id, CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(Path.of("none")));
    }

    @Test
    void aRunThatHasEndedIsForgotten() {
        LiveCrawls live = new LiveCrawls(registries);
        CrawlTask first = task("a");
        CrawlTask other = task("b");
        live.add(first);
        live.add(other);

        live.remove(first);
        assertThat(live.find("a")).isEmpty();
        assertThat(live.all()).containsExactly(other);
    }

    @Test
    void aWaitForTheStopSaysWhetherItCame() throws InterruptedException {
        LiveCrawls live = new LiveCrawls(registries);
        assertThat(live.awaitStop(Duration.ofMillis(1))).isFalse();
        assertThat(live.isStopping()).isFalse();
        live.stop();
        assertThat(live.awaitStop(Duration.ofHours(1))).isTrue();
        assertThat(live.isStopping()).isTrue();
    }

    /** The next run may begin before the one that has ended is gone. */
    @Test
    void aRunThatHasEndedLeavesThePlaceOfTheNextAlone() {
        LiveCrawls live = new LiveCrawls(registries);
        CrawlTask first = task("a");
        CrawlTask next = task("a");
        live.add(first);

        live.add(next);
        live.remove(first);
        assertThat(live.find("a")).containsSame(next);
    }
}
