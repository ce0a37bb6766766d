package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.nio.file.Path;
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
