package fanout.app.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresColumnsTest {

    private static String json(Object value) {
        Map<String, Object> row = new HashMap<>();
        row.put("a", value);
        return PostgresColumns.json(List.of("a"), row);
    }

    @Test
    void nulAndHalvesOfCharactersAreReplaced() {
        assertThat(json("a\0b\uD800c")).isEqualTo("{\"a\":\"a\uFFFDb?c\"}");
        assertThat(json(List.of("\0", Map.of("\0", "\0"))))
                .isEqualTo("{\"a\":[\"\uFFFD\",{\"\uFFFD\":\"\uFFFD\"}]}");
    }

    @Test
    void numberThatPostgresHasNotIsMissing() {
        assertThat(json(new BigDecimal("1e131071"))).isEqualTo("{\"a\":1E+131071}");
        assertThat(json(new BigDecimal("1e131072"))).isEqualTo("{\"a\":null}");
        assertThat(json(new BigDecimal("1e-16384"))).isEqualTo("{\"a\":null}");
        assertThat(json(Arrays.asList(Double.NaN, 7, null))).isEqualTo("{\"a\":[null,7,null]}");
    }

    @Test
    void rowIsOneLineWithTheColumnsInTheirOrder() {
        assertThat(PostgresColumns.json(List.of("b", "a"), Map.of("a", "x\r\ny", "c", 1)))
                .isEqualTo("{\"b\":null,\"a\":\"x\\r\\ny\"}");
    }
}
