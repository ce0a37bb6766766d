package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Pace.Terms;
import fanout.internal.task.ManualTicker;
import fanout.url.Host;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One host, as crawls that know nothing of each other share it. */
class SharedHostTest {

    private static final long START = ManualTicker.stopped().nanos(); // about to overflow
    private static final long SECOND = 1_000_000_000L;
    private static final long TURN = 2_000_000L;
    private static final long KEPT_TURN = 50_000_000L;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final SharedHost host = new SharedHost(new Host("example.org", 80), terms(1, 1), START);

    private static Terms terms(int concurrency, long delaySeconds) {
        return new Terms(concurrency, delaySeconds * SECOND, false, 60 * SECOND);
    }

    private static HostFeedback answer(int status, Optional<Duration> retryAfter) {
        return new HostFeedback(Optional.of(Duration.ofMillis(100)), status, retryAfter, HostHealth.ofStatus(status));
    }

    /** A crawl whose next work is due at the start, unless it has none. */
    private static final class Crawl implements SharedHost.Visitor {

        private Terms terms;
        private boolean hasWork = true;
        private boolean isFree;
        private int inFlight;
        private int told;

        Crawl(Terms terms) {
            this.terms = terms;
        }

        @Override
        public Terms terms() {
            return terms;
        }

        @Override
        public OptionalLong dueAt() {
            return hasWork ? OptionalLong.of(START) : OptionalLong.empty();
        }

        @Override
        public void hostChanged(long now) {
            told++;
        }

        @Override
        public boolean hasFreeWorker() {
            return isFree;
        }

        @Override
        public String crawl() {
            return "crawl-" + terms.perHostConcurrency();
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long leasedAt() {
            return START;
        }
    }

    private Crawl joined(int concurrency, long delaySeconds) {
        Crawl crawl = new Crawl(terms(concurrency, delaySeconds));
        host.join(crawl, START);
        return crawl;
    }

    private void ask(Crawl crawl, long at) {
        host.leased(crawl, at);
        host.written(crawl, at, at);
    }

    private void assertReady(Crawl crawl, long nanos) {
        assertThat(host.readyAt(crawl)).isPresent();
        assertThat(host.readyAt(crawl).getAsLong() - START).isEqualTo(nanos);
    }

    @Test
    void aCrawlAloneWaitsForItsDelayAndForItsOwnRequests() {
        Crawl one = joined(2, 1);
        assertReady(one, 0);

        host.leased(one, START);
        assertThat(host.readyAt(one)).as("before the request is written it is not known when the next may be")
                .isEmpty();
        host.written(one, START + 5, START + 5);
        assertReady(one, SECOND + 5);
        ask(one, START + 2 * SECOND);
        assertThat(host.readyAt(one)).as("two in flight").isEmpty();
        host.ended(one, answer(200, Optional.empty()), LONGEST, START + 3 * SECOND);
        assertReady(one, 3 * SECOND);
    }

    @Test
    void withoutADelayItMattersNotWhenARequestIsWritten() {
        Crawl one = joined(2, 0);
        assertThat(host.isPaced()).isFalse();
        host.leased(one, START);
        assertReady(one, 0);

        one.terms = terms(2, 1);
        host.termsChanged(one, START);
        assertThat(host.isPaced()).isTrue();
        assertThat(host.readyAt(one)).isEmpty();
    }

    @Test
    void aLeaseThatNeedsNoRequestHoldsNothingUp() {
        Crawl one = joined(2, 1);
        host.leased(one, START);
        host.unasked(one, START + 1);
        assertReady(one, 0);
    }

    @Test
    void theStrictestTermsHoldForAllAndOnlyAsLongAsTheirCrawlIsThere() {
        Crawl gentle = joined(1, 5);
        Crawl hasty = joined(4, 1);
        assertThat(host.delay()).isEqualTo(5 * SECOND);
        ask(hasty, START);
        assertThat(host.readyAt(gentle)).as("one at a time").isEmpty();
        host.leave(gentle, START);
        assertThat(host.delay()).isEqualTo(SECOND);
        assertReady(hasty, SECOND);
    }

