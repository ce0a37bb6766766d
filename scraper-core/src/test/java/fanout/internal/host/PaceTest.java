package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Pace.Terms;
import fanout.internal.task.ManualTicker;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a host is ready again, as arithmetic. */
class PaceTest {

    private static final long START = ManualTicker.stopped().nanos(); // about to overflow
    private static final long SECOND = 1_000_000_000L;

    @Test
    void hostThatWasNeverAskedIsReady() {
        assertThat(new Pace(START).readyAt(terms(1000, 60_000, 2)) - START).isZero();
    }

    @Test
    void delayCountsFromTheWriting() {
        Pace pace = writtenAt(START + 5 * SECOND);
        assertThat(pace.readyAt(terms(1000, 60_000, 2)) - START).isEqualTo(6 * SECOND);
    }

    @Test
    void laterOfTheDelayAndTheHoldCountsAndAHoldIsNeverShortened() {
        Terms terms = terms(1000, 60_000, 2);
        Pace held = new Pace(START);
        held.hold(START + 10 * SECOND);
        held.hold(START + 3 * SECOND);
        held.written(START);
        assertThat(held.readyAt(terms) - START).isEqualTo(10 * SECOND);
        held.written(START + 12 * SECOND);
        assertThat(held.readyAt(terms) - START).isEqualTo(13 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        // present delay, latency or -1, status, next delay, all in ms; configured are 1000 to 60000, 2 at once
        "1000, 100,  200, 1000", // never below the configured delay
        "1000, 8000, 200, 4000", // the target at once if it is longer
        "4000, 2000, 200, 2500", // half way to the target if it is shorter
        "4000, 2000, 404, 4000", // failures never lower it
        "4000, 2000, 302, 4000",
        "4000, 12000, 404, 6000", // but raise it
        "4000, -1,   0,   4000", // nor does silence
        "4000, 100,  429, 8000", // overload doubles it
        "4000, 100,  503, 8000",
        "4000, 30000, 503, 15000", // or more
        "40000, 100, 503, 60000", // to the limit
        "40000, 900000, 200, 60000",
    })
    void autoThrottleFollowsLatency(long delay, long latency, int status, long next) {
        Terms terms = terms(1000, 60_000, 2);
        Pace pace = throttledTo(Duration.ofMillis(delay), terms);
        Optional<Duration> measured = latency < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(latency));
        pace.answered(new HostFeedback(measured, status, Optional.empty(), HostHealth.ofStatus(status)), terms);
        assertThat(Duration.ofNanos(pace.delay(terms))).isEqualTo(Duration.ofMillis(next));
        assertThat(Duration.ofNanos(pace.readyAt(terms) - START)).as("also for the request just made")
                .isEqualTo(Duration.ofMillis(next));
    }

    @Test
    void fixedDelayStaysWhateverHappens() {
        Terms fixed = Terms.of(new Manners(2, Duration.ofSeconds(1), false, Duration.ofSeconds(60)));
        Pace pace = writtenAt(START);
        pace.answered(new HostFeedback(Optional.of(Duration.ofSeconds(50)), 503, Optional.empty(), HostHealth.FAILURE),
                fixed);
        assertThat(pace.delay(fixed)).isEqualTo(SECOND);
        assertThat(pace.readyAt(fixed) - START).isEqualTo(SECOND);
        Terms throttled = terms(100, 60_000, 2);
        assertThat(pace.delay(throttled)).as("nothing of it is remembered").isEqualTo(SECOND / 10);
    }

    @Test
    void throttleOfAnotherCrawlCountsOnlyWhileACrawlUsesIt() {
        Pace throttled = throttledTo(Duration.ofSeconds(30), terms(100, 60_000, 2));
        Terms fixed = Terms.of(new Manners(2, Duration.ofSeconds(1), false, Duration.ofSeconds(60)));
        assertThat(throttled.delay(fixed)).isEqualTo(SECOND);
        assertThat(throttled.delay(fixed.and(terms(100, 60_000, 2)))).isEqualTo(30 * SECOND);
    }

    @Test
    void crawlDelayIsTheLeastFromThenOnEvenBeyondTheThrottlesLimit() {
        Terms terms = terms(1000, 5_000, 2).withCrawlDelay(Duration.ofSeconds(20));
        Pace pace = writtenAt(START);
        assertThat(pace.readyAt(terms) - START).isEqualTo(20 * SECOND);
        pace.answered(new HostFeedback(Optional.of(Duration.ofMillis(1)), 200, Optional.empty(), HostHealth.SUCCESS),
                terms);
        assertThat(pace.delay(terms)).isEqualTo(20 * SECOND);
        assertThat(terms.withCrawlDelay(Duration.ofSeconds(3)).leastDelay()).isEqualTo(20 * SECOND);
    }

    @Test
    void termsOfTwoCrawlsAreTheStrictestOfEach() {
        Terms one = new Terms(3, 5, false, 100);
        Terms other = new Terms(2, 7, true, 50);
        assertThat(one.and(other)).isEqualTo(other.and(one)).isEqualTo(new Terms(2, 7, true, 100));
    }

    @Test
    void hostThatMayHaveBeenAskedLaterKeepsItsDelayFromThen() {
        Terms terms = terms(1000, 60_000, 2);
        Pace pace = writtenAt(START + 10 * SECOND);
        pace.mayHaveWritten(START + 5 * SECOND);
        assertThat(pace.readyAt(terms) - START).isEqualTo(11 * SECOND);
        pace.mayHaveWritten(START + 20 * SECOND);
        assertThat(pace.readyAt(terms) - START).isEqualTo(21 * SECOND);
        Pace neverAsked = new Pace(START);
        neverAsked.mayHaveWritten(START);
        assertThat(neverAsked.readyAt(terms) - START).isEqualTo(SECOND);
    }

    @Test
    void hostIsOverAfterItsDelayAndItsHold() {
        Terms terms = terms(1000, 60_000, 2);
        Pace pace = writtenAt(START + SECOND);
        assertThat(pace.isOver(terms, START + 2 * SECOND - 1)).isFalse();
        assertThat(pace.isOver(terms, START + 2 * SECOND)).isTrue();
        assertThat(pace.wasLeftAlone(30 * SECOND, START + 31 * SECOND - 1)).isFalse();
        assertThat(pace.wasLeftAlone(30 * SECOND, START + 31 * SECOND)).isTrue();
        pace.hold(START + 200 * SECOND);
        assertThat(pace.isOver(terms, START + 200 * SECOND - 1)).isFalse();
        assertThat(pace.isOver(terms, START + 200 * SECOND)).isTrue();
    }

    @Test
    void hostWithoutDelayAndThrottleIsNotPaced() {
        assertThat(new Terms(2, 0, false, 1).isPaced()).isFalse();
        assertThat(new Terms(2, 1, false, 1).isPaced()).isTrue();
        assertThat(new Terms(2, 0, true, 1).isPaced()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "120, PT2M", "' 120 ', PT2M", "0, PT0S",
        "'Tue, 01 Jan 2030 00:02:00 GMT', PT2M",
        "'Tue, 1 Jan 2030 00:00:01 GMT', PT1S",
        "'Tue, 01 Jan 2030 00:00:00 GMT', none", // past
        "'Mon, 31 Dec 2029 23:59:59 GMT', none",
        "'Tuesday, 01-Jan-30 00:02:00 GMT', PT2M",
        "'tuesday, 01-jan-30 00:02:60 gmt', PT2M59S", // a leap second
        "'Friday, 01-Jan-80 00:00:00 GMT', P18262D", // fifty years ahead
        "'Sunday, 02-Jan-80 00:00:00 GMT', none", // in 1980
        "'Tue Jan  1 00:02:00 2030', PT2M",
        "'Tue Jan 22 00:00:00 2030', PT504H",
        "'Tue Jan 32 00:00:00 2030', none", "'Tue, 01 Foo 2030 00:02:00 GMT', none",
        "'Tue, 01 Jan 2030 00:02:70 GMT', none", "'Tue, 01 Jan 2030 00:02:00 PST', none",
        "soon, none", "'', none", "-5, none", "1.5, none", "2030-01-01, none",
        "999999999999999999, P36500D", "000000000000000005, PT5S",
        "99999999999999999999999, P36500D", // as long as anybody likes
    })
    void retryAfterIsSecondsOrADate(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, Instant.parse("2030-01-01T00:00:00Z")))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({"200, SUCCESS", "404, SUCCESS", "429, SUCCESS", "500, FAILURE", "503, FAILURE", "599, FAILURE"})
    void statusSaysHowTheHostIs(int status, HostHealth verdict) {
        assertThat(HostHealth.ofStatus(status)).isEqualTo(verdict);
        assertThat(HostHealth.of(new Failure.HttpStatus(status))).isEqualTo(verdict);
    }

    @Test
    void failureSaysHowTheHostIs() {
        assertThat(HostHealth.of(new Failure.Dns(""))).isEqualTo(HostHealth.FAILURE);
        assertThat(HostHealth.of(new Failure.Connection(""))).isEqualTo(HostHealth.FAILURE);
        assertThat(HostHealth.of(new Failure.Tls(""))).isEqualTo(HostHealth.FAILURE);
        assertThat(HostHealth.of(new Failure.TimedOut(fanout.outcome.Stage.BODY, Duration.ofSeconds(1))))
                .isEqualTo(HostHealth.FAILURE);
        assertThat(HostHealth.of(new Failure.PrivateAddress(""))).isEqualTo(HostHealth.NO_OPINION);
        assertThat(HostHealth.of(new Failure.BodyTooLarge(1))).isEqualTo(HostHealth.SUCCESS);
    }

    /** The pace of a host that knows one request. */
    private static Pace writtenAt(long moment) {
        Pace pace = new Pace(START);
        pace.written(moment);
        return pace;
    }

    /** The pace of a host whose first answer took so long that it has this delay. */
    private static Pace throttledTo(Duration delay, Terms terms) {
        Pace pace = writtenAt(START);
        Duration latency = delay.multipliedBy(terms.perHostConcurrency());
        pace.answered(new HostFeedback(Optional.of(latency), 200, Optional.empty(), HostHealth.SUCCESS), terms);
        return pace;
    }

    private static Terms terms(long delayMillis, long maxDelayMillis, int perHostConcurrency) {
        return Terms.of(new Manners(perHostConcurrency, Duration.ofMillis(delayMillis), true,
                Duration.ofMillis(maxDelayMillis)));
    }
}
