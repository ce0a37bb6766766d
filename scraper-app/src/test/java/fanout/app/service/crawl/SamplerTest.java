package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.LiveCrawls;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private static int uncleanEnds(DataFolder data) throws IOException {
        return data.history().find("a").orElseThrow().ends().unclean();
    }

    @Test
    void aCrawlThatRunsForTenMinutesIsForgivenItsUncleanEnd() throws Exception {
        try (DataFolder data = DataFolder.open(folder); JobRegistries registries = new JobRegistries(1, _ -> {})) {
            data.history().add(CrawlRecord.submitted("a", "docs", false, Instant.now()));
            data.history().requeued("a", 1);
            LiveCrawls live = new LiveCrawls(registries);
            CrawlTask task = new CrawlTask("a", CrawlJob.builder("docs").startUrl("http://127.0.0.1/").build(),
                    data.crawl("a"));
            live.add(task);

            new Sampler(live, data.history(), null, Duration.ZERO).keepFigures();
            assertThat(uncleanEnds(data)).as("it waits").isEqualTo(1);

            assertThat(task.begin()).isTrue();
            data.history().started("a", Instant.now());
            new Sampler(live, data.history(), null, TEN_MINUTES).keepFigures();
            assertThat(uncleanEnds(data)).as("it has just begun").isEqualTo(1);

            Sampler sampler = new Sampler(live, data.history(), null, Duration.ofNanos(1));
            sampler.keepFigures();
            assertThat(uncleanEnds(data)).as("it has run for longer").isZero();
        }
    }
}
