package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.store.CrawlState;
import fanout.job.CrawlJob;
import fanout.journal.Position;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A lock that a call has kept is free for its own thread, and stops every other. */
class OtherThreadsTest {

    /** Calls of one object, the last of which another thread makes after each. */
    record Calls(String of, List<Callable<?>> calls) {

        @Override
        public String toString() {
            return of;
        }
    }

    private static Callable<?> call(Runnable call) {
        return Executors.callable(call);
    }

    static Stream<Calls> objects() {
        Committed committed = new Committed();
        CrawlTask.Phase phase = new CrawlTask.Phase(CrawlState.QUEUED);
        EventLog log = new EventLog();
        FetchShares shares = new FetchShares(10, 10);
        CrawlFigures.OutcomeWatch watch = new CrawlFigures.OutcomeWatch(
                CrawlJob.builder("docs").startUrl("http://example.org/").build());
        CrawlFigures.Series series = new CrawlFigures.Series();
        Failed failed = new Failed(Request.start(CanonicalUrl.of("http://example.org/"), Optional.empty()),
                new Trail(1, 0, Optional.empty()), new Failure.Dns("none"));
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ofMillis(1), Optional.empty(), Optional.empty(),
                Optional.empty());
        return Stream.of(
                new Calls("Committed", List.of(call(() -> committed.advanceTo(1)),
                        () -> committed.awaitBeyond(0, Duration.ZERO), committed::position)),
                new Calls("Phase", List.of(phase::ending, () -> phase.ask(Ending.DRAIN),
                        () -> phase.leave(CrawlState.HELD, CrawlState.QUEUED),
                        () -> phase.leave(CrawlState.QUEUED, CrawlState.RUNNING), phase::isRunning,
                        () -> phase.ask(Ending.DRAIN), call(() -> phase.set(CrawlState.FINISHED)), phase::state)),
                new Calls("EventLog", List.of(call(() -> log.add(EventLog.Kind.STATE, "one")),
                        () -> log.after(0, Duration.ZERO), call(log::end),
                        call(() -> log.add(EventLog.Kind.STATE, "late")), log::latest)),
                new Calls("FetchShares",
                        List.of(() -> shares.take(1), call(() -> shares.giveBack(1)), () -> shares.take(1))),
                new Calls("OutcomeWatch", List.of(call(() -> watch.write(failed)),
                        call(() -> watch.attempted(failed.request().url(), attempt)), watch::takeLatency,
                        () -> {
                            watch.resumeAt(Position.NONE);
                            return true;
                        }, watch::reasons)),
                new Calls("Series",
                        List.of(call(() -> add(series, CrawlFigures.Series.MOST)), call(() -> add(series, 1)),
                                series::points)));
    }

    private static void add(CrawlFigures.Series series, int points) {
        for (int i = 0; i < points; i++) {
            series.add(() -> new CrawlFigures.Series.Point(1, 1, 1, 1, 1, 1, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void eachCallLeavesTheObjectToOtherThreads(Calls of) throws Exception {
        for (Callable<?> call : of.calls) {
            call.call();
            Thread other = Thread.ofVirtual().start(() -> {
                try {
                    of.calls.getLast().call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(other.join(Duration.ofSeconds(5))).as("after call %d", of.calls.indexOf(call)).isTrue();
        }
    }
}
