package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostMemories;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.journal.Space;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TallyTest {

    private static final CanonicalUrl URL = CanonicalUrl.of("http://example.org/x");
    private static final Work ROBOTS = new Work.FetchRobots(URL.host(), URL, 0, 0);
    private static final Work SITEMAP = new Work.FetchSitemap(URL, 0, 0);
    private static final Request REQUEST = Request.start(URL, Optional.empty());
    private static final Failure FAILURE = new Failure.HttpStatus(404);

    private final List<Change> changes = new ArrayList<>();
    private final Tally tally = new Tally(changes::add);

    @Test
    void filesOfBothKindsAreCountedByWhatBecameOfThem() {
        tally.auxiliaryRead(ROBOTS);
        tally.auxiliaryFailed(ROBOTS, FAILURE);
        tally.auxiliaryGivenUp(ROBOTS, Reason.DEADLINE, "late");
        assertThat(changes).isEmpty();
        tally.auxiliaryRead(SITEMAP);
        tally.auxiliaryFailed(SITEMAP, FAILURE);
        tally.auxiliaryGivenUp(SITEMAP, Reason.DEADLINE, "late");

        assertThat(tally.robots()).isEqualTo(new Auxiliary(1, 2));
        assertThat(tally.sitemaps()).isEqualTo(new Sitemaps(1, 2,
                List.of(new FailedSitemap(URL.toString(), FAILURE.reason(), FAILURE.detail()),
                        new FailedSitemap(URL.toString(), Reason.DEADLINE, "late"))));
        assertThat(changes).as("one that is given up is read again if the crawl goes on")
                .containsExactly(new Change.SitemapEnded(URL, Optional.empty(), ""),
                        new Change.SitemapEnded(URL, Optional.of(FAILURE.reason()), FAILURE.detail()));
    }

    /** What is no auxiliary fetch is refused: pages, and decisions, which fetch nothing. */
    private static Stream<Work> others() {
        return Stream.of(new Work.FetchPage(REQUEST, 0, 0, RobotsRules.ALLOW_ALL));
    }

    @ParameterizedTest
    @MethodSource("others")
    void nothingElseIsCounted(Work other) {
        assertThatIllegalArgumentException().isThrownBy(() -> tally.auxiliaryRead(other))
                .withMessageContaining(URL.toString());
        assertThatIllegalArgumentException().isThrownBy(() -> tally.auxiliaryFailed(other, FAILURE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tally.auxiliaryGivenUp(other, Reason.DEADLINE, "late"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void norHasItTheResultsOfAnAuxiliaryFetch(Work other) {
        CrawlJob job = TestFrontier.plain(URL.toString()).build();
        ManualTicker ticker = ManualTicker.stopped();
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        HostTable hosts =
                new HostTable(job, ticker, group.shared, new HostMemories(job, ticker), () -> {}, (_, _) -> {});
        AuxiliaryFetches fetches = new AuxiliaryFetches(job, hosts, tally, new RetryRule(job, new SplittableRandom(1)),
                new Steps(1, Space.UNLIMITED, () -> Counts.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fetches.moved(other, new LeaseResult.Moved(URL, HostFeedback.NONE), ticker.nanos()))
                .withMessageContaining(URL.toString());
        assertThatIllegalArgumentException().isThrownBy(
                () -> fetches.missed(other, new LeaseResult.Missed(FAILURE, HostFeedback.NONE), ticker.nanos()));
    }

    @Test
    void aDeadlineThatFindsAUrlIsCountedInItsStage() {
        tally.deadlines(new Cancelled(REQUEST, Trail.NONE, CancelReason.DEADLINE, Stage.BODY));
        tally.deadlines(new Cancelled(REQUEST, Trail.NONE, CancelReason.INTERRUPTED, Stage.DNS));
        tally.deadlines(new Failed(REQUEST, Trail.NONE, FAILURE));
        assertThat(tally.deadlineExceeded()).isEqualTo(Map.of(Stage.BODY, 1L));

        Pending waiting = Pending.first(REQUEST, RedirectChain.OF_LINK);
        tally.leftBehind(waiting, CancelReason.DEADLINE, Stage.POLITENESS);
        tally.leftBehind(waiting, CancelReason.DEADLINE, Stage.POLITENESS);
        tally.leftBehind(waiting, CancelReason.INTERRUPTED, Stage.ROBOTS);
        Pending tried = waiting.retried(new Failed(REQUEST, Trail.NONE, FAILURE), 0);
        tally.leftBehind(tried, CancelReason.DEADLINE, Stage.POLITENESS);
        assertThat(tally.deadlineExceeded()).isEqualTo(Map.of(Stage.BODY, 1L, Stage.POLITENESS, 2L));

        tally.deadlines(new Failure.TimedOut(Stage.BODY, Duration.ofSeconds(1)));
        assertThat(tally.deadlineExceeded()).isEqualTo(Map.of(Stage.BODY, 2L, Stage.POLITENESS, 2L));
    }
}
