package fanout.app.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.HostProgress;
import fanout.HostProgress.CircuitState;
import fanout.Stall;
import fanout.app.json.Json;
import fanout.app.service.run.Continuation;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.ProgressView;
import fanout.app.service.run.ProgressView.StallView;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.report.TaskSnapshot;
import fanout.url.CanonicalUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each member of a view has a value of its own, and is read by its name. */
class ViewsTest {

    private static Instant at(int second) {
        return Instant.parse("2030-01-02T03:04:00.0009Z").plusSeconds(second);
    }

    private static CrawlRecord record(CrawlState state, Optional<String> progress) {
        return new CrawlRecord("an id", "a name", true, state, true, at(1), Optional.of(at(2)), Optional.of(at(3)),
                Optional.of("a reason"), Optional.of("a failure \ud83d"), progress, 9,
                Optional.of("[\"expect.minPages: 1 page, wanted at least 2\"]").filter(_ -> state.isEnded()),
                new CrawlRecord.Ends(8, false, state == CrawlState.HELD ? Optional.of("a hold") : Optional.empty()));
    }

    @Test
    void aCrawlHasEachMemberUnderItsName() {
        assertThat(Json.line(CrawlView.of(record(CrawlState.FINISHED, Optional.of("{\"ok\":7}")), Optional.empty())))
                .isEqualTo(
                        """
                                {"id":"an id","name":"a name","state":"finished","createdAt":"2030-01-02T03:04:01.000Z",\
                                "startedAt":"2030-01-02T03:04:02.000Z","finishedAt":"2030-01-02T03:04:03.000Z",\
                                "finishReason":"a reason","failure":"a failure ?","stalled":false,"problems":["a failure ?","expect.minPages: 1 page, wanted at least 2"],"progress":{"ok":7},"stall":null}""");
        assertThat(CrawlView.of(record(CrawlState.HELD, Optional.empty()), Optional.empty()).problems())
                .containsExactly("the crawl is held: a hold", "a failure ?");
    }

    @Test
    void whatACrawlDoesNotHaveIsNull() {
        CrawlRecord waiting = CrawlRecord.submitted("an id", "a name", false, at(1));
        assertThat(Json.line(CrawlView.of(waiting, Optional.empty()))).startsWith(
                """
                        {"id":"an id","name":"a name","state":"queued","createdAt":"2030-01-02T03:04:01.000Z","startedAt":null,\
                        "finishedAt":null,"finishReason":null,"failure":null,"stalled":false,"problems":[],"progress":{"discovered":0,""")
                .endsWith(
                        "\"deadlineRemainingMs\":0,\"lastFailure\":null,\"reasons\":{}},\"stall\":null}");
        assertThat(CrawlView.of(record(CrawlState.LOST, Optional.of("{")), Optional.empty()).progress())
                .as("of figures that were damaged")
                .hasToString(
                        String.valueOf(CrawlView.of(waiting, Optional.empty()).progress()));
    }

    /** Its record is written a moment after a run has begun, and a moment before it is gone. */
    @Test
    void aCrawlInMemorySaysItsStateUntilItsRecordHasEnded() {
        CrawlTask task = new CrawlTask("an id", CrawlJob.builder("name")
                .startUrl("http://127.0.0.1/")
                .limits(Limits.DEFAULT.toBuilder().maxDuration(Duration.ofSeconds(77)).build())
                .build(), new CrawlFolder(Path.of("none")));
        CrawlRecord queued = CrawlRecord.submitted("an id", "a name", false, at(1));
        assertThat(CrawlView.of(queued, Optional.of(task)).progress()).as("all its time is left")
                .isEqualTo(ProgressView.none(Duration.ofSeconds(77)));
        assertThat(CrawlView.of(queued, Optional.of(task)).state()).isEqualTo("queued");
        task.begin();
        assertThat(CrawlView.of(queued, Optional.of(task)).state()).isEqualTo("running");
        CrawlView ended = CrawlView.of(record(CrawlState.FINISHED, Optional.of("{\"ok\":7}")), Optional.of(task));
        assertThat(ended.state()).isEqualTo("finished");
        assertThat(ended.progress()).hasToString("{\"ok\":7}");
    }

    /** How it has ended is in the record, which a reader may have fetched just before. */
    @Test
    void aCrawlThatHasEndedMeanwhileIsShownAsItsRecordHasIt() {
        CrawlTask over = new CrawlTask("an id", CrawlJob.builder("name").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(Path.of("none")), new Continuation.Possible(0, 0, 0, 0, 0), CrawlState.FINISHED);
        assertThat(CrawlView.of(record(CrawlState.RUNNING, Optional.empty()), Optional.of(over)).state())
                .as("without its verdict it would look like a success")
                .isEqualTo("running");
    }

    private static Stall stall() {
        return new Stall(at(4), Duration.ofMillis(61_999), 5, 6, 7, Duration.ofMillis(8),
                new Stall.Culprit.LostLeases(9), List.of());
    }

    /** A host at which other crawls keep this one waiting. */
    private static HostProgress held(String host, HostProgress.Holder... by) {
        return new HostProgress(host, 1, 2, Duration.ZERO, Optional.empty(), Optional.empty(), CircuitState.CLOSED, 5,
                6, Optional.empty(), List.of(by));
    }

    private static HostProgress.Holder requests(String crawl, Duration last) {
        return new HostProgress.Holder(crawl, 2, last, 2, Duration.ofHours(1));
    }

    private static HostProgress.Holder delay(String crawl, Duration delay) {
        return new HostProgress.Holder(crawl, 0, Duration.ofHours(1), 2, delay);
    }

