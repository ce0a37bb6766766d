package fanout.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {

    /** Each counts what it does, so a run is a check, too. */
    @Test
    void everyBenchmarkRunsOnceAndLosesNothing() throws RunnerException {
        Options once = new OptionsBuilder().include("^fanout\\.jmh\\.")
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .timeout(TimeValue.minutes(1))
                .param("threads", "4")
                .param("operations", "1024")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Set<String> ran = new Runner(once).run()
                .stream()
                .map(RunResult::getParams)
                .map(params -> params.getBenchmark() + " " + params.getParam("by"))
                .collect(Collectors.toSet());

        assertThat(ran).isEqualTo(Stream.of(
                all("SharedCounter.count", SharedCounter.By.values()),
                all("SharedTable.use", SharedTable.By.values()),
                all("Handover.send", Handover.By.values())).flatMap(Function.identity()).collect(Collectors.toSet()));
    }

    private static Stream<String> all(String benchmark, Enum<?>[] ways) {
        return Stream.of(ways).map(way -> "fanout.jmh." + benchmark + " " + way.name());
    }
}
