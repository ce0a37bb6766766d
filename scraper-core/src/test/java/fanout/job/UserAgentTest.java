package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAgentTest {

    @ParameterizedTest
    @CsvSource({"azAZ-_bot/1.0, azAZ-_bot", "Our-Bot 2, Our-Bot", "bot, bot", "bot2, bot", "360Spider/1, 360Spider",
        "0x9, 0x9", "a@b, a", "a`, a", "Z[, Z", "a{, a", "z@, z", "A, A", "9:, 9", "1/, 1", "b/, b"})
    void robotsTxtIsAskedAboutTheLeadingToken(String userAgent, String token) {
        assertThat(UserAgent.productToken(userAgent)).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({"''", "(x)", "' x'", "@", "[", "`", "{", "/", ":", "é"})
    void withoutOneItIsAskedAboutThisProgram(String userAgent) {
        assertThat(UserAgent.leadingToken(userAgent)).isEmpty();
        assertThat(UserAgent.productToken(userAgent)).isEqualTo("fanout-scraper");
    }

    @Test
    void theDefaultNamesTheProgram() {
        assertThat(UserAgent.leadingToken(UserAgent.DEFAULT)).isEqualTo(Optional.of(UserAgent.PRODUCT));
    }
}
