package fanout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Failure.HttpStatus;
import fanout.outcome.Failure.RobotsUnreachable;
import fanout.outcome.Failure.TimedOut;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aStatusThatMayPassIsTriedAgain(int status) {
        assertThat(new HttpStatus(status).isRetryable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 501, 505})
    void otherStatusesAreFinal(int status) {
        assertThat(new HttpStatus(status).isRetryable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"PARSE", "MEMORY"})
    void aTimeoutIsTriedAgain(Stage stage) {
        assertThat(new TimedOut(stage, LIMIT).isRetryable()).isTrue();
    }

    @Test
    void aParseThatTookTooLongTakesTooLongAgain() {
        assertThat(new TimedOut(Stage.PARSE, LIMIT).isRetryable()).isFalse();
    }

    @Test
    void onlyLookupsAndConnectionsAreTriedAgainBeyondThese() {
        assertThat(ReasonTest.FAILURES)
                .filteredOn(failure -> !(failure instanceof HttpStatus) && !(failure instanceof TimedOut))
                .filteredOn(Failure::isRetryable)
                .hasOnlyElementsOfTypes(Failure.Dns.class, Failure.Connection.class, Failure.StaleConnection.class)
                .hasSize(3);
    }

    /** The host's retries are over by then. */
    @Test
    void aRobotsTxtThatCannotBeReadIsTheUrlsOwnFailure() {
        Failure timeout = new TimedOut(Stage.CONNECT, LIMIT);
        Failure failure = new RobotsUnreachable(timeout);

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure.detail()).isEqualTo("robots.txt: no end of connect within 30000 ms");
        assertThat(failure.isRetryable()).isFalse();
    }

    /** People read these in reports and on terminals. */
    @Test
    void eachFailureIsSaidInWords() {
        assertThat(ReasonTest.FAILURES).extracting(Failure::detail)
                .containsExactly("HTTP status 404", "no end of body within 1000 ms", "no address", "refused",
                        "the server had closed the connection before it was used again", "expired", "no status line",
                        "body longer than 1 bytes", "more than 5 redirects", "ftp://example.org/", "127.0.0.1",
                        "too deep", "robots.txt: no address",
                        "two sessions in a row got a response that the job's session.expired holds for");
        assertThat(new TimedOut(Stage.MEMORY, LIMIT).detail()).isEqualTo("no memory permit within 30000 ms");
        assertThat(new Failure.BodyTooLarge(7, true).detail())
                .startsWith("body longer than 7 bytes, which is what the memory of this process holds");
    }
}
