package fanout.stress;

import fanout.mutation.Mutant;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Runs stress tests in JVMs of their own. */
final class JcStress {

    private static final Duration MOST = Duration.ofHours(2);
    private static final Pattern RESULTS = Pattern.compile(
            "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");

    private final Path folder;
    private final List<String> effort;

    /**
     * Runs with this much effort.
     *
     * @param folder where outputs and reports go
     * @param effort options of JCStress
     */
    JcStress(Path folder, List<String> effort) {
        this.folder = folder;
        this.effort = List.copyOf(effort);
    }

    /** How many tests ran, and how many of them saw what is forbidden. */
    record Result(int ran, int failed, Path output) {}

    /**
     * Runs the tests of this name on a program.
     *
     * @param name of the run, for its output
     * @param tests a regular expression
     * @throws IllegalStateException if a test could not be run
     */
    Result run(String name, Mutant program, String tests) throws IOException, InterruptedException {
        Path report = Files.createDirectories(folder.resolve(name));
        Path output = report.resolve("output.txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "-classpath", program.classpath(),
                        "org.openjdk.jcstress.Main", "-t", tests, "-r", report.toString(),
                        "-jvmArgs", "--enable-preview -XX:+UseSerialGC"));
        command.addAll(effort);
        Process process = new ProcessBuilder(command).directory(report.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()))
                .start();
        try {
            if (!process.waitFor(MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("no end after " + MOST + ", see " + output);
            }
            return result(output, process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static Result result(Path output, int exit) throws IOException {
        List<MatchResult> lines = RESULTS.matcher(Files.readString(output)).results().toList();
        if (lines.isEmpty()) {
            throw new IllegalStateException("no results, exit code " + exit + ", see " + output);
        }
        MatchResult last = lines.getLast();
        int failed = number(last, 3);
        int ran = number(last, 2) + failed;
        boolean failedAsSaid = exit == (failed > 0 ? 1 : 0);
        if (number(last, 4) + number(last, 5) > 0 || ran != number(last, 1) || !failedAsSaid) {
            throw new IllegalStateException(last.group() + ", exit code " + exit + ", see " + output);
        }
        return new Result(ran, failed, output);
    }

    private static int number(MatchResult results, int group) {
        return Integer.parseInt(results.group(group));
    }
}
