package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One host's circuit, told verdict by verdict. */
class CircuitTest {

    private final ManualTicker ticker = ManualTicker.stopped();

    @ParameterizedTest
    @CsvSource({
        // window, threshold in percent, verdicts in order (s, f, n), phase
        "4, 50, fff, CLOSED", // the window is not full
        "4, 50, ffff, OPEN",
        "4, 50, sffs, OPEN",
        "4, 50, sfss, CLOSED",
        "4, 50, ssssssff, OPEN", // early successes leave the window one by one
        "4, 50, ssssssf, CLOSED",
        "4, 50, ffnf, CLOSED", // no opinion fills no window
        "4, 50, ffnff, OPEN",
        "1, 100, f, OPEN",
        "1, 100, ssss, CLOSED",
        "1, 100, nnn, CLOSED",
    })
    void circuitOpensWhenTheShareOfFailuresInAFullWindowIsReached(int window, int threshold, String verdicts,
            Phase phase) {
        Circuit circuit = circuit(threshold, window, 3);
        verdicts.chars().forEach(verdict -> circuit.tell(verdict(verdict), circuit.epoch()));
        assertThat(circuit.phase()).isEqualTo(phase);
    }

    @Test
    void openCircuitTellsUntilWhen() {
        Circuit circuit = circuit(100, 1, 3);
        circuit.tell(HostHealth.FAILURE, 0);
        assertThat(circuit.reopensAt() - ticker.nanos()).isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(circuit.epoch()).isEqualTo(1);
    }

    @Test
    void onlyOneProbeGoesAtATime() {
        Circuit circuit = circuit(100, 1, 3);
        circuit.probe(); // not a probe: the circuit is closed
        circuit.tell(HostHealth.FAILURE, 0);
        circuit.probe();
        assertThat(circuit.phase()).isEqualTo(Phase.HALF_OPEN);
        assertThatThrownBy(circuit::probe).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void probeThatSaysNothingMakesRoomForTheNext() {
        Circuit circuit = circuit(100, 1, 3);
        circuit.tell(HostHealth.FAILURE, 0);
        for (int i = 0; i < 3; i++) {
            circuit.probe();
            circuit.tell(HostHealth.NO_OPINION, circuit.epoch());
            assertThat(circuit.phase()).isEqualTo(Phase.HALF_OPEN);
        }
        circuit.probe();
        circuit.tell(HostHealth.SUCCESS, circuit.epoch());
        assertThat(circuit.phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void hostIsGivenUpAfterSoManyOpeningsInARow() {
        Circuit circuit = circuit(100, 1, 2);
        circuit.tell(HostHealth.FAILURE, circuit.epoch());
        circuit.probe();
        circuit.tell(HostHealth.SUCCESS, circuit.epoch());
        circuit.tell(HostHealth.FAILURE, circuit.epoch());
        assertThat(circuit.isGivenUp()).isFalse();
        circuit.probe();
        circuit.tell(HostHealth.FAILURE, circuit.epoch());
        assertThat(circuit.isGivenUp()).isTrue();
    }

    @Test
    void verdictOfAnEarlierEpochChangesNothing() {
        Circuit circuit = circuit(100, 1, 2);
        circuit.tell(HostHealth.FAILURE, 0);
        circuit.tell(HostHealth.FAILURE, 0);
        circuit.tell(HostHealth.SUCCESS, 0);
        assertThat(circuit.phase()).isEqualTo(Phase.OPEN);
        assertThat(circuit.epoch()).isEqualTo(1);
        assertThat(circuit.isGivenUp()).isFalse();
    }

    private Circuit circuit(int threshold, int window, int maxOpenings) {
        return new Circuit(new CircuitBreaking(threshold, window, Duration.ofSeconds(30), maxOpenings), ticker, 0);
    }

    private static HostHealth verdict(int letter) {
        return switch (letter) {
            case 's' -> HostHealth.SUCCESS;
            case 'f' -> HostHealth.FAILURE;
            case 'n' -> HostHealth.NO_OPINION;
            default -> throw new IllegalArgumentException("not a verdict");
        };
    }
}
