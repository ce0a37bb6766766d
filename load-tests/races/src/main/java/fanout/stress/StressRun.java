package fanout.stress;

import fanout.internal.fetch.ActiveConnectionsStress;
import fanout.internal.task.CloseStress;
import fanout.mutation.Mutant;
import fanout.stress.JcStress.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs every stress test on the program, which none may fail, and then one on each seeded bug, which it must fail: a
 * test that is silent about its bug would prove nothing by its silence about the program.
 */
public final class StressRun {

    /** One process each, and one more that moves code at random; without the search for a machine's best affinity. */
    private static final List<String> SHORT =
            List.of("-f", "1", "-fsm", "1", "-iters", "1", "-time", "300", "-sc", "false",
                    "-af", "NONE");
    private static final List<String> NIGHT = List.of("-f", "5", "-iters", "10", "-time", "1000", "-sc", "false");
    /** A bug that shows itself once in 300,000 times is to be found on every machine, and a find ends the search. */
    private static final List<String> BUG =
            List.of("-f", "1", "-fsm", "1", "-iters", "5", "-time", "300", "-sc", "false",
                    "-af", "NONE");
    private static final int MOST_SEARCHES = 6;

    private static final Map<String, Class<?>> BUGS = new TreeMap<>(Map.of(
            "plain-counter", ActiveConnectionsStress.class,
            "lost-close", CloseStress.class));

    private StressRun() {}

    /** The folder for outputs, and {@code night} to run long. Exits with 1 if anything is not as it should be. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        boolean asExpected = programPasses(new JcStress(folder, List.of(args).contains("night") ? NIGHT : SHORT));
        for (Map.Entry<String, Class<?>> bug : BUGS.entrySet()) {
            asExpected &= bugIsFound(new JcStress(folder, BUG), bug.getKey(), bug.getValue());
        }
        System.exit(asExpected ? 0 : 1);
    }

    private static boolean programPasses(JcStress stress) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Mutant program = Mutant.unchanged()) {
            Result result = stress.run("program", program, "fanout\\..*");
            int all = TestList.tests().size();
            say("%d of %d stress tests ran, %d failed".formatted(result.ran(), all, result.failed()), start, result);
            return result.ran() == all && result.failed() == 0;
        }
    }

    private static boolean bugIsFound(JcStress stress, String bug, Class<?> test)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Mutant mutant = Mutant.of(bug)) {
            Result result = stress.run(bug, mutant, test.getName());
            for (int i = 1; i < MOST_SEARCHES && result.failed() == 0; i++) {
                result = stress.run(bug, mutant, test.getName());
            }
            boolean found = result.failed() > 0;
            say("%s is %sfound by %s".formatted(bug, found ? "" : "NOT ", test.getSimpleName()), start, result);
            return found;
        }
    }

    private static void say(String what, long start, Result result) {
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
        System.out.printf("%-50s %6.1f s   %s%n", what, seconds, result.output());
    }
}
