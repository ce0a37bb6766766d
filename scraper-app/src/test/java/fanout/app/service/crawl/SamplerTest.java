package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.Scraper;
import fanout.app.Site;
import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.CrawlRunner;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.EventLog;
import fanout.app.service.run.FetchShares;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import fanout.job.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(20)
class SamplerTest {

    // ids of crawls
    private static final String A = "aaaaaaaaaaaaaaaaa";

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Network OPEN = new Network(true, List.of());
    private static final Duration SHORT = Duration.ofNanos(1);
    private static final String OLD = "%017d".formatted(1);

    @TempDir
    private Path folder;

    private final JobRegistries registries = new JobRegistries(1, _ -> {});
    private final LiveCrawls live = new LiveCrawls(registries);
    private final CrawlJob job = CrawlJob.builder("docs").startUrl("http://127.0.0.1/").build();
    private DataFolder data;
    private CrawlTask task;

    @BeforeEach
    void aCrawlWaitsThatHadAnUncleanEnd() throws IOException {
        data = DataFolder.open(folder);
        data.history().add(CrawlRecord.submitted(A, "docs", false, Instant.now()));
        data.history().requeued(A, 1);
        task = new CrawlTask(A, job, data.crawl(A));
        live.add(task);
    }

    @AfterEach
    void close() throws IOException {
        registries.close();
        data.close();
    }

    private int uncleanEnds() throws IOException {
        return data.history().find(A).orElseThrow().ends().unclean();
    }

    private void begin() throws IOException {
        assertThat(task.begin()).isTrue();
        data.history().started(A, Instant.now());
    }

    private Sampler sampler(Duration steady) {
        ServiceSettings settings = ServiceSettingsReader.standard();
        Crawls crawls = new Crawls(data, settings.bounds(), new CrawlQueue(1), live,
                new RunEnds(data.history(), live, registries), new Readers(1, 1));
        return new Sampler(live, data.history(), new Retention(data, crawls, settings.retention()), steady);
    }

    @Test
    void aCrawlThatRunsForTenMinutesIsForgivenItsUncleanEnd() throws Exception {
        sampler(SHORT).keepFigures();
        assertThat(uncleanEnds()).as("it waits").isOne();
        begin();
        sampler(TEN_MINUTES).keepFigures();
        assertThat(uncleanEnds()).as("it has just begun").isOne();
        Sampler sampler = sampler(SHORT);
        sampler.keepFigures();
        assertThat(uncleanEnds()).as("it has run for longer").isZero();
        data.history().requeued(A, 1);
        data.history().started(A, Instant.now());
        sampler.keepFigures();
        assertThat(uncleanEnds()).as("once is enough").isOne();
    }

    /** What the sampler waits for, which comes after so many looks; no time passes between them. */
    private static final class Looks extends CountDownLatch {

        private int left;

        private Looks(int looks) {
            super(1);
            this.left = looks;
        }

        @Override
        public boolean await(long timeout, TimeUnit unit) {
            assertThat(unit.toMillis(timeout)).as("a quarter of a second").isEqualTo(250);
            return --left < 0;
        }
    }

    private long samples() throws InterruptedException {
        return task.events()
                .after(0, Duration.ZERO)
                .events()
                .stream()
                .filter(event -> event.kind() == EventLog.Kind.PROGRESS)
                .count();
    }

    private void anOldCrawlHasEnded() throws IOException {
        data.history().add(CrawlRecord.submitted(OLD, "docs", false, Instant.EPOCH));
        data.history()
                .ended(OLD, new CrawlEnd(CrawlState.FINISHED, Instant.EPOCH, Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
    }

    private String keptFigures() throws IOException {
        return data.history().find(A).orElseThrow().progress().orElseThrow();
    }

    /** Every second, every other second, and every minute. */
    @Test
    void everyFourthLookIsASampleEveryEighthIsKept() throws Exception {
        try (Site site = new Site("Docs");
                Scraper scraper = Scraper.builder().network(OPEN).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CrawlJob slow = job.toBuilder().startUrl(site.url("/slow/")).network(OPEN).build();
            task = new CrawlTask(A, slow, data.crawl(A));
            Files.createDirectory(data.crawl(A).path());
            live.add(task);
            RunEnds ends = new RunEnds(data.history(), live, registries);
            CrawlRunner runner = new CrawlRunner(scraper, data.history(), ends, live, new FetchShares(10, 1),
                    registries, 1 << 20);
            Future<?> run = threads.submit(() -> {
                runner.run(task);
                return null;
            });
            try {
                await().until(() -> site.slowRequests.get() > 0);
                await().until(() -> {
                    sampler(TEN_MINUTES).run(new Looks(1));
                    return task.pages().position().bytes() > 0;
                });
                assertThat(samples()).as("one look is no sample").isZero();

                anOldCrawlHasEnded();
                for (int looks : new int[]{3, 4, 7, 8, 239, 240}) {
                    data.history().progressed(A, "none");
                    long before = samples();
                    sampler(TEN_MINUTES).run(new Looks(looks));
                    assertThat(samples() - before).as("samples of %d looks", looks).isEqualTo(looks / 4);
                    assertThat(keptFigures()).as("after %d looks", looks)
                            .startsWith(looks < 8 ? "none" : "{\"discovered\":");
                    assertThat(data.history().find(OLD).isPresent()).as("after %d looks", looks)
                            .isEqualTo(looks < 240);
                }
            } finally {
                task.ask(Ending.NOW);
                site.release.countDown();
            }
            run.get(20, TimeUnit.SECONDS);
        }
    }

    /** A disk that is full may have room later: it says so once, and goes on. */
    @Test
    void aHistoryThatCannotBeWrittenEndsNoSampler() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Sampler.class);
        logger.addAppender(log);
        try {
            LostTable table = new LostTable(folder);
            Sampler sampler = sampler(SHORT);
            for (int i = 1; i <= 2; i++) {
                CrawlTask unforgiven = new CrawlTask("unforgivencrawl%02d".formatted(i), job,
                        data.crawl("unforgivencrawl%02d".formatted(i)));
                assertThat(unforgiven.begin()).isTrue();
                live.add(unforgiven);
                table.take();
                for (int failure = 0; failure < 2; failure++) {
                    sampler.keepFigures();
                    assertThat(log.list).as("one word for two failures").hasSize(i);
                }
                table.putBack();
                sampler.keepFigures();
            }
            table.take();
            sampler(SHORT).run(new Looks(240));
            assertThat(log.list.getLast().getFormattedMessage()).isEqualTo("old crawls cannot be deleted");
        } finally {
            logger.detachAppender(log);
        }
    }
}
