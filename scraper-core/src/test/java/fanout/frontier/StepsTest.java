package fanout.frontier;

import static fanout.frontier.TestFrontier.request;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.Space;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.page.Trail;
import fanout.task.ManualTicker;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
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
        assertThat(steps.numbered(List.of())).contains(
                new Step(1, List.of(), List.of(request(URL)), List.of(CHANGE), Counts.NONE, false));
        steps.decided(List.of(OUTCOME));
        assertThat(steps.hasDecided()).isTrue();
        assertThat(steps.numbered(List.of())).contains(
                new Step(2, List.of(OUTCOME), List.of(), List.of(), Counts.NONE, false));
        assertThat(steps.hasDecided()).isFalse();
        assertThat(steps.numbered(List.of(OUTCOME))).map(Step::number).contains(3L);
        assertThat(steps.numbered(List.of())).as("nothing is settled").isEmpty();
    }

    @Test
    void onlyAnUrgentChangeIsAStepByItself() {
        steps.changed(CHANGE);
        assertThat(steps.numbered(List.of())).isEmpty();
        steps.changedAtOnce(CHANGE);
        assertThat(steps.numbered(List.of())).map(Step::changes).contains(List.of(CHANGE, CHANGE));
        assertThat(steps.numbered(List.of())).isEmpty();
    }

    @Test
    void leasesWhoseStepsWereSentAreForgottenInTheirOrder() {
        LeaseEntry first = lease(URL + 1);
        LeaseEntry second = lease(URL + 2);
        steps.numbered(first, List.of(OUTCOME));
        steps.numbered(second, List.of(OUTCOME));
        assertThat(steps.areTooFarAhead()).isFalse();
        steps.numbered(List.of(OUTCOME));
        assertThat(steps.areTooFarAhead()).as("two beyond the first").isTrue();

        second.sent();
        assertThat(steps.forgetSent()).as("the first one is not sent").isFalse();
        assertThat(steps.areTooFarAhead()).isTrue();
        first.sent();
        assertThat(steps.forgetSent()).isTrue();
        assertThat(steps.forgetSent()).isFalse();
        assertThat(steps.areTooFarAhead()).isFalse();
    }

    private static LeaseEntry lease(String url) {
        ManualTicker ticker = ManualTicker.stopped();
        Ledger ledger = new Ledger(TestFrontier.plain(url).build(), Fingerprint.Seed.random(), ticker,
                new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE).shared, new SplittableRandom(1), Space.UNLIMITED,
                () -> {});
        ledger.offer(request(url), ticker.nanos());
        return Objects.requireNonNull(ledger.lease(ticker.nanos()));
    }
}
