package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"PT0S,0", "PT0.001S,1ms", "PT1.5S,1500ms", "PT1S,1s", "PT1M,1m", "PT90S,90s", "PT1H,1h", "PT25H,25h",
        "P2D,2d",
        "PT-1S,-1s", "PT0.0000005S,PT0.0000005S"})
    void aDurationIsWrittenAsInAJob(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
