package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.Scraper;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crawl that cannot run, for whatever reason, has ended all the same, and its place is free. */
class CrawlRunnerTest {

    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1/").build();

    @TempDir
    private Path folder;

    private final JobRegistries registries = new JobRegistries(1, _ -> {});
    private final LiveCrawls live = new LiveCrawls(registries);
    private final FetchShares shares = new FetchShares(10, 1);

    /** A runner with a bug: it has no registries, and will find out when the crawl's files are open. */
    @SuppressWarnings("NullAway")
    private CrawlRunner brokenRunner(Scraper scraper, DataFolder data) {
        return new CrawlRunner(scraper, data.history(), new RunEnds(data.history(), live, registries), live, shares,
                null, 1_000);
    }

    private CrawlTask queued(DataFolder data) throws IOException {
        data.history().add(CrawlRecord.submitted("a", JOB.name(), false, Instant.EPOCH));
        CrawlTask task = new CrawlTask("a", JOB, data.crawl("a"));
        Files.createDirectory(task.folder().path());
        live.add(task);
        return task;
    }

    private void assertFailed(DataFolder data, CrawlTask task, String why) throws IOException {
        assertThat(task.state()).isEqualTo(CrawlState.FAILED);
        assertThat(live.all()).isEmpty();
        assertThat(shares.take(10)).as("what it had is given back").isEqualTo(10);
        CrawlRecord kept = data.history().find("a").orElseThrow();
        assertThat(kept.state()).isEqualTo(CrawlState.FAILED);
        assertThat(kept.startedAt()).isPresent();
        assertThat(kept.finishedAt()).isPresent();
        assertThat(kept.failure()).hasValueSatisfying(failure -> assertThat(failure).contains(why));
    }

    @Test
    void aBugEndsTheCrawlThatMeetsItAndNothingElse() throws Exception {
        try (DataFolder data = DataFolder.open(folder); Scraper scraper = Scraper.builder().build()) {
            CrawlTask task = queued(data);
            brokenRunner(scraper, data).run(task);
            assertFailed(data, task, "internal error: java.lang.NullPointerException");
        }
    }

    @Test
    void filesThatCannotBeOpenedAreTheReason() throws Exception {
        try (DataFolder data = DataFolder.open(folder); Scraper scraper = Scraper.builder().build()) {
            CrawlTask task = queued(data);
            Files.createDirectory(task.folder().path().resolve("pages.jsonl"));
            new CrawlRunner(scraper, data.history(), new RunEnds(data.history(), live, registries), live, shares,
                    registries,
                    1_000).run(task);
            assertFailed(data, task, "pages.jsonl");
        }
    }

    /** Until the history has its end, a crawl has not ended, and it is there for all to see. */
    @Test
    void anEndThatCannotBeKeptIsTriedAgain() throws Exception {
        try (DataFolder data = DataFolder.open(folder);
                Scraper scraper = Scraper.builder().build();
                RunWithoutHistory run = new RunWithoutHistory(data, scraper)) {
            assertThat(run.task.state()).isEqualTo(CrawlState.RUNNING);
            assertThat(live.find("a")).isPresent();

            new LostTable(folder).putBack();
            run.join();
            assertThat(run.task.state()).isEqualTo(CrawlState.FAILED);
            assertThat(live.all()).isEmpty();
            assertThat(data.history().find("a").orElseThrow().state()).isEqualTo(CrawlState.FAILED);
        }
    }

    @Test
    void anEndThatCannotBeKeptDoesNotHoldUpTheEndOfTheService() throws Exception {
        try (DataFolder data = DataFolder.open(folder);
                Scraper scraper = Scraper.builder().build();
                RunWithoutHistory run = new RunWithoutHistory(data, scraper)) {
            live.stop();
            run.join();
            assertThat(live.all()).isEmpty();

            new LostTable(folder).putBack();
            assertThat(data.history().find("a").orElseThrow().state()).as("for the next start")
                    .isEqualTo(CrawlState.QUEUED);
        }
    }

    /** A run in a thread of its own, whose end cannot be kept; that was tried when the constructor returns. */
    private final class RunWithoutHistory implements AutoCloseable {

        private final CrawlTask task;
        private final Thread thread;

        private RunWithoutHistory(DataFolder data, Scraper scraper) throws Exception {
            task = queued(data);
            new LostTable(folder).take();
            CrawlRunner runner = brokenRunner(scraper, data);
            thread = Thread.ofPlatform().start(() -> {
                try {
                    runner.run(task);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        private void join() throws InterruptedException {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }

        @Override
        public void close() {
            live.stop();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aCrawlThatWasCancelledWhileItWaitedDoesNotRun() throws Exception {
        try (DataFolder data = DataFolder.open(folder); Scraper scraper = Scraper.builder().build()) {
            CrawlTask task = queued(data);
            assertThat(task.leaveQueue()).contains(CrawlState.QUEUED);
            brokenRunner(scraper, data).run(task);
            assertThat(task.state()).isEqualTo(CrawlState.CANCELLED);
            assertThat(data.history().find("a").orElseThrow().startedAt()).isEmpty();
        }
    }
}