    @Test
    void crawlsTakeTurnsAndOneWithoutWorkHoldsUpNoOther() {
        Crawl first = joined(9, 1);
        Crawl second = joined(9, 1);
        Crawl third = joined(9, 1);
        assertReady(first, 0);
        assertReady(second, TURN);
        assertReady(third, 2 * TURN);

        second.hasWork = false;
        assertReady(third, TURN);

        second.hasWork = true;
        ask(first, START);
        assertReady(second, SECOND);
        assertReady(third, SECOND + TURN);
        assertReady(first, SECOND + 2 * TURN);
    }

    /** A thread that is about to wake up on a busy machine may take longer than a worker that is about to ask. */
    @Test
    void aTurnIsKeptLongerForACrawlWithAFreeWorker() {
        Crawl first = joined(9, 1);
        Crawl second = joined(9, 1);
        Crawl third = joined(9, 1);
        first.isFree = true;
        assertReady(second, TURN);
        host.termsChanged(third, START); // any event
        assertReady(first, 0);
        assertReady(second, KEPT_TURN);
        assertReady(third, KEPT_TURN + TURN);

        first.hasWork = false;
        assertReady(second, 0);
        assertReady(third, TURN);
    }

    @Test
    void aTurnIsOfferedAgainWhileAFreeWorkerIsLateButNotForEver() {
        Crawl late = joined(9, 0);
        Crawl other = joined(9, 0);
        late.isFree = true;
        host.termsChanged(other, START); // any event
        assertReady(other, KEPT_TURN);

        assertThat(host.yieldsTurn(late, START + KEPT_TURN)).as("it is its own turn").isFalse();
        assertThat(host.yieldsTurn(other, START + KEPT_TURN)).isTrue();
        assertThat(late.told).as("it looks again").isPositive();
        assertReady(late, KEPT_TURN);
        assertReady(other, 2 * KEPT_TURN);

        assertThat(host.yieldsTurn(other, START + SECOND)).as("it has had its chance").isFalse();
        late.isFree = false;
        assertThat(host.yieldsTurn(other, START + 2 * KEPT_TURN)).as("its worker is busy elsewhere").isFalse();
    }

    @Test
    void crawlsWhoseRequestsKeepOthersFromAskingAreNamed() {
        Crawl narrow = joined(1, 0);
        Crawl wide = joined(9, 0);
        assertThat(host.holders(wide, START)).as("nothing is in flight").isEmpty();

        host.leased(narrow, START);
        narrow.inFlight = 1;
        assertThat(host.holders(wide, START + 7 * SECOND))
                .containsExactly(new SharedHost.Holder("crawl-1", 1, Duration.ofSeconds(7), 1, Duration.ZERO));
        assertThat(host.holders(narrow, START)).as("its own request is no other's").isEmpty();

        host.leave(wide, START);
        assertThat(host.holders(narrow, START)).as("it is alone").isEmpty();
    }

    @Test
    void aCrawlWhoseLongerDelayHoldsForAllIsNamed() {
        Crawl patient = joined(9, 60);
        Crawl hasty = joined(9, 1);
        ask(hasty, START);
        assertThat(host.holders(hasty, START + SECOND))
                .containsExactly(new SharedHost.Holder("crawl-9", 0, Duration.ZERO, 9, Duration.ofSeconds(60)));
        assertThat(host.holders(patient, START + SECOND)).as("its own delay is no other's").isEmpty();
        assertThat(host.holders(hasty, START + 60 * SECOND)).as("the delay has passed").isEmpty();
    }

    @Test
    void aRequestThatIsNotWrittenHoldsACrawlThatMayHaveMoreInFlight() {
        Crawl one = joined(9, 1);
        Crawl other = joined(9, 1);
        host.leased(one, START);
        one.inFlight = 1;
        assertThat(host.holders(other, START)).hasSize(1);
        host.written(one, START, START);
        assertThat(host.holders(other, START)).as("their delays are the same").isEmpty();
    }

    @Test
    void aTurnIsOfferedFromTheMomentInWhichTheHostBecameFree() {
        Crawl first = joined(1, 0);
        Crawl second = joined(1, 0);
        ask(first, START);
        host.ended(first, answer(200, Optional.empty()), LONGEST, START + 7 * SECOND);
        assertReady(second, 7 * SECOND);
        assertReady(first, 7 * SECOND + TURN);
    }

