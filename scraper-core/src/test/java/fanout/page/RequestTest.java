package fanout.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.url.CanonicalUrl;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request, what led to its outcome, and the head of the response. */
class RequestTest {

    private static final CanonicalUrl URL = CanonicalUrl.of("http://example.org/");

    @Test
    void aStartIsAtDepthZeroWithoutAReferrer() {
        assertThat(Request.start(URL, Optional.of("home")))
                .isEqualTo(new Request(URL, 0, Optional.of("home"), Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(
                () -> new Request(URL, -1, Optional.empty(), Optional.empty()));
    }

    @Test
    void aTrailCountsUpFromZero() {
        assertThat(new Trail(0, 0, Optional.empty())).isEqualTo(Trail.NONE);
        assertThatIllegalArgumentException().isThrownBy(() -> new Trail(-1, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trail(0, -1, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "299, true", "300, false"})
    void twoHundredToTwoHundredAndNinetyNineIsSuccess(int status, boolean success) {
        assertThat(new ResponseHead(status, Optional.empty(), Optional.empty(), Optional.empty()).isSuccess())
                .isEqualTo(success);
    }

    @Test
    void timesAlwaysHaveMilliseconds() {
        assertThat(Attempt.TIMES.format(Instant.parse("2026-03-01T12:00:00Z"))).isEqualTo("2026-03-01T12:00:00.000Z");
    }
}
