package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.simulation.SimulatedThreads.End;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whole crawls, simulated: one seed is one schedule and one set of faults. */
class SimulationTest {

    @Test
    void everyCrawlEndsWithOneOutcomeForEachUrl() {
        for (long seed = 0; seed < 2_000; seed++) {
            Simulation simulation = Simulation.of(seed, Trace.fingerprint());
            assertThat(simulation.end()).as("seed %d", seed).isEqualTo(End.ALL_ENDED);
            Set<String> urls = simulation.sink.written()
                    .stream()
                    .map(outcome -> outcome.request().url().toString())
                    .collect(Collectors.toSet());
            assertThat(urls).as("seed %d", seed).hasSameSizeAs(simulation.sink.written());
            if (simulation.sink.isHealthy()) {
                assertThat(simulation.report().orElseThrow().accounting().discovered()).as("seed %d", seed)
                        .isEqualTo(urls.size());
            }
        }
    }

    @Test
    void seedRunsTheSameWayAgain() {
        for (long seed = 0; seed < 100; seed++) {
            Trace once = Simulation.of(seed, Trace.kept()).trace;
            Trace again = Simulation.of(seed, Trace.kept()).trace;
            assertThat(again.toString()).isEqualTo(once.toString());
            assertThat(again.print()).isEqualTo(once.print());
        }
    }
}
