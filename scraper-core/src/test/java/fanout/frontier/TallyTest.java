package fanout.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.backlog.Pending;
import fanout.backlog.RedirectChain;
import fanout.host.RobotsRules;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.queue.Work;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.task.Stage;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

    @Test
    void pagesAreNoAuxiliaryFetches() {
        Work page = new Work.FetchPage(REQUEST, 0, 0, RobotsRules.ALLOW_ALL);
        assertThatIllegalArgumentException().isThrownBy(() -> tally.auxiliaryRead(page))
                .withMessageContaining(URL.toString());
        assertThatIllegalArgumentException().isThrownBy(() -> tally.auxiliaryFailed(page, FAILURE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tally.auxiliaryGivenUp(page, Reason.DEADLINE, "late"));
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
    }
}
