package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Pace.Terms;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an answer, or none, says of a host, and what the terms of several crawls come to. */
class HostHealthTest {

    @ParameterizedTest
    @CsvSource({
        // status, verdict, overloaded, ok
        "199, SUCCESS, false, false", "200, SUCCESS, false, true", "299, SUCCESS, false, true",
        "300, SUCCESS, false, false", "404, SUCCESS, false, false", "428, SUCCESS, false, false",
        "429, SUCCESS, true, false", "430, SUCCESS, false, false", "499, SUCCESS, false, false",
        "500, FAILURE, false, false", "502, FAILURE, false, false", "503, FAILURE, true, false",
        "504, FAILURE, false, false"})
    void statusSaysHowTheHostIs(int status, HostHealth verdict, boolean overloaded, boolean ok) {
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ofSeconds(3), Optional.of(Duration.ofSeconds(2)),
                Optional.empty(), Optional.empty());
        HostFeedback feedback = HostFeedback.of(attempt, status, Optional.of(Duration.ofSeconds(9)));
        assertThat(feedback.verdict()).isEqualTo(verdict);
        assertThat(feedback.isOverloaded()).isEqualTo(overloaded);
        assertThat(feedback.isOk()).isEqualTo(ok);
        assertThat(feedback.latency()).contains(Duration.ofSeconds(2));
        assertThat(feedback.retryAfter()).contains(Duration.ofSeconds(9));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new Failure.TimedOut(Stage.BODY, Duration.ofSeconds(1)), HostHealth.FAILURE),
                Arguments.of(new Failure.Dns("none"), HostHealth.FAILURE),
                Arguments.of(new Failure.Connection("refused"), HostHealth.FAILURE),
                Arguments.of(new Failure.Tls("untrusted"), HostHealth.FAILURE),
                Arguments.of(new Failure.HttpStatus(500), HostHealth.FAILURE),
                Arguments.of(new Failure.HttpStatus(429), HostHealth.SUCCESS),
                Arguments.of(new Failure.RobotsUnreachable(new Failure.Dns("none")), HostHealth.FAILURE),
                Arguments.of(new Failure.RobotsUnreachable(new Failure.Protocol("no HTTP")), HostHealth.SUCCESS),
                Arguments.of(new Failure.Protocol("no HTTP"), HostHealth.SUCCESS),
                Arguments.of(new Failure.BodyTooLarge(1), HostHealth.SUCCESS),
                Arguments.of(new Failure.TooManyRedirects(5), HostHealth.SUCCESS),
                Arguments.of(new Failure.BadRedirect("none"), HostHealth.SUCCESS),
                Arguments.of(new Failure.Parse("no page"), HostHealth.SUCCESS),
                Arguments.of(new Failure.StaleConnection(), HostHealth.NO_OPINION),
                Arguments.of(new Failure.PrivateAddress("127.0.0.1"), HostHealth.NO_OPINION));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureSaysHowTheHostIs(Failure failure, HostHealth verdict) {
        assertThat(HostHealth.of(failure)).isEqualTo(verdict);
    }

    @Test
    void termsOfTwoCrawlsAreTheStricterOfEach() {
        Terms one = new Terms(3, 100, false, 5_000);
        Terms other = new Terms(2, 40, true, 7_000);
        assertThat(one.and(other)).isEqualTo(new Terms(2, 100, true, 7_000));
        assertThat(other.and(one)).isEqualTo(one.and(other));
        assertThat(one.and(one)).isEqualTo(one);
    }

    @Test
    void crawlDelayOnlyRaisesTheDelay() {
        Terms terms = new Terms(2, Duration.ofSeconds(2).toNanos(), true, Duration.ofSeconds(9).toNanos());
        assertThat(terms.withCrawlDelay(Duration.ofSeconds(1))).isEqualTo(terms);
        assertThat(terms.withCrawlDelay(Duration.ofSeconds(3)))
                .isEqualTo(new Terms(2, Duration.ofSeconds(3).toNanos(), true, Duration.ofSeconds(9).toNanos()));
    }
}
