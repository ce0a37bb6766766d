package fanout.app.service.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.Scraper;
import fanout.app.Site;
import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.JobEnd;
import fanout.job.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crawls of a service without its socket: each number is another one, and read by its name. */
class CrawlScopeTest {

    private static final Network OPEN = new Network(true, List.of());

    @TempDir
    private Path folder;

    private final JobRegistries registries = new JobRegistries(5, _ -> {});
    private Site site;
    private Scraper scraper;
    private DataFolder data;

    @BeforeEach
    void open() throws IOException {
        site = new Site("Docs");
        scraper = Scraper.builder().network(OPEN).build();
        data = DataFolder.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        try (Site closed = site; Scraper _ = scraper; JobRegistries _ = registries; DataFolder _ = data) {
            closed.release.countDown();
        }
    }

    /** A scope that runs in a thread of its own. */
    private final class Running implements AutoCloseable {

        private final CrawlScope scope;
        private final Thread thread;
        private final AtomicInteger ready = new AtomicInteger();

        private Running(String more) throws Exception {
            ServiceSettings settings = ServiceSettingsReader.read("test.yaml",
                    ("network: {allowPrivateAddresses: true}\n" + more).getBytes(UTF_8), Map.of());
            scope = new CrawlScope(settings, data, scraper, registries, new Readers(1, 1));
            scope.recover();
            assertThat(scope.whyNotReady()).contains("the service starts");
            thread = Thread.ofPlatform().name("scope-under-test").start(() -> {
                try {
                    scope.run(ready::incrementAndGet);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await().until(() -> ready.get() > 0);
            assertThat(scope.whyNotReady()).isEmpty();
        }

        private CrawlTask submit(String path) throws Exception {
            byte[] job = site.job(path).getBytes(UTF_8);
            Crawls crawls = scope.crawls();
            Crawls.Submission.Accepted taken =
                    (Crawls.Submission.Accepted) crawls.submit(crawls.read(false, job).job(), false, job);
            return crawls.live(taken.crawl().id()).orElseThrow();
        }

        private void join() throws InterruptedException {
            assertThat(thread.join(Duration.ofSeconds(20))).as("it has ended").isTrue();
        }

        @Override
        public void close() {
            scope.stopNow();
            site.release.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private CrawlState kept(CrawlTask task) throws IOException {
        return data.history().find(task.id()).orElseThrow().state();
    }

    @Test
    void asManyCrawlsRunAsMayAndTheOthersWaitForTheirTurn() throws Exception {
        try (Running running = new Running("""
                maxConcurrentCrawls: 2
                maxQueuedCrawls: 7
                retention: {maxBytes: 123456789B}
                """)) {
            CrawlScope scope = running.scope;
            CrawlTask first = running.submit("/slow/");
            CrawlTask second = running.submit("/slow/");
            await().until(() -> scope.running(false) == 2);
            CrawlTask third = running.submit("/1.html");
            assertThat(scope.queued()).isOne();
            assertThat(scope.running(true)).isZero();
            assertThat(scope.queueCapacity()).isEqualTo(7);
            assertThat(scope.mostBytes()).isEqualTo(123_456_789);
            assertThat(scope.freeBytes()).isPositive();

            await().until(() -> site.slowRequests.get() > 0);
            assertThat(first.ask(Ending.DRAIN)).isTrue();
            assertThat(scope.running(false)).isOne();
            assertThat(scope.running(true)).isOne();
            site.release.countDown();
            await().until(() -> scope.crawls().live(third.id()).isEmpty());
            assertThat(kept(third)).isEqualTo(CrawlState.FINISHED);
            await().until(() -> scope.crawls().live(second.id()).isEmpty());
            assertThat(scope.crawls().delete(second.id())).isEqualTo(Crawls.Deletion.DONE);
            assertThat(scope.deleted(Crawls.DeletedFor.REQUEST)).isOne();
        }
    }

    @Test
    void whatHasNotEndedIsNamedAndWhoWaitsForIt() throws Exception {
        try (Running running = new Running("")) {
            CrawlTask task = running.submit("/slow/");
            await().until(() -> site.slowRequests.get() > 0);
            List<String> lines = running.scope.remaining();
            assertThat(lines.getFirst()).startsWith("crawl " + task.id() + " (test) is running; its thread service-");
            assertThat(lines).contains("scope-under-test, which waits for them");
            assertThat(lines.getLast()).startsWith("    at ");
            assertThat(lines.subList(lines.indexOf("scope-under-test, which waits for them") + 1, lines.size()))
                    .hasSizeBetween(1, 12);
            assertThat(lines).as("a worker of the crawl").anyMatch(line -> line.contains(": worker-"));
        }
    }

    @Test
    void aServiceThatStopsDrainsWhatRunsAndLeavesWhatWaits() throws Exception {
        try (Running running = new Running("maxConcurrentCrawls: 1\n")) {
            CrawlTask task = running.submit("/slow/");
            CrawlTask waiting = running.submit("/1.html");
            await().until(() -> site.slowRequests.get() == 10);
            data.history().requeued(waiting.id(), 1);
            running.scope.stop();
            await().until(() -> kept(task) == CrawlState.DRAINING);
            assertThat(task.ending()).isEqualTo(Ending.DRAIN);
            assertThat(running.scope.whyNotReady()).contains("the service stops");
            site.release.countDown();
            running.join();
            assertThat(data.history().find(task.id()).orElseThrow().ends().suspended()).isTrue();
            assertThat(kept(waiting)).isEqualTo(CrawlState.QUEUED);
            assertThat(data.history().find(waiting.id()).orElseThrow().ends().unclean())
                    .as("the stop was an orderly one")
                    .isZero();
        }
    }

    @Test
    void afterTheGraceWhatRunsIsGivenUp() throws Exception {
        try (Running running = new Running("shutdownGrace: 50ms\n")) {
            CrawlTask task = running.submit("/slow/");
            await().until(() -> site.slowRequests.get() == 10);
            running.scope.stop();
            running.join();
            assertThat(task.ending()).isEqualTo(Ending.NOW);
        }
    }

    @Test
    void aServiceThatStopsNowWaitsForNothing() throws Exception {
        try (Running running = new Running("")) {
            CrawlTask task = running.submit("/slow/");
            await().until(() -> site.slowRequests.get() == 10);
            running.scope.stopNow();
            assertThat(task.ending()).isEqualTo(Ending.NOW);
            running.join();
        }
    }

    private double gauge(String job, String name) {
        return registries.ofJob(job).get(name).gauge().value();
    }

    /** An alert must not end with the process that it is about; crawls that are held or too old are seen to first. */
    @Test
    void aStartShowsTheJobsThatItKnowsAndWhatItHolds() throws Exception {
        data.history()
                .jobEnded(new JobEnd("known", Instant.ofEpochSecond(2_000), Optional.of(Instant.ofEpochSecond(1_000)),
                        Optional.of(77L)));
        String held = "%017d".formatted(1);
        String old = "%017d".formatted(2);
        String found = "%017d".formatted(3);
        for (String id : List.of(held, old, found)) {
            if (!id.equals(found)) {
                data.history().add(CrawlRecord.submitted(id, "test", false, Instant.EPOCH));
            }
            Files.createDirectory(data.crawl(id).path());
            Files.writeString(data.crawl(id).job(), site.job("/slow/"));
        }
        data.history().held(held, 2, "for a reason");
        data.history()
                .ended(old, new CrawlEnd(CrawlState.FINISHED, Instant.EPOCH, Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
        try (Running running = new Running("retention: {maxAge: 1d}\n")) {
            assertThat(running.scope.held()).isOne();
            assertThat(running.scope.deleted(Crawls.DeletedFor.AGE)).isOne();
            assertThat(running.scope.usedBytes()).isEqualTo(2L * Files.size(data.crawl(held).job())).isPositive();
            assertThat(running.scope.crawls().live(found)).as("a folder that the history did not have").isPresent();
            assertThat(gauge("known", "scraper.crawl.last.success.timestamp")).isEqualTo(1_000);
            assertThat(gauge("known", "scraper.crawl.last.pages")).isEqualTo(77);
        }
    }
}
