package fanout.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.ManualTicker;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LatestReadingTest {

    private final ManualTicker clock = ManualTicker.stopped();
    private final AtomicInteger asked = new AtomicInteger();
    private final LatestReading latest = new LatestReading(
            () -> new MeterReading(asked.incrementAndGet(), 0, 0, 0, 0, 0, 0, 0, false, Map.of(), MeterCounts.NONE),
            clock);

    @Test
    void manyMetersAskTheRoomsOnce() {
        for (int meter = 0; meter < 40; meter++) {
            assertThat(latest.get().activeConnections()).isOne();
        }
        clock.advance(LatestReading.FRESH.minusNanos(1));
        assertThat(latest.get().activeConnections()).isOne();
        clock.advance(LatestReading.FRESH);
        assertThat(latest.get().activeConnections()).isEqualTo(2);
    }

    @Test
    void lastReadingIsOfItsMomentAndStands() {
        assertThat(latest.get().activeConnections()).isOne();
        assertThat(latest.last().activeConnections()).isEqualTo(2);
        clock.advance(LatestReading.FRESH.multipliedBy(10));
        assertThat(latest.get().activeConnections()).isEqualTo(2);
        assertThat(latest.last().activeConnections()).isEqualTo(2);
    }

    @Test
    void readingIsFreshForLessThanItsTime() {
        assertThat(latest.get().activeConnections()).isOne();
        clock.advance(LatestReading.FRESH);
        assertThat(latest.get().activeConnections()).isEqualTo(2);
    }
}
