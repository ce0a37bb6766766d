package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One moment on both clocks. */
class WallTimeTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final WallTime moment = new WallTime(NOON, 1_000);

    @Test
    void isThatOfBothClocks() {
        ManualTicker ticker = ManualTicker.stopped();
        assertThat(WallTime.of(ticker)).isEqualTo(new WallTime(ticker.now(), ticker.nanos()));
    }

    @Test
    void theTimeOfDayOfAnotherMoment() {
        assertThat(moment.at(1_000)).isEqualTo(NOON);
        assertThat(moment.at(1_005)).isEqualTo(NOON.plusNanos(5));
        assertThat(moment.at(900)).isEqualTo(NOON.minusNanos(100));
    }

    @Test
    void aTimeOfDayIsNeitherPastNorTooFarAhead() {
        assertThat(moment.nanosAt(NOON.plusNanos(5), MINUTE)).isEqualTo(1_005);
        assertThat(moment.nanosAt(NOON, MINUTE)).isEqualTo(1_000);
        assertThat(moment.nanosAt(NOON.minusSeconds(1), MINUTE)).isEqualTo(1_000);
        assertThat(moment.nanosAt(NOON.plus(MINUTE), MINUTE)).isEqualTo(1_000 + MINUTE.toNanos());
        assertThat(moment.nanosAt(NOON.plus(MINUTE).plusNanos(1), MINUTE)).isEqualTo(1_000 + MINUTE.toNanos());
    }

    @Test
    void theSystemsClocksGoOn() throws InterruptedException {
        Ticker system = Ticker.system();
        long nanos = system.nanos();
        Instant now = system.now();
        assertThat(now).isBetween(Instant.now().minusSeconds(60), Instant.now());
        while (system.nanos() == nanos) {
            Thread.onSpinWait(); // until the clock's next step
        }
        assertThat(system.nanos() - nanos).isBetween(1L, Duration.ofSeconds(60).toNanos());
    }
}
