package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.SharedLimits.UrlRoom;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PendingTest {

    private static final Request REQUEST = Request.start(CanonicalUrl.of("http://example.org/a"), Optional.empty());
    private static final Request FROM = Request.start(CanonicalUrl.of("http://example.org/from"), Optional.empty());
    private static final Redirected HOP = new Redirected(FROM, new Trail(2, 0, Optional.empty()), REQUEST.url());
    private static final RedirectChain CHAIN = RedirectChain.OF_START.then(HOP);
    private static final Failure FAILURE = new Failure.HttpStatus(503);
    private static final Failed FAILED = new Failed(REQUEST, new Trail(3, 1, Optional.empty()), FAILURE);

    private final Pending first = Pending.first(REQUEST, CHAIN);

    @Test
    void aFirstAttemptWasNotTried() {
        assertThat(first.request()).isEqualTo(REQUEST);
        assertThat(first.url()).isEqualTo(REQUEST.url());
        assertThat(first.chain()).isEqualTo(CHAIN);
        assertThat(first.last()).isNull();
        assertThat(first.attempts()).isZero();
        assertThat(first.earlierAttempts()).isZero();
        assertThat(first.stale()).isZero();
    }

    @Test
    void whatWasTriedOrMetAStaleConnectionIsNoFirstAttempt() {
        assertThat(first.isFirstAttempt()).isTrue();
        assertThat(Pending.again(HOP, HOP.request(), CHAIN).isFirstAttempt()).as("its chain came back").isTrue();
        assertThat(first.retried(FAILED, 17).isFirstAttempt()).isFalse();
        assertThat(first.afterStaleConnection(3).isFirstAttempt()).isFalse();
        assertThat(first.afterStaleConnection(3).notBefore()).isEqualTo(3);
    }

    @Test
    void aRepetitionKnowsItsFailureAndItsMoment() {
        Pending retried = first.afterStaleConnection(3).retried(FAILED, 17);

        assertThat(retried.last()).isEqualTo(FAILED);
        assertThat(retried.notBefore()).isEqualTo(17);
        assertThat(retried.attempts()).as("those of the failure").isEqualTo(3);
        assertThat(retried.stale()).isEqualTo(1);
        Pending stale = retried.afterStaleConnection(19);
        assertThat(stale.stale()).isEqualTo(2);
        assertThat(stale.last()).isEqualTo(FAILED);
        assertThat(stale.notBefore()).isEqualTo(19);
    }

    @Test
    void whatAChainComesBackToKeepsTheAttemptsOfItsFirstVisit() {
        Pending again = Pending.again(HOP, HOP.request(), CHAIN);

        assertThat(again.request()).isEqualTo(FROM);
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(again.earlierAttempts()).isEqualTo(2);
        assertThat(again.retried(FAILED, 1).earlierAttempts()).isEqualTo(2);
        assertThat(again.afterStaleConnection(1).earlierAttempts()).isEqualTo(2);
        assertThat(again.skipped(SkipReason.ROBOTS, Optional.empty()))
                .containsExactly(HOP,
                        new Skipped(FROM, new Trail(2, 1, Optional.empty()), SkipReason.ROBOTS, Optional.empty()));
    }

    @Test
    void itsOutcomesComeAfterThoseOfItsRedirects() {
        Trail untried = new Trail(0, 1, Optional.empty());

        assertThat(first.failed(FAILURE)).containsExactly(HOP, new Failed(REQUEST, untried, FAILURE));
        assertThat(first.skipped(SkipReason.CIRCUIT_OPEN, Optional.of("why")))
                .containsExactly(HOP, new Skipped(REQUEST, untried, SkipReason.CIRCUIT_OPEN, Optional.of("why")));
        assertThat(first.leftOver(CancelReason.INTERRUPTED, Stage.POLITENESS))
                .containsExactly(HOP, new Cancelled(REQUEST, untried, CancelReason.INTERRUPTED, Stage.POLITENESS));
        assertThat(first.overBudget(Optional.of("why")))
                .containsExactly(HOP, new Skipped(REQUEST, untried, SkipReason.BUDGET, Optional.of("why")));
    }

    @Test
    void whatFailedAndIsNotTriedAgainHasFailed() {
        Pending retried = first.retried(FAILED, 17);

        assertThat(retried.leftOver(CancelReason.INTERRUPTED, Stage.POLITENESS)).containsExactly(HOP, FAILED);
        assertThat(retried.overBudget(Optional.of("why"))).containsExactly(HOP, FAILED);
        assertThat(retried.failed(FAILURE)).containsExactly(HOP, new Failed(REQUEST, FAILED.trail(), FAILURE));
    }

    @Test
    void roomIsFullAtItsSize() {
        UrlRoom room = new UrlRoom(100);
        room.changed(99);
        assertThat(room.hasRoom()).isTrue();
        room.changed(1);
        assertThat(room.hasRoom()).isFalse();
        assertThat(room.used()).isEqualTo(100);
        room.changed(-60);
        assertThat(room.hasRoom()).isTrue();
        assertThat(room.used()).isEqualTo(40);
    }
}
