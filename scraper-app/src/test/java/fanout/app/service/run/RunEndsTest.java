package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.metrics.CrawlResult;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEndsTest {

    private final JobRegistries registries = new JobRegistries(1, _ -> {});
    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1/").build();

    private static final int RACES = 200;

    @TempDir
    private Path folder;

    private DataFolder data;
    private RunEnds ends;
    private CrawlTask run;

    @BeforeEach
    void begin() throws IOException {
        data = DataFolder.open(folder);
        ends = new RunEnds(data.history(), new LiveCrawls(registries), registries);
        data.history().add(CrawlRecord.submitted("a", JOB.name(), false, Instant.EPOCH));
        beginRun();
    }

    private void beginRun() throws IOException {
        data.history().started("a", Instant.EPOCH);
        run = new CrawlTask("a", JOB, data.crawl("a"));
        assertThat(run.begin()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private CrawlRecord kept() throws IOException {
        return data.history().find("a").orElseThrow();
    }

    private void end() {
        ends.ended(run, new CrawlEnd(CrawlState.FINISHED, Instant.EPOCH, Optional.empty(), Optional.empty(),
                Optional.empty(), 0), new RunEnds.Told(CrawlResult.SUCCESS, false), true);
    }

    @Test
    void aRunThatAPersonAsksToEndIsRemembered() throws IOException {
        assertThat(ends.cancel(run, Ending.DRAIN)).isTrue();
        assertThat(run.isCancelWanted()).isTrue();
        assertThat(kept().endWanted()).isTrue();
        assertThat(kept().state()).isEqualTo(CrawlState.DRAINING);
    }

    /** The thread may be wanted elsewhere; the next start of the service finds what the run has left. */
    @Test
    void anEndThatIsTriedOnceIsNotWaitedFor() throws Exception {
        LostTable table = new LostTable(folder);
        table.take();
        end();
        table.putBack();
        assertThat(run.state()).isEqualTo(CrawlState.RUNNING);
        assertThat(kept().state()).isEqualTo(CrawlState.RUNNING);
    }

    /** A request may have found the run just before it ended. */
    @Test
    void aCancelThatComesTooLateIsNotTheNextRuns() throws IOException {
        end();
        assertThat(run.state()).isEqualTo(CrawlState.FINISHED);
        assertThat(data.history().resumed("a")).isTrue();

        assertThat(ends.cancel(run, Ending.NOW)).isFalse();
        assertThat(kept().endWanted()).isFalse();
        assertThat(kept().state()).isEqualTo(CrawlState.QUEUED);
    }

    /** The run after the one that is asked to end must not be asked. */
    @Test
    void aCancelIsWrittenBeforeTheEndOrNotAtAll() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RACES; i++) {
                CyclicBarrier start = new CyclicBarrier(2);
                CrawlTask raced = run;
                Future<Boolean> asked = threads.submit(() -> {
                    start.await();
                    return ends.cancel(raced, Ending.NOW);
                });
                start.await();
                end();
                boolean resumed = data.history().resumed("a");
                boolean before = asked.get();
                assertThat(resumed).isTrue();
                assertThat(kept().endWanted())
                        .as("race %d, in which the cancel came %s", i, before ? "before" : "after")
                        .isFalse();
                assertThat(kept().state()).isEqualTo(CrawlState.QUEUED);
                beginRun();
            }
        }
    }
}
