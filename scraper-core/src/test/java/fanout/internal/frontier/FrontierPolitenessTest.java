package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a host is asked, on a clock that jumps to the end of every wait. */
class FrontierPolitenessTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void hostIsAskedAgainADelayAfterItsRequestWasWritten() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3).politeness(polite(manners(8, SECOND))));
        Lease first = crawl.take().orElseThrow();
        crawl.ticker.advance(Duration.ofMillis(300)); // name lookup, connect
        first.written(crawl.ticker.nanos());
        crawl.start();
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofMillis(1300));
        crawl.start();
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofMillis(2300));
        crawl.giveBack();
    }

    @Test
    void requestThatIsNotWrittenYetHoldsItsHostButNoOther() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, B + 1).politeness(polite(manners(8, SECOND))));
        assertThat(crawl.take()).map(Lease::work).map(Work::url).hasToString("Optional[" + A + "1]");
        assertThat(crawl.take()).map(Lease::work).map(Work::url).hasToString("Optional[" + B + "1]");
        assertThat(crawl.frontier.snapshot().urls().delayed()).isEqualTo(1);
        assertThat(crawl.ticker.passed()).isZero();
        crawl.giveBack();
    }

    @Test
    void requestThatWasNeverWrittenCountsFromItsEnd() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).politeness(polite(manners(8, SECOND))));
        Lease lost = crawl.take().orElseThrow();
        crawl.ticker.advance(Duration.ofMillis(400));
        crawl.fail(lost, new Failure.Dns("no such host"));
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofMillis(1400));
        crawl.giveBack();
    }

    @Test
    void noMoreRequestsAreInFlightAtAHostThanItsManners() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, B + 1).politeness(polite(
                manners(2, Duration.ZERO))));
        Lease one = crawl.start(A + 1);
        crawl.start(B + 1);
        crawl.start(A + 2);
        assertThat(crawl.frontier.snapshot().urls().ready()).isZero();
        crawl.ok(one);
        crawl.start(A + 3);
        assertThat(crawl.ticker.passed()).isZero();
        crawl.giveBack();
    }

    @Test
    void hostsTakeTurns() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, B + 1, B + 2));
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            order.add(crawl.start().work().url().host().name().substring(0, 1));
        }
        assertThat(order).containsExactly("a", "b", "a", "b", "a");
        crawl.giveBack();
    }

    @Test
    void hostWithMannersOfItsOwnHasThem() {
        Politeness politeness = new Politeness(TestFrontier.NO_DELAY, Duration.ofMinutes(5), false, true, SECOND,
                1_000_000, Map.of("a.example.org", manners(1, Duration.ofSeconds(5))));
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, B + 1, B + 2).politeness(politeness));
        crawl.ok(crawl.start(A + 1));
        crawl.ok(crawl.start(B + 1));
        crawl.ok(crawl.start(B + 2));
        assertThat(crawl.ticker.passed()).isZero();
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(5));
        crawl.giveBack();
    }

    @Test
    void delayFollowsTheLatencyOfAHostThatIsThrottledAutomatically() {
        Manners manners = new Manners(1, SECOND, true, Duration.ofSeconds(60));
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).politeness(polite(manners)));
        Lease slow = crawl.start();
        crawl.finish(slow, new LeaseResult.PageResult(
                new fanout.outcome.Failed(TestFrontier.page(slow).request(), TestFrontier.page(slow)
                        .trailAfter(TestFrontier.attempt()), new Failure.HttpStatus(404)),
                List.of(), 0,
                new HostFeedback(java.util.Optional.of(Duration.ofSeconds(7)), 404, java.util.Optional.empty(),
                        fanout.internal.host.HostHealth.SUCCESS)));
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(7));
        crawl.giveBack();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 404})
    void retryAfterHoldsTheHost(int status) {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2));
        crawl.retryAfter(crawl.start(A + 1), status, Duration.ofSeconds(90));
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(90));
        crawl.giveBack();
    }

    @Test
    void urlIsTriedAgainWhenItsHostIsPatientAgain() {
        TestFrontier crawl = TestFrontier.of(plain(A).retries(retries(3, SECOND)));
        crawl.retryAfter(crawl.start(), 503, Duration.ofSeconds(90));
        Lease second = crawl.start(A);
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(90));
        assertThat(TestFrontier.page(second).attempts()).isEqualTo(1);
        crawl.ok(second);
        assertThat(crawl.outcomes).extracting(outcome -> outcome.trail().attempts()).containsExactly(2);
        assertThat(crawl.frontier.snapshot().retries()).isEqualTo(1);
    }

    @Test
    void retryAfterThatIsTooLongFailsTheUrlAtOnceAndHoldsNobody() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).retries(retries(3, SECOND)));
        crawl.retryAfter(crawl.start(A + 1), 503, Duration.ofMinutes(6));
        assertThat(crawl.lines()).containsExactly(A + "1 failed/http_status");
        crawl.start(A + 2);
        assertThat(crawl.ticker.passed()).isZero();
        crawl.giveBack();
    }

    /** Five minutes are the longest that a host of these jobs is waited for. */
    @ParameterizedTest
    @CsvSource({"0, 300", "1, 0"})
    void longestRetryAfterIsWaitedForAndNotOneNanosecondMore(long more, long seconds) {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2));
        crawl.retryAfter(crawl.start(A + 1), 429, Duration.ofMinutes(5).plusNanos(more));
        assertThat(crawl.frontier.hosts(1).getFirst().readyIn()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void urlWaitsForItsBackoffAndLetsOthersGoFirst() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).retries(retries(3, SECOND)));
        crawl.status(crawl.start(A + 1), 500);
        crawl.ok(crawl.start(A + 2));
        assertThat(crawl.ticker.passed()).isZero();
        crawl.status(crawl.start(A + 1), 500);
        Duration first = crawl.ticker.passed();
        assertThat(first).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
        crawl.status(crawl.start(A + 1), 500);
        assertThat(crawl.ticker.passed().minus(first)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        assertThat(crawl.lines()).containsExactly(A + "2 ok", A + "1 failed/http_status");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void whatCannotGoBetterIsNotTriedAgain() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3).retries(retries(3, SECOND)));
        crawl.status(crawl.start(), 404);
        crawl.fail(crawl.start(), new Failure.Tls("untrusted"));
        crawl.fail(crawl.start(), new Failure.BodyTooLarge(1));
        assertThat(crawl.lines()).hasSize(3);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void crawlEndsAtOnceIfEveryReadyTimeLiesBeyondItsDeadline() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2)
                .politeness(polite(manners(1, Duration.ofSeconds(61))))
                .limits(limits(10, 10, Duration.ofSeconds(60))));
        Lease first = crawl.start(A + 1);
        crawl.ok(first);
        assertThat(crawl.end()).isEqualTo("MAX_DURATION");
        assertThat(crawl.frontier.leftovers(CancelReason.DEADLINE).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + "2 cancelled/deadline");
    }

    @Test
    void retryAfterBeyondTheDeadlineEndsTheCrawlAtOnce() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).limits(limits(10, 10, Duration.ofSeconds(60))));
        crawl.retryAfter(crawl.start(A + 1), 503, Duration.ofSeconds(90));
        assertThat(crawl.end()).isEqualTo("MAX_DURATION");
    }

    @Test
    void crawlDoesNotEndEarlyWhileSomebodyHoldsALease() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, B + 1)
                .politeness(polite(manners(1, Duration.ofSeconds(61))))
                .limits(limits(10, 10, Duration.ofSeconds(60))));
        crawl.start(A + 1);
        Lease other = crawl.start(B + 1);
        crawl.ok(other, B + 2);
        assertThat(crawl.frontier.snapshot().ended()).isEmpty();
        assertThat(crawl.take()).isEmpty(); // at the deadline itself
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(60));
        crawl.giveBack();
    }

    @Test
    void urlThatWaitsForARetryKeepsItsLastFailure() {
        TestFrontier crawl = TestFrontier.of(plain(A).retries(retries(3, Duration.ofSeconds(200)))
                .limits(limits(10, 10, Duration.ofSeconds(60))));
        crawl.status(crawl.start(), 500);
        assertThat(crawl.end()).isEqualTo("MAX_DURATION");
        assertThat(crawl.frontier.leftovers(CancelReason.DEADLINE).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + " failed/http_status");
        assertThat(crawl.frontier.snapshot().deadlineExceeded()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 99, 100, 333, 1000, 7777})
    void noWindowOfASecondHoldsMoreRequestsThanTheLimit(int perSecond) {
        RequestRate rate = new RequestRate(perSecond, ManualTicker.stopped().nanos());
        long now = ManualTicker.stopped().nanos();
        List<Long> starts = new ArrayList<>();
        java.util.Random random = new java.util.Random(perSecond);
        for (int i = 0; i < 4 * perSecond; i++) {
            now = Math.max(0, rate.nextAt() - now) + now; // as early as it is allowed
            if (random.nextInt(50) == 0) {
                now += random.nextInt(30_000_000); // a timer that is late
            }
            rate.started(now);
            starts.add(now);
        }
        for (int i = perSecond; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - perSecond)).isGreaterThanOrEqualTo(SECOND.toNanos());
        }
    }

    @Test
    void limitOverAllHostsHoldsThemAllAndCountsRobotsTxt() {
        Politeness politeness = new Politeness(TestFrontier.NO_DELAY, SECOND, true, true, SECOND, 2, Map.of());
        TestFrontier crawl = TestFrontier.of(plain(A, B).politeness(politeness));
        Lease robots = crawl.start(A + "robots.txt");
        crawl.start(B + "robots.txt");
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofMillis(500));
        crawl.robots(robots, fanout.internal.host.RobotsRules.ALLOW_ALL);
        crawl.start(A);
        assertThat(crawl.ticker.passed()).isEqualTo(SECOND);
        crawl.giveBack();
    }

    /**
     * After its turn the host asks for a pause; no worker looks at it while the limit over all hosts allows no request.
     */
    @Test
    void crawlWithNothingDueInTimeDoesNotWaitForTheGlobalLimit() {
        Politeness politeness = new Politeness(TestFrontier.NO_DELAY, Duration.ofMinutes(5), false, true, SECOND, 1,
                Map.of());
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).politeness(politeness)
                .limits(limits(10, 10, Duration.ofSeconds(10))));
        crawl.retryAfter(crawl.start(A + 1), 429, Duration.ofMinutes(1));
        assertThat(crawl.end()).isEqualTo("MAX_DURATION");
    }

    @Test
    void hostThatKeepsFailingIsLeftAloneProbedAndGivenUp() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, A + 4, A + 5)
                .circuitBreaker(new CircuitBreaking(50, 2, Duration.ofSeconds(30), 2)));
        crawl.status(crawl.start(), 500);
        crawl.status(crawl.start(), 500);
        Lease probe = crawl.start();
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(30));
        assertThat(crawl.frontier.snapshot().urls().ready()).as("one probe at a time").isZero();
        crawl.status(probe, 500);

        assertThat(crawl.lines()).endsWith(A + "4 skipped/circuit_open", A + "5 skipped/circuit_open");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void successOfAProbeClosesTheCircuitAndForgetsEarlierOpenings() {
        String[] urls = new String[20];
        java.util.Arrays.setAll(urls, i -> A + i);
        TestFrontier crawl = TestFrontier.of(plain(urls)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 2)));
        for (int round = 1; round <= 5; round++) {
            crawl.status(crawl.start(), 500);
            crawl.ok(crawl.start());
            assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(30L * round));
        }
        assertThat(crawl.lines()).noneMatch(line -> line.contains("circuit_open"));
    }

    @Test
    void probeThatSaysNothingIsFollowedByAnother() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 2)));
        crawl.status(crawl.start(), 500);
        crawl.fail(crawl.start(), new Failure.PrivateAddress("127.0.0.1"));
        crawl.ok(crawl.start());
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void verdictsFromBeforeTheOpeningDoNotCountAfterIt() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, A + 4)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 2)));
        Lease one = crawl.start();
        Lease two = crawl.start();
        Lease three = crawl.start();
        crawl.status(one, 500);
        crawl.status(two, 500); // would be the second opening
        crawl.ok(three); // would close it
        assertThat(crawl.lines()).noneMatch(line -> line.contains("circuit_open"));
        crawl.ok(crawl.start());
        assertThat(crawl.ticker.passed()).isEqualTo(Duration.ofSeconds(30));
    }

    private static Politeness polite(Manners manners) {
        return politeness(manners, false);
    }

    private static Retries retries(int maxAttempts, Duration backoff) {
        return new Retries(maxAttempts, backoff, Duration.ofMinutes(10));
    }
}
