package fanout.app.service.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.crawl.Crawls.Cancellation;
import fanout.app.service.crawl.Crawls.Deletion;
import fanout.app.service.crawl.Crawls.Resumption;
import fanout.app.service.crawl.Crawls.Submission;
import fanout.app.service.run.Continuation;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Between the moment at which a crawl has ended, as everyone can read, and that at which its run is forgotten. */
class CrawlsTest {

    private static final String ID = "%017d".formatted(1);

    @TempDir
    private Path folder;

    private final JobRegistries registries = new JobRegistries(1, _ -> {});
    private final LiveCrawls live = new LiveCrawls(registries);
    private final CrawlQueue queue = new CrawlQueue(1);
    private final Readers readers = new Readers(1, 1);
    private DataFolder data;
    private Crawls crawls;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void runACrawl() throws IOException {
        log.start();
        logger().addAppender(log);
        data = DataFolder.open(folder);
        crawls = new Crawls(data, ServiceSettingsReader.standard().bounds(), queue, live,
                new RunEnds(data.history(), live, registries), readers);
        Files.createDirectories(data.crawl(ID).path());
        data.history().add(CrawlRecord.submitted(ID, "docs", false, Instant.now()));
        CrawlJob job = CrawlJob.builder("docs").startUrl("http://127.0.0.1/").build();
        live.add(new CrawlTask(ID, job, data.crawl(ID)));
    }

    @AfterEach
    void close() throws IOException {
        logger().detachAppender(log);
        data.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("scraper.crawls");
    }

    /** What an operator was told, without the names of the crawl and its job. */
    private List<String> said() {
        return log.list.stream().map(line -> line.getFormattedMessage().replaceFirst("crawl \\w+ of ", "")).toList();
    }

    private CrawlRecord found() throws IOException {
        return crawls.find(ID).orElseThrow();
    }