    private static List<String> problems(boolean stalled, Optional<Stall> stall, HostProgress... held) {
        return CrawlView.of(record(CrawlState.RUNNING, Optional.empty()), Optional.empty(),
                new CrawlView.Seen(stalled, stall, List.of(held))).problems();
    }

    @Test
    void aCrawlThatStandsStillSaysWhatHoldsItUp() {
        CrawlView view = CrawlView.of(record(CrawlState.HELD, Optional.empty()), Optional.empty(),
                new CrawlView.Seen(true, Optional.of(stall()), List.of(held("h", delay("b", Duration.ofDays(1))))));
        assertThat(view.stalled()).isTrue();
        assertThat(view.problems()).containsExactly("the crawl is held: a hold", "a failure ?",
                "nothing was completed for 61 s; held up by 9 pieces of work that no worker is at");
        assertThat(view.stall()).isEqualTo(StallView.of(stall()));
        assertThat(problems(false, Optional.of(stall()))).as("it has recovered").containsExactly("a failure ?");
    }

    @Test
    void aTurnOfTenSecondsAtASharedHostIsAProblem() {
        Duration ten = Duration.ofSeconds(10);
        Duration less = ten.minusNanos(1);
        assertThat(problems(false, Optional.empty(), held("short.example:80", requests("b", less), delay("c", less)),
                held("first.example:80", requests("b", less), requests("c", ten)),
                held("second.example:80", delay("d", ten)))).containsExactly("a failure ?",
                        "first.example:80 is held by the crawl b, which has 2 in flight there, the last for 9999 ms "
                                + "(perHostConcurrency 2 holds for all crawls), and by the crawl c, which has 2 in "
                                + "flight there, "
                                + "the last for 10000 ms (perHostConcurrency 2 holds for all crawls)",
                        "second.example:80 is held by the crawl d, whose delay of 10000 ms holds for all crawls");
        assertThat(problems(false, Optional.of(stall()), held("second.example:80", delay("d", ten))))
                .as("after a stall that is over")
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(CircuitState.class)
    void aHostHasEachMemberUnderItsName(CircuitState circuit) {
        Failed failed = new Failed(Request.start(CanonicalUrl.of("http://example.org/9"), Optional.empty()),
                new Trail(1, 0, Optional.empty()), new Failure.HttpStatus(404));
        HostProgress host =
                new HostProgress("example.org:80", 1, 2, Duration.ofMillis(3), Optional.of(Duration.ofMillis(4)),
                        Optional.of(new HostProgress.Refusal(429, Duration.ofMillis(7))), circuit, 5, 6,
                        Optional.of(failed),
                        List.of(new HostProgress.Holder("other", 8, Duration.ofMillis(9), 10, Duration.ofMillis(11)),
                                new HostProgress.Holder("patient", 0, Duration.ZERO, 10, Duration.ofMillis(12))));
        assertThat(Json.line(HostView.of(host))).isEqualTo(
                """
                        {"host":"example.org:80","queued":1,"inFlight":2,"delayMs":3,"readyInMs":4,"refusal":{"status":429,"silenceMs":7},"circuit":"%s","ok":5,"failed":6,\
                        "lastFailure":{"url":"http://example.org/9","reason":"http_status","detail":"HTTP status 404"},\
                        "waitsFor":"the crawl other, which has 8 in flight there, the last for 9 ms (perHostConcurrency 10 holds for all crawls), \
                        and the crawl patient, whose delay of 12 ms holds for all crawls"}"""
                        .formatted(
                                switch (circuit) {
                                    case CLOSED -> "closed";
                                    case OPEN -> "open";
                                    case HALF_OPEN -> "half_open";
                                }));
        HostProgress idle =
                new HostProgress("example.org:80", 1, 2, Duration.ofMillis(3), Optional.empty(), Optional.empty(),
                        circuit, 5, 6, Optional.empty(), List.of());
        assertThat(Json.line(HostView.of(idle))).contains("\"readyInMs\":null", "\"refusal\":null",
                "\"lastFailure\":null", "\"waitsFor\":null");
    }

    @Test
    void aTaskHasEachMemberUnderItsName() {
        TaskSnapshot inner =
                new TaskSnapshot("worker-1", Optional.of(Stage.HEADERS), Optional.of("http://a/\ud83d"),
                        "the response", Duration.ofMillis(1), Optional.of(Duration.ofMillis(-2)), List.of());
        TaskSnapshot idle = new TaskSnapshot("worker-2", Optional.of(Stage.POLITENESS), Optional.empty(),
                "a host", Duration.ofMillis(3), Optional.empty(), List.of());
        TaskSnapshot outer = new TaskSnapshot("crawl", Optional.empty(), Optional.empty(), "2 tasks",
                Duration.ofMillis(4), Optional.of(Duration.ofMillis(5)), List.of(inner, idle));
        TaskView view = TaskView.of(outer);
        assertThat(Json.line(view)).isEqualTo(
                """
                        {"name":"crawl","stage":null,"about":null,"waitsFor":"2 tasks","sinceMs":4,"deadlineRemainingMs":5,"children":[\
                        {"name":"worker-1","stage":"headers","about":"http://a/?","waitsFor":"the response","sinceMs":1,\
                        "deadlineRemainingMs":-2,"children":[]},\
                        {"name":"worker-2","stage":"politeness","about":null,"waitsFor":"a host","sinceMs":3,\
                        "deadlineRemainingMs":null,"children":[]}]}""");
        assertThat(view.atWork()).as("those at work on a URL").containsExactly(TaskView.of(inner));
        assertThat(Json.line(TaskView.none("a job"))).isEqualTo("""
                {"name":"a job","stage":null,"about":null,"waitsFor":"nothing: the crawl does not run","sinceMs":0,\
                "deadlineRemainingMs":null,"children":[]}""");
    }
}
