package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of a Retry-After header. */
class RetryAfterCasesTest {

    private static final Instant NOW = Instant.parse("1994-11-06T08:00:00Z");

    static List<Case> cases() throws IOException {
        return Case.of(RetryAfterCasesTest.class, "retry-after.txt", 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aHeaderIsReadInEachOfItsForms(Case header) {
        assertThat(RetryAfter.parse(header.input(0), NOW).map(Duration::toString).orElse("none"))
                .isEqualTo(header.expected());
    }
}
