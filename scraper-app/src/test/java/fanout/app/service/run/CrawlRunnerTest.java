package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.Scraper;
import fanout.app.Site;
import fanout.app.config.JobBounds;
import fanout.app.config.SubmittedJobReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.journal.Journal;
import fanout.sink.OutputFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A crawl that cannot run, for whatever reason, has ended all the same, and its place is free. */
class CrawlRunnerTest {

    // ids of crawls
    private static final String A = "aaaaaaaaaaaaaaaaa";

    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1/").build();

    private static final int SHARE = 4;
    private static final Network OPEN = new Network(true, List.of());

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
        data.history().add(CrawlRecord.submitted(A, JOB.name(), false, Instant.EPOCH));
        CrawlTask task = new CrawlTask(A, JOB, data.crawl(A));
        Files.createDirectory(task.folder().path());
        live.add(task);
        return task;
    }

    private void assertFailed(DataFolder data, CrawlTask task, String why) throws IOException {
        assertThat(task.state()).isEqualTo(CrawlState.FAILED);
        assertThat(live.all()).isEmpty();
        assertThat(shares.take(10)).as("what it had is given back").isEqualTo(10);
        CrawlRecord kept = data.history().find(A).orElseThrow();
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

    private static long openFiles(Path folder) throws IOException {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).startsWith(folder);
                } catch (IOException e) {
                    return false; // it was closed meanwhile
                }
            }).count();
        }
    }

    /** Those that are open are closed if the next cannot be. */
    @ParameterizedTest
    @ValueSource(strings = {"crawl.journal", "pages.jsonl", "items.jsonl"})
    void filesThatCannotBeOpenedAreTheReason(String broken) throws Exception {
        try (DataFolder data = DataFolder.open(folder); Scraper scraper = Scraper.builder().build()) {
            CrawlTask task = queued(data);
            CrawlFolder files = task.folder();
            Files.createDirectory(files.path().resolve(broken));
            new CrawlRunner(scraper, data.history(), new RunEnds(data.history(), live, registries), live, shares,
                    registries,
                    1_000).run(task);
            assertFailed(data, task, broken);
            if (Files.isDirectory(Path.of("/proc/self/fd"))) {
                assertThat(openFiles(files.path())).as("nothing stays open").isZero();
            }
            Files.delete(files.path().resolve(broken));
            try (Journal journal = Journal.resume(files.journal());
                    OutputFile pages = OutputFile.resume(files.pages());
                    OutputFile items = OutputFile.resume(files.items())) {
                assertThat(List.of(journal, pages, items)).as("no file is held any more").doesNotContainNull();
            }
        }
    }

    /** Until the history has its end, a crawl has not ended, and it is there for all to see. */
    @Test
    void anEndThatCannotBeKeptIsTriedAgain() throws Exception {
        try (DataFolder data = DataFolder.open(folder);
                Scraper scraper = Scraper.builder().build();
                RunWithoutHistory run = new RunWithoutHistory(data, scraper)) {
            assertThat(run.task.state()).isEqualTo(CrawlState.RUNNING);
            assertThat(live.find(A)).isPresent();

            new LostTable(folder).putBack();
            run.join();
            assertThat(run.task.state()).isEqualTo(CrawlState.FAILED);
            assertThat(live.all()).isEmpty();
            assertThat(data.history().find(A).orElseThrow().state()).isEqualTo(CrawlState.FAILED);
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
            assertThat(data.history().find(A).orElseThrow().state()).as("for the next start")
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
            assertThat(data.history().find(A).orElseThrow().startedAt()).isEmpty();
        }
    }

    private CrawlTask queued(DataFolder data, String yaml) throws Exception {
        CrawlJob job = SubmittedJobReader.read(false, yaml.getBytes(UTF_8), Optional.empty(),
                new JobBounds(Limits.DEFAULT, OPEN, Optional.empty())).job();
        data.history().add(CrawlRecord.submitted(A, JOB.name(), false, Instant.EPOCH));
        CrawlTask task = new CrawlTask(A, job, data.crawl(A));
        Files.createDirectory(task.folder().path());
        live.add(task);
        return task;
    }

    private double ended(String result) {
        return registries.ofJob(JOB.name()).get("scraper.crawls.ended").tag("result", result).counter().count();
    }

    private double overQuota() {
        return registries.ofJob(JOB.name()).get("scraper.quota.exceeded").counter().count();
    }

    /** A crawl in its own thread, of a site of which ten pages wait until they are released. */
    private final class RunInFlight implements AutoCloseable {

        private final Site site = new Site("Docs");
        private final Scraper scraper = Scraper.builder().network(OPEN).build();
        private final CrawlTask task;
        private final Thread thread;
        private final FetchShares few = new FetchShares(SHARE, 1);
        private volatile boolean wasInterrupted;

        private RunInFlight(DataFolder data) throws Exception {
            this(data, job -> job, SHARE);
        }

        private RunInFlight(DataFolder data, UnaryOperator<String> change, int inFlight) throws Exception {
            task = queued(data, change.apply(site.job("/slow/")));
            CrawlRunner runner = new CrawlRunner(scraper, data.history(), new RunEnds(data.history(), live, registries),
                    live, few, registries, 1 << 20);
            thread = Thread.ofPlatform().start(() -> {
                try {
                    runner.run(task);
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                }
            });
            await().until(() -> site.slowRequests.get() == inFlight);
        }

        private void join() throws InterruptedException {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }

        @Override
        public void close() {
            site.release.countDown();
            task.ask(Ending.NOW);
            try (site; scraper) {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Stream<CrawlFigures.Series.Point> points(CrawlTask task) {
        return task.series().stream().map(CrawlFigures.Series.Point.class::cast);
    }

    @Test
    void aRunLeavesWhatItsReadersAndTheNextRunNeed() throws Exception {
        try (DataFolder data = DataFolder.open(folder); RunInFlight run = new RunInFlight(data)) {
            CrawlFolder files = run.task.folder();
            Files.writeString(files.report(), "of an earlier run");
            await().until(() -> {
                run.task.sample();
                return points(run.task).anyMatch(point -> point.p50Ms() > 0 && point.p50Ms() == point.p90Ms());
            });
            await().untilAsserted(() -> {
                run.task.sample();
                assertThat(points(run.task).reduce((_, last) -> last)).hasValueSatisfying(point -> {
                    assertThat(List.of(point.ok(), point.done(), (long) point.inFlight(), point.queued()))
                            .containsExactly(1L, 1L, (long) SHARE, 10L - SHARE);
                    assertThat(point.atMs()).isBetween(1L, 20_000L);
                });
            });
            assertThat(run.task.events().latest().getLast().data()).startsWith("{\"discovered\":11,\"ok\":1,");
            await().until(() -> {
                run.task.showCommitted();
                return run.task.pages().position().bytes() > 0 && run.task.items().position().bytes() > 0;
            });
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.journal())))
                    .isEqualTo("rw-------");
            run.task.ask(Ending.NOW);
            run.join();

            assertThat(ended("cancelled")).isOne();
            assertThat(overQuota()).isZero();
            assertThat(run.site.slowRequests).as("its share of all fetches").hasValue(SHARE);
            assertThat(run.few.take(SHARE + 1)).as("it is given back").isEqualTo(SHARE);
            CrawlRecord kept = data.history().find(A).orElseThrow();
            assertThat(kept.state()).isEqualTo(CrawlState.CANCELLED);
            assertThat(kept.finishReason()).contains("interrupted");
            assertThat(kept.failure()).isEmpty();
            assertThat(kept.progress()).hasValueSatisfying(
                    figures -> assertThat(figures).contains("\"ok\":1,", "\"cancelled\":10,"));
            assertThat(kept.bytes()).isEqualTo(files.bytes());
            assertThat(files.report()).content().contains("\"interrupted\"");
            assertThat(files.series()).content().contains("\"atMs\"");
            long pages = Files.size(files.pages());
            long items = Files.size(files.items());
            assertThat(files.pages()).content().hasLineCount(11);
            assertThat(run.task.pages().position()).isEqualTo(new Committed.Position(pages, true));
            assertThat(run.task.items().position()).isEqualTo(new Committed.Position(items, true));

            Continuation.Possible possible = (Continuation.Possible) Continuation.of(files);
            assertThat(possible.pages()).as("the page that was ok is kept").isBetween(1L, pages - 1);
            assertThat(possible.items()).isEqualTo(items).isPositive();
            assertThat(possible.okPages()).isOne();
            byte[] lines = Files.readAllBytes(files.items());
            Files.write(files.items(), Arrays.copyOf(lines, lines.length - 1));
            assertThat(Continuation.of(files)).isEqualTo(new Continuation.Hindered(
                    "items.jsonl has " + (items - 1) + " bytes, of which " + items + " were committed"));
            Files.write(files.items(), lines);
            try (FileChannel file = FileChannel.open(files.pages(), StandardOpenOption.WRITE)) {
                file.truncate(possible.pages());
                assertThat(Continuation.of(files)).isEqualTo(possible);
                file.truncate(possible.pages() - 1);
            }
            assertThat(Continuation.of(files)).isEqualTo(new Continuation.Hindered("pages.jsonl has "
                    + (possible.pages() - 1) + " bytes, of which " + possible.pages() + " were committed"));
            Files.writeString(files.journal(), "no journal");
            assertThat(Continuation.of(files)).isInstanceOf(Continuation.Hindered.class);
            Files.delete(files.journal());
            assertThat(Continuation.of(files)).isInstanceOfSatisfying(Continuation.Hindered.class,
                    hindered -> assertThat(hindered.reason()).startsWith("there is no journal"));
        }
    }

    /** What waits for its host waits, as what may be fetched at once. */
    @Test
    void pagesThatWaitForTheirHostAreQueued() throws Exception {
        try (DataFolder data = DataFolder.open(folder);
                RunInFlight run = new RunInFlight(data, job -> job.replace("delay: 0", "delay: 1m"), 0)) {
            await().until(() -> run.task.measured().filter(figures -> figures.delayed() == 1).isPresent());
            run.task.sample(); // after robots.txt the start page waits for a minute
            assertThat(points(run.task)).extracting(CrawlFigures.Series.Point::queued).containsExactly(1L);
            assertThat(run.site.slowRequests).hasValue(0);
        }
    }

    /** It resumes at the next start: it has no end, and no report that would be taken for one. */
    @Test
    void aServiceThatStopsSuspendsWhatRuns() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("scraper.crawls");
        logger.addAppender(log);
        try (DataFolder data = DataFolder.open(folder); RunInFlight run = new RunInFlight(data)) {
            List<String> lines = run.task.remaining();
            int worker =
                    IntStream.range(0, lines.size()).filter(i -> lines.get(i).contains(": worker-")).min().orElse(0);
            assertThat(lines.get(worker)).as("%s", lines).contains(" does ", "/slow/");
            assertThat(lines.get(worker + 1)).startsWith("    at ");
            live.stop();
            run.task.ask(Ending.NOW);
            run.join();
            assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
                    .satisfiesExactly(started -> assertThat(started).isEqualTo("crawl " + A + " of test: started"),
                            suspended -> assertThat(suspended).contains("suspended until the next start", " 1 ok,"));
            CrawlRecord kept = data.history().find(A).orElseThrow();
            assertThat(kept.state()).isEqualTo(CrawlState.RUNNING);
            assertThat(kept.ends().suspended()).isTrue();
            assertThat(kept.progress()).hasValueSatisfying(figures -> assertThat(figures).contains("\"ok\":1,"));
            assertThat(run.task.folder().report()).doesNotExist();
            assertThat(run.task.folder().journal()).exists();
            assertThat(run.task.pages().position().ended()).isTrue();
            assertThat(run.task.events().after(1_000, Duration.ofHours(1)).ended()).isTrue();
            assertThat(live.all()).isEmpty();
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aCrawlThatReachesItsQuotaFailsAndIsCountedAsSuch() throws Exception {
        try (DataFolder data = DataFolder.open(folder);
                Site site = new Site("Docs");
                Scraper scraper = Scraper.builder().network(OPEN).build()) {
            CrawlTask task = queued(data, site.job("/"));
            new CrawlRunner(scraper, data.history(), new RunEnds(data.history(), live, registries), live, shares,
                    registries, 2_048).run(task);
            CrawlRecord kept = data.history().find(A).orElseThrow();
            assertThat(kept.state()).isEqualTo(CrawlState.FAILED);
            assertThat(kept.failure().orElse("")).contains("maxBytesPerCrawl, 2048 bytes");
            assertThat(ended("sink")).isOne();
            assertThat(overQuota()).isOne();
        }
    }

    /** What a person wanted is not left for the next start. */
    @Test
    void aCancelOutlastsTheStopOfTheService() throws Exception {
        try (DataFolder data = DataFolder.open(folder); RunInFlight run = new RunInFlight(data)) {
            live.stop();
            assertThat(new RunEnds(data.history(), live, registries).cancel(run.task, Ending.NOW)).isTrue();
            run.join();
            assertThat(data.history().find(A).orElseThrow().state()).isEqualTo(CrawlState.CANCELLED);
            assertThat(run.task.folder().report()).exists();
            assertThat(run.task.items().position().bytes()).as("what was written last is shown, too")
                    .isEqualTo(Files.size(run.task.folder().items()))
                    .isPositive();
        }
    }

    /** The thread is wanted elsewhere, and the crawl has ended all the same. */
    @Test
    void aThreadThatIsInterruptedEndsItsCrawl() throws Exception {
        try (DataFolder data = DataFolder.open(folder); RunInFlight run = new RunInFlight(data)) {
            run.thread.interrupt();
            run.join();
            assertThat(run.wasInterrupted).isTrue();
            assertThat(data.history().find(A).orElseThrow().state()).isEqualTo(CrawlState.CANCELLED);
            assertThat(live.all()).isEmpty();
        }
    }

    /** It may have been asked for by the service a moment before, and waits for the next start. */
    @Test
    void aCrawlThatWaitsWhenTheServiceStopsDoesNotRun() throws Exception {
        try (DataFolder data = DataFolder.open(folder); Scraper scraper = Scraper.builder().build()) {
            CrawlTask task = queued(data);
            live.stop();
            brokenRunner(scraper, data).run(task);
            assertThat(task.state()).isEqualTo(CrawlState.QUEUED);
            assertThat(live.find(A)).containsSame(task);
        }
    }

    @ParameterizedTest
    @CsvSource({"series.json, the figures cannot be written: ", "report.json, report.json"})
    void aFileThatCannotBeWrittenAtTheEndIsTheReason(String file, String reason) throws Exception {
        try (DataFolder data = DataFolder.open(folder); RunInFlight run = new RunInFlight(data)) {
            Files.createDirectories(run.task.folder().path().resolve(file).resolve("in-the-way"));
            run.task.ask(Ending.NOW);
            run.join();
            CrawlRecord kept = data.history().find(A).orElseThrow();
            assertThat(kept.state()).isEqualTo(CrawlState.FAILED);
            assertThat(kept.failure().orElse("")).contains(reason);
            assertThat(ended("sink")).isOne();
        }
    }
}
