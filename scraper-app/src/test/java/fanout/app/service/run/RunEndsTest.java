package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.metrics.CrawlResult;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.JobEnd;
import fanout.app.store.LostTable;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class RunEndsTest {

    // ids of crawls
    private static final String A = "aaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbb";
    private static final String C = "ccccccccccccccccc";

    private final JobRegistries registries = new JobRegistries(2, _ -> {});
    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1/").build();

    private static final int RACES = 200;

    private final LiveCrawls live = new LiveCrawls(registries);

    @TempDir
    private Path folder;

    private DataFolder data;
    private RunEnds ends;
    private CrawlTask run;

    @BeforeEach
    void begin() throws IOException {
        data = DataFolder.open(folder);
        ends = new RunEnds(data.history(), live, registries);
        data.history().add(CrawlRecord.submitted(A, JOB.name(), false, Instant.EPOCH));
        beginRun();
    }

    private void beginRun() throws IOException {
        data.history().started(A, Instant.EPOCH);
        run = new CrawlTask(A, JOB, data.crawl(A));
        assertThat(run.begin()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    /** What a logger says while something happens. */
    private static List<String> said(String logger, Callable<?> what) throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger listened = (Logger) LoggerFactory.getLogger(logger);
        listened.addAppender(log);
        try {
            what.call();
        } finally {
            listened.detachAppender(log);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private CrawlRecord kept() throws IOException {
        return data.history().find(A).orElseThrow();
    }

    private void end() {
        tryToEnd(true);
    }

    private void tryToEnd(boolean once) {
        ends.ended(run, new CrawlEnd(CrawlState.FINISHED, Instant.EPOCH, Optional.empty(), Optional.empty(),
                Optional.empty(), 0), new RunEnds.Told(CrawlResult.SUCCESS, false), once);
    }

    @Test
    void aCancelSaysWhatBecomesOfFetchesInFlight() throws Exception {
        assertThat(said("scraper.crawls", () -> ends.cancel(run, Ending.DRAIN)))
                .containsExactly("crawl " + A + " of test: cancelled by a request: fetches in flight may end");
        assertThat(said("scraper.crawls", () -> ends.cancel(run, Ending.NOW)))
                .containsExactly("crawl " + A + " of test: cancelled by a request: fetches in flight are given up");
        end();
        assertThat(said("scraper.crawls", () -> ends.cancel(run, Ending.NOW))).as("it has ended").isEmpty();
        CrawlTask waits = waiting(B, CrawlState.QUEUED);
        assertThat(said("scraper.crawls", () -> ends.cancelQueued(waits))).containsExactly(
                "crawl " + B + " of test: cancelled by a request: it has not begun",
                "crawl " + B + " of test: ended as cancelled, result cancelled");
    }

    /** Of a crawl without a report the last look is what is known. */
    @Test
    void theFiguresOfAnEndAreThoseOfTheJob() throws Exception {
        registries.ofJob("test");
        for (Optional<String> reported : List.of(Optional.of("{\"ok\":77}"), Optional.<String>empty())) {
            CrawlRecord crawl = CrawlRecord.submitted(reported.isPresent() ? B : C, "test", false, Instant.EPOCH);
            data.history().add(crawl);
            data.history().progressed(crawl.id(), "{\"ok\":76}");
            CrawlRecord looked = data.history().find(crawl.id()).orElseThrow();
            assertThat(said("scraper.crawls", () -> {
                ends.endedEarlier(looked, new CrawlEnd(CrawlState.LOST, Instant.EPOCH, Optional.empty(),
                        Optional.empty(), reported, 0), CrawlResult.LOST);
                return "";
            })).singleElement().asString().contains("ended as lost, result lost");

            assertThat(data.history().find(crawl.id()).orElseThrow().state()).isEqualTo(CrawlState.LOST);
            long pages = reported.isPresent() ? 77 : 76;
            assertThat(data.history().jobs(1).getFirst().pages()).contains(pages);
            assertThat(data.history().jobs(1).getFirst().success()).isEmpty();
            assertThat(registries.ofJob("test").get("scraper.crawl.last.pages").gauge().value())
                    .isEqualTo((double) pages);
            Thread other = Thread.ofVirtual()
                    .start(() -> ends.ended(run, new CrawlEnd(CrawlState.FAILED, Instant.EPOCH,
                            Optional.empty(), Optional.empty(), Optional.empty(), 0),
                            new RunEnds.Told(CrawlResult.ERROR, false),
                            true));
            assertThat(other.join(Duration.ofSeconds(5))).as("the lock is free").isTrue();
        }
        end();
        assertThat(data.history().jobs(1).getFirst().success()).contains(Instant.EPOCH);
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
        assertThat(said(RunEnds.class.getName(), Executors.callable(this::end)))
                .containsExactly("the end of crawl " + A + " cannot be written",
                        "the end of crawl " + A + " is not written; the next start of the service sees to it");
        table.putBack();
        assertThat(run.state()).isEqualTo(CrawlState.RUNNING);
        assertThat(kept().state()).isEqualTo(CrawlState.RUNNING);
    }

    /** Of a crawl that has ended nothing is written again, so its job comes first. */
    @Test
    void aCrawlHasNotEndedBeforeItsJobKnowsIt() throws Exception {
        LostTable jobs = new LostTable(folder, "job");
        jobs.take();
        end();
        jobs.putBack();
        assertThat(run.state()).isEqualTo(CrawlState.RUNNING);
        assertThat(kept().state()).as("the next start sees to it").isEqualTo(CrawlState.RUNNING);

        end();
        assertThat(kept().state()).isEqualTo(CrawlState.FINISHED);
        assertThat(data.history().jobs(1)).singleElement()
                .isEqualTo(new JobEnd(JOB.name(), Instant.EPOCH, Optional.of(Instant.EPOCH), Optional.empty()));
    }

    /** It tries once more, and leaves the status to who runs the crawl. */
    @Test
    void anEndIsNotWaitedForByAThreadThatIsInterrupted() throws Exception {
        LostTable table = new LostTable(folder);
        table.take();
        Thread.currentThread().interrupt();
        assertThat(said(RunEnds.class.getName(), Executors.callable(() -> tryToEnd(false)))).hasSize(2);
        assertThat(Thread.interrupted()).isTrue();
        table.putBack();
        assertThat(kept().state()).isEqualTo(CrawlState.RUNNING);
    }

    /** A request may have found the run just before it ended. */
    @Test
    void aCancelThatComesTooLateIsNotTheNextRuns() throws IOException {
        end();
        assertThat(run.state()).isEqualTo(CrawlState.FINISHED);
        assertThat(data.history().resumed(A)).isTrue();

        assertThat(ends.cancel(run, Ending.NOW)).isFalse();
        assertThat(kept().endWanted()).isFalse();
        assertThat(kept().state()).isEqualTo(CrawlState.QUEUED);
    }

    private CrawlTask waiting(String id, CrawlState state) throws IOException {
        data.history().add(CrawlRecord.submitted(id, JOB.name(), false, Instant.EPOCH));
        if (state == CrawlState.HELD) {
            data.history().held(id, 2, "for a reason");
        }
        CrawlTask task = new CrawlTask(id, JOB, data.crawl(id), new Continuation.Possible(7, 8, 0, 0, 9), state);
        live.add(task);
        return task;
    }

    private static List<String> states(CrawlTask task) throws InterruptedException {
        return task.events()
                .after(0, Duration.ZERO)
                .events()
                .stream()
                .map(event -> event.data().replaceFirst(".*\"state\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "HELD"})
    void aCrawlThatWaitsIsCancelledOnceTheHistoryHasIt(CrawlState state) throws Exception {
        CrawlTask task = waiting(B, state);
        LostTable table = new LostTable(folder);
        table.take();
        assertThatThrownBy(() -> ends.cancelQueued(task)).isInstanceOf(IOException.class);
        table.putBack();
        assertThat(task.state()).as("it waits as before").isEqualTo(state);
        assertThat(live.find(B)).containsSame(task);

        assertThat(ends.cancelQueued(task)).isTrue();
        assertThat(live.find(B)).isEmpty();
        CrawlRecord kept = data.history().find(B).orElseThrow();
        assertThat(kept.state()).isEqualTo(CrawlState.CANCELLED);
        assertThat(kept.ends().hold()).isEmpty();
        assertThat(states(task)).containsExactly(state.label(), "cancelled");
        assertThat(task.events().after(0, Duration.ZERO).ended()).isTrue();
        assertThat(ends.cancelQueued(task)).as("once").isFalse();
        assertThat(ends.cancelQueued(run)).as("it runs").isFalse();
    }

    @Test
    void aHeldCrawlWaitsForItsTurnOnceTheHistoryHasIt() throws Exception {
        CrawlTask task = waiting(B, CrawlState.HELD);
        LostTable table = new LostTable(folder);
        table.take();
        assertThatThrownBy(() -> ends.continueHeld(task)).isInstanceOf(IOException.class);
        table.putBack();
        assertThat(task.state()).isEqualTo(CrawlState.HELD);

        assertThat(ends.continueHeld(task)).isTrue();
        assertThat(task.state()).isEqualTo(CrawlState.QUEUED);
        assertThat(data.history().find(B).orElseThrow().state()).isEqualTo(CrawlState.QUEUED);
        assertThat(states(task)).as("each change is told")
                .containsExactly("held", "queued", "held", "queued");
        assertThat(ends.continueHeld(task)).as("it is not held any more").isFalse();
    }

    /** Between the look at the crawl and the word to the history another request may have cancelled it. */
    @Test
    void aHeldCrawlThatTheHistoryKnowsAsEndedIsNotContinued() throws Exception {
        CrawlTask task = waiting(B, CrawlState.HELD);
        data.history()
                .ended(B, new CrawlEnd(CrawlState.CANCELLED, Instant.EPOCH, Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
        assertThat(ends.continueHeld(task)).isFalse();
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
                boolean resumed = data.history().resumed(A);
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
