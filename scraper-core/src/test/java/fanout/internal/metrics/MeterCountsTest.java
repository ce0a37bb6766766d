package fanout.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Reason;
import fanout.outcome.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeterCountsTest {

    @Test
    void aSumHasEachCountOfBoth() {
        MeterCounts some = new MeterCounts(1, 2, Map.of(Reason.DNS, 3L, Reason.TLS, 4L), List.of(1L, 2L, 3L, 4L, 5L),
                Map.of(Stage.DNS, 6L), 7, 8, 9, 10, 11, 12);
        MeterCounts more = new MeterCounts(100, 200, Map.of(Reason.DNS, 300L, Reason.ROBOTS, 400L),
                List.of(100L, 200L, 300L, 400L, 500L), Map.of(Stage.BODY, 600L), 700, 800, 900, 1000, 1100, 1200);

        assertThat(some.plus(more)).isEqualTo(new MeterCounts(101, 202,
                Map.of(Reason.DNS, 303L, Reason.TLS, 4L, Reason.ROBOTS, 400L), List.of(101L, 202L, 303L, 404L, 505L),
                Map.of(Stage.DNS, 6L, Stage.BODY, 600L), 707, 808, 909, 1010, 1111, 1212));
        assertThat(some.plus(MeterCounts.NONE)).isEqualTo(some);
        assertThat(some.plus(more).since(more)).isEqualTo(new MeterCounts(1, 2,
                Map.of(Reason.DNS, 3L, Reason.TLS, 4L, Reason.ROBOTS, 0L), List.of(1L, 2L, 3L, 4L, 5L),
                Map.of(Stage.DNS, 6L, Stage.BODY, 0L), 7, 8, 9, 10, 11, 12));
    }
}