    /** It takes no turns: what it waits for is the host alone. */
    @Test
    void whoeverIsAloneAgainIsReadyWhenTheHostIs() {
        Crawl first = joined(1, 0);
        ask(first, START);
        host.ended(first, answer(200, Optional.empty()), LONGEST, START + 7 * SECOND);
        assertReady(first, 0);

        Crawl second = joined(1, 0);
        Crawl third = joined(1, 0);
        host.leave(first, START + 8 * SECOND);
        assertReady(second, 7 * SECOND);
        assertReady(third, 7 * SECOND + TURN);
        host.leave(second, START + 8 * SECOND);
        assertReady(third, 0);
    }

    @Test
    void otherTermsAreOfferedAnew() {
        Crawl first = joined(1, 0);
        Crawl second = joined(1, 0);
        first.terms = terms(2, 0);
        second.terms = terms(2, 0);
        host.termsChanged(first, START + SECOND);
        assertReady(second, SECOND + TURN);

        host.termsChanged(first, START + 2 * SECOND);
        assertReady(second, SECOND + TURN);
    }

    @Test
    void whoeverElseIsThereLearnsOfEachChange() {
        Crawl one = joined(2, 1);
        Crawl other = joined(2, 1);
        assertThat(one.told).as("of the one that came").isEqualTo(1);
        assertThat(other.told).isZero();

        host.leased(one, START);
        assertThat(other.told).as("a lease").isEqualTo(1);
        host.written(one, START, START);
        assertThat(other.told).as("what was written").isEqualTo(2);
        host.ended(one, answer(200, Optional.empty()), LONGEST, START);
        assertThat(other.told).as("the end").isEqualTo(3);
        host.leased(one, START);
        host.unasked(one, START);
        assertThat(other.told).as("a lease without a request").isEqualTo(5);
        host.termsChanged(one, START);
        assertThat(other.told).as("terms").isEqualTo(6);
        host.leave(one, START);
        assertThat(other.told).as("the one that left").isEqualTo(7);
        assertThat(one.told).as("a crawl is not told of what it did itself").isEqualTo(1);

        host.leased(other, START);
        assertThat(one.told).as("a crawl that has left is told of nothing more").isEqualTo(1);
    }

    @Test
    void aRetryAfterHoldsAllIfItIsNoLongerThanTheJobWaits() {
        Crawl one = joined(9, 0);
        ask(one, START);
        host.ended(one, answer(503, Optional.of(LONGEST.plusNanos(1))), LONGEST, START);
        assertReady(one, 0);

        ask(one, START);
        host.ended(one, answer(503, Optional.of(LONGEST)), LONGEST, START + SECOND);
        assertReady(one, 11 * SECOND);
    }

    @Test
    void autoThrottleHearsOfEachAnswer() {
        Crawl one = new Crawl(new Terms(1, SECOND, true, 60 * SECOND));
        host.join(one, START);
        assertThat(host.throttle()).isZero();
        ask(one, START);
        host.ended(one, answer(429, Optional.empty()), LONGEST, START);
        assertThat(host.delay()).isEqualTo(2 * SECOND);
        assertThat(host.throttle()).isEqualTo(2 * SECOND);
    }

    @Test
    void whatAnEarlierRunKnewCounts() {
        Crawl one = new Crawl(new Terms(1, SECOND, true, 60 * SECOND));
        host.join(one, START);
        host.recall(3 * SECOND, START + 4 * SECOND);
        assertReady(one, 4 * SECOND);
        assertThat(host.delay()).isEqualTo(3 * SECOND);
    }

    @Test
    void aHostIsForgettableWhenItsDelayHasPassedSinceTheLastRequest() {
        Crawl one = joined(1, 1);
        ask(one, START);
        host.ended(one, answer(200, Optional.empty()), LONGEST, START);
        assertThat(host.hasVisitors()).isTrue();
        host.leave(one, START);
        assertThat(host.hasVisitors()).isFalse();
        assertThat(host.isForgettable(START + SECOND - 1)).isFalse();
        assertThat(host.isForgettable(START + SECOND)).isTrue();
    }
}