    private void end() throws IOException {
        data.history()
                .ended(ID, new CrawlEnd(CrawlState.FINISHED, Instant.now(), Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
        assertThat(crawls.live(ID)).as("not forgotten yet").isPresent();
    }

    @Test
    void aCrawlThatHasEndedCanGoOnAtOnce() throws Exception {
        assertThat(crawls.resume(found(), Optional.empty()))
                .isEqualTo(new Resumption.Hindered("it has not ended: it is queued"));
        end();
        assertThat(crawls.resume(found(), Optional.empty()))
                .isInstanceOfSatisfying(Resumption.Hindered.class,
                        hindered -> assertThat(hindered.reason()).contains("there is no journal"));
    }

    @Test
    void aCrawlThatHasEndedCanBeDeletedAtOnce() throws Exception {
        assertThat(crawls.delete(ID)).isEqualTo(Deletion.LIVE);
        end();
        assertThat(crawls.delete(ID)).isEqualTo(Deletion.DONE);
        assertThat(crawls.find(ID)).isEmpty();
        assertThat(data.folders()).isEmpty();
        assertThat(said()).containsExactly("docs: deleted: a request");
    }

    /** It waits as before, and is not forgotten. */
    @Test
    void aCrawlWhoseCancellationCannotBeKeptStillWaits() throws Exception {
        CrawlRecord waiting = found();
        for (int i = 0; i < 2; i++) {
            new LostTable(folder).take();
            assertThatIOException().isThrownBy(() -> crawls.cancel(waiting, Ending.NOW));
            new LostTable(folder).putBack();
            assertThat(crawls.live(ID).orElseThrow().state()).isEqualTo(CrawlState.QUEUED);
            assertThat(queue.size()).as("it waits once").isOne();
        }
        assertThat(queue.take()).containsSame(crawls.live(ID).orElseThrow());

        queue.addAgain(crawls.live(ID).orElseThrow());
        assertThat(crawls.cancel(waiting, Ending.NOW)).isInstanceOf(Cancellation.Asked.class);
        assertThat(found().state()).isEqualTo(CrawlState.CANCELLED);
        assertThat(queue.size()).isZero();
    }

    /**
     * A request that changes a crawl that has ended has it for itself: here one that deletes it, and waits for a
     * reader.
     */
    @Test
    void ofTwoRequestsThatChangeACrawlThatHasEndedTheSecondIsRefused() throws Exception {
        end();
        CrawlRecord ended = found();
        CountDownLatch leave = new CountDownLatch(1);
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch reads = new CountDownLatch(1);
            Future<?> reader = others.submit(() -> {
                try (Closeable _ = readers.open(ID).orElseThrow()) {
                    reads.countDown();
                    while (leave.getCount() > 0) {
                        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                        Thread.interrupted(); // it takes its time
                    }
                }
                return null;
            });
            assertThat(reads.await(20, TimeUnit.SECONDS)).isTrue();
            Future<Deletion> first = others.submit(() -> crawls.delete(ID));
            try {
                await().until(() -> crawls.find(ID).isEmpty());

                assertThat(crawls.delete(ID)).isEqualTo(Deletion.BUSY);
                assertThat(crawls.resume(ended, Optional.empty())).isInstanceOfSatisfying(Resumption.Hindered.class,
                        hindered -> assertThat(hindered.reason()).contains("another request"));
            } finally {
                leave.countDown();
            }
            assertThat(first.get()).isEqualTo(Deletion.DONE);
            reader.get();
        }
        assertThat(crawls.delete(ID)).isEqualTo(Deletion.UNKNOWN);
        assertThat(crawls.resume(ended, Optional.empty())).isEqualTo(new Resumption.Gone(ID));
    }

    private Submission submit() throws Exception {
        byte[] text = "name: other\nstartUrls: [\"http://127.0.0.1/\"]\n".getBytes(UTF_8);
        return crawls.submit(crawls.read(false, text).job(), false, text);
    }

    /** Nothing of it is left, and its place is free. */
    @Test
    void aJobThatCannotBeKeptLeavesNoTrace() throws Exception {
        for (int i = 0; i < 2; i++) {
            new LostTable(folder).take();
            assertThatIOException().isThrownBy(this::submit);
            new LostTable(folder).putBack();
        }
        assertThat(data.folders()).containsExactly(ID);
        assertThat(data.halfDeleted()).isEmpty();
        assertThat(live.all()).hasSize(1);

        Submission.Accepted taken = (Submission.Accepted) submit();
        String id = taken.crawl().id();
        assertThat(data.history().find(id).orElseThrow().name()).isEqualTo("other");
        assertThat(data.crawl(id).job()).content().startsWith("name: other");
        assertThat(crawls.job(taken.crawl()).name()).isEqualTo("other");
        assertThat(queue.size()).isOne();
        assertThat(queue.take()).containsSame(crawls.live(id).orElseThrow());
        assertThat(said()).containsExactly("other: submitted");
    }

    @Test
    void aJobIsRefusedForWhatTheServiceLacks() throws Exception {
        submit();
        assertThat(submit()).as("the queue has one place").isEqualTo(new Submission.Full(1));
        live.stop();
        assertThat(submit()).isEqualTo(new Submission.Stopping(2));
        assertThat(crawls.resume(found(), Optional.empty())).isEqualTo(new Resumption.Stopping(2));
        assertThat(crawls.continueHeld(found())).isEqualTo(new Resumption.Stopping(2));
        assertThat(data.history().live()).hasSize(2);
    }

    @Test
    void aJobIsNotTakenIntoAFolderThatIsNotTheServices() throws Exception {
        Files.move(folder.resolve("crawls"), folder.resolve("moved"));
        Submission refused = submit();
        Files.move(folder.resolve("moved"), folder.resolve("crawls"));
        assertThat(refused).isEqualTo(new Submission.Unkept("the data folder has vanished"));
        assertThat(live.all()).hasSize(1);
    }

    private CrawlTask held() throws IOException {
        data.history().held(ID, 2, "for a reason");
        CrawlTask held = new CrawlTask(ID, crawls.live(ID).orElseThrow().job(), data.crawl(ID),
                new Continuation.Possible(0, 0, 0, 0, 0), CrawlState.HELD);
        live.add(held);
        return held;
    }

    @Test
    void aHeldCrawlIsContinuedOnceThereIsRoomAndTheHistoryHasIt() throws Exception {
        assertThat(crawls.continueHeld(found())).isEqualTo(new Resumption.Hindered("it is not held: it is queued"));
        CrawlTask held = held();
        CrawlRecord crawl = found();
        assertThat(queue.reserve()).isTrue();
        assertThat(crawls.continueHeld(crawl)).isEqualTo(new Resumption.Full(0));
        queue.giveBack();
        for (int i = 0; i < 2; i++) { // more often than there are places
            new LostTable(folder).take();
            assertThatIOException().isThrownBy(() -> crawls.continueHeld(crawl));
            new LostTable(folder).putBack();
            assertThat(held.state()).isEqualTo(CrawlState.HELD);
        }
        Resumption continued = crawls.continueHeld(crawl);
        assertThat(continued).isEqualTo(new Resumption.Accepted(found()));
        assertThat(found().state()).isEqualTo(CrawlState.QUEUED);
        assertThat(found().ends().hold()).isEmpty();
        assertThat(queue.size()).isOne();
        assertThat(queue.take()).containsSame(held);
        assertThat(said()).containsExactly("docs: continued by a request");
    }

    @Test
    void aHeldCrawlThatAnotherRequestHasEndedGivesItsRoomBack() throws Exception {
        held();
        CrawlRecord crawl = found();
        end();
        assertThat(crawls.continueHeld(crawl)).isInstanceOfSatisfying(Resumption.Hindered.class,
                hindered -> assertThat(hindered.reason()).startsWith("another request has continued or cancelled it"));
        assertThat(queue.reserve()).isTrue();
    }

    @Test
    void aHeldCrawlWhoseCancellationCannotBeKeptDoesNotWaitForItsTurn() throws Exception {
        CrawlTask held = held();
        CrawlRecord crawl = found();
        new LostTable(folder).take();
        assertThatIOException().isThrownBy(() -> crawls.cancel(crawl, Ending.NOW));
        new LostTable(folder).putBack();
        assertThat(held.state()).isEqualTo(CrawlState.HELD);
        assertThat(queue.size()).isZero();
    }

    @Test
    void aCancelSaysHowTheCrawlStandsOrHowItEnded() throws Exception {
        CrawlTask task = crawls.live(ID).orElseThrow();
        task.begin();
        data.history().started(ID, Instant.now());
        assertThat(crawls.cancel(found(), Ending.DRAIN))
                .isEqualTo(new Cancellation.Asked(CrawlState.DRAINING, Ending.DRAIN, task.progress()));
        CrawlRecord draining = found();
        assertThat(crawls.cancel(draining, Ending.NOW))
                .isEqualTo(new Cancellation.Asked(CrawlState.DRAINING, Ending.NOW, task.progress()));

        CrawlRecord unknown = CrawlRecord.submitted("%017d".formatted(2), "docs", false, Instant.now());
        data.history().add(unknown);
        data.history()
                .ended(unknown.id(), new CrawlEnd(CrawlState.FAILED, Instant.now(), Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
        assertThat(crawls.cancel(unknown, Ending.NOW)).isEqualTo(new Cancellation.Over(CrawlState.FAILED));
    }

    /** Its run is forgotten a moment after its end. */
    @Test
    void aCancelOfARunThatHasJustEndedSaysHow() throws Exception {
        CrawlTask task = crawls.live(ID).orElseThrow();
        crawls.cancel(found(), Ending.NOW);
        live.add(task);
        assertThat(crawls.cancel(found(), Ending.NOW)).isEqualTo(new Cancellation.Over(CrawlState.CANCELLED));
    }

    @Test
    void whatIsNoIdIsNotLookedFor() throws Exception {
        assertThat(crawls.find("../" + ID)).isEmpty();
        assertThat(Crawls.isId(ID)).isTrue();
        assertThat(Crawls.isId("../" + ID)).isFalse();
        assertThat(crawls.folder(found())).isEqualTo(data.crawl(ID));
        assertThat(crawls.list(Optional.of(CrawlState.QUEUED), Optional.of("docs"), Optional.empty(), 2))
                .containsExactly(found());
    }

    /** Jobs are read one at a time, and a request whose connection has gone waits for no other's. */
    @Test
    void aRequestThatIsInterruptedReadsNoJob() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::submit).isInstanceOf(UncheckedIOException.class);
        assertThat(Thread.interrupted()).as("the status is kept").isTrue();
        assertThat(submit()).isInstanceOf(Submission.Accepted.class);
    }

    @Test
    void aCrawlIsResumedAsItWasOrWithNewLimits() throws Exception {
        Files.writeString(data.crawl(ID).job(), "name: docs\nstartUrls: [\"http://127.0.0.1/\"]\n");
        for (Optional<byte[]> limits : List.of(Optional.<byte[]>empty(),
                Optional.of("{\"maxPages\": 7}".getBytes(UTF_8)))) {
            CrawlTask before = crawls.live(ID).orElseThrow();
            end();
            Files.createFile(data.crawl(ID).journal()); // an empty one, which is gone once it was looked at
            assertThat(queue.reserve()).isTrue();
            assertThat(crawls.resume(found(), limits)).isEqualTo(new Resumption.Full(0));
            queue.giveBack();
            Files.createFile(data.crawl(ID).journal());
            assertThat(crawls.resume(found(), limits)).isEqualTo(new Resumption.Accepted(found()));
            assertThat(found().state()).isEqualTo(CrawlState.QUEUED);
            CrawlTask resumed = crawls.live(ID).orElseThrow();
            assertThat(resumed).isNotSameAs(before);
            assertThat(queue.size()).isOne();
            assertThat(queue.take()).containsSame(resumed);
            assertThat(resumed.job().limits().maxPages()).isEqualTo(limits.isPresent() ? 7 : 10_000);
        }
        assertThat(said()).containsExactly("docs: resumed by a request",
                "docs: resumed by a request, with new limits");
    }
}
