package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.request;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.CountedSpace;
import fanout.journal.Space;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What goes with which step. */
class StepsTest {

    private static final String URL = "http://example.org/";
    private static final Change CHANGE = new Change.SitemapFound(CanonicalUrl.of(URL));
    private static final Outcome OUTCOME =
            new Skipped(request(URL), Trail.NONE, SkipReason.BUDGET, Optional.empty());

    private final Steps steps = new Steps(2, Space.UNLIMITED, () -> Counts.NONE);

    @Test
    void aStepHasWhatCameSinceTheOneBefore() {
        steps.admitted(request(URL));
        steps.changed(CHANGE);
        assertThat(steps.numbered()).contains(
                new Step(1, List.of(), List.of(request(URL)), List.of(CHANGE), Counts.NONE, false));
        steps.settled(List.of(OUTCOME));
        assertThat(steps.hasSettled()).isTrue();
        assertThat(steps.numbered()).contains(
                new Step(2, List.of(OUTCOME), List.of(), List.of(), Counts.NONE, false));
        assertThat(steps.hasSettled()).isFalse();
        steps.settled(List.of(OUTCOME));
        assertThat(steps.numbered()).map(Step::number).contains(3L);
        assertThat(steps.numbered()).as("nothing is settled").isEmpty();
    }

    @Test
    void onlyAnUrgentChangeIsAStepByItself() {
        steps.changed(CHANGE);
        assertThat(steps.numbered()).isEmpty();
        steps.changedAtOnce(CHANGE);
        assertThat(steps.numbered()).map(Step::changes).contains(List.of(CHANGE, CHANGE));
        assertThat(steps.numbered()).isEmpty();
    }

    /** Space comes back, such as that of a journal that was compacted; the links that were dropped do not. */
    @Test
    void oneRefusalOfSpaceIsRememberedWhenThereIsSpaceAgain() {
        CountedSpace space = new CountedSpace();
        Steps bounded = new Steps(2, space, () -> Counts.NONE);
        assertThat(bounded.haveSpace()).isTrue();
        assertThat(bounded.wasSpaceRefused()).isFalse();
        space.admits = 0;
        assertThat(bounded.haveSpace()).isFalse();
        assertThat(bounded.wasSpaceRefused()).isTrue();
        space.admits = 1;
        assertThat(bounded.haveSpace()).isTrue();
        assertThat(bounded.wasSpaceRefused()).as("a link is missing").isTrue();
    }

    @Test
    void stepsThatWereSentAreForgottenInTheirOrder() {
        Steps.Sending first = new Steps.Sending();
        Steps.Sending second = new Steps.Sending();
        steps.settled(List.of(OUTCOME));
        steps.numbered(first);
        steps.settled(List.of(OUTCOME));
        steps.numbered(second);
        assertThat(steps.areTooFarAhead()).isFalse();
        steps.settled(List.of(OUTCOME));
        steps.numbered();
        assertThat(steps.areTooFarAhead()).as("two beyond the first").isTrue();

        second.sent();
        assertThat(steps.forgetSent()).as("the first one is not sent").isFalse();
        assertThat(steps.areTooFarAhead()).isTrue();
        first.sent();
        assertThat(steps.forgetSent()).isTrue();
        assertThat(steps.forgetSent()).isFalse();
        assertThat(steps.areTooFarAhead()).isFalse();
    }
}
