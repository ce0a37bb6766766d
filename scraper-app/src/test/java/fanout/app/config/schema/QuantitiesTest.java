package fanout.app.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({"250ms,250", "30s,30000", "1.5s,1500", "10m,600000", "2h,7200000", "1d,86400000", "PT1M,60000", "0,0",
        "0s,0",
        "30 s,30000", "-PT1S,-1000"})
    void durations(String text, long milliseconds) {
        assertThat(Quantities.duration(text)).contains(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "30 sec", "s", "1e3s", "-1s", "P", "PT", "1h30m", "9999999999999s", "30S",
        " 30s"})
    void whatIsNoDuration(String text) {
        assertThat(Quantities.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7B,7", "512KiB,524288", "8MiB,8388608", "2GiB,2147483648", "1 KiB,1024"})
    void sizes(String text, long bytes) {
        assertThat(Quantities.size(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1KB", "1kib", "1.5MiB", "-1", "MiB", "999999999999GiB"})
    void whatIsNoSize(String text) {
        assertThat(Quantities.size(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"60s, 1m, true", "60001ms, 1m, false", "1024KiB, 1MiB, true", "1048577, 1MiB, false", "soon, 1m, false",
        "1m, 1MiB, false"})
    void whatIsAtMostAnother(String text, String most, boolean expected) {
        assertThat(Quantities.isAtMost(text, most)).isEqualTo(expected);
    }

    /** The largest number that a long holds. */
    @Test
    void sizesEndWhereALongDoes() {
        assertThat(Quantities.size("8589934591GiB")).contains(8_589_934_591L << 30);
        assertThat(Quantities.size("8589934592GiB")).isEmpty();
    }
}
