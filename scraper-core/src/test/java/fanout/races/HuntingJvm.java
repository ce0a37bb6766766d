package fanout.races;

import fanout.mutation.Mutant;
import fanout.races.Hunt.Effort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a {@link Hunt} in a JVM of its own: Lincheck rewrites classes of the JDK and leaves them so, and it finds
 * classes by name in the class path, so a mutant must stand there.
 */
final class HuntingJvm {

    private static final Duration MOST = Duration.ofMinutes(Boolean.getBoolean("fanout.soak") ? 120 : 10);

    /**
     * add-opens: Lincheck looks into the objects of the JDK that a hunt uses. C1 only: a hunt lives
     * for seconds, and most of them go into rewriting and compiling.
     */
    private static final List<String> FLAGS = List.of("--enable-preview", "-enableassertions", "-Xmx1g",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+EnableDynamicAgentLoading",
            "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED");

    private HuntingJvm() {}

    /**
     * What a hunt finds in a program.
     *
     * @return the schedule that was found; empty if none was
     * @throws AssertionError if the hunt did not come to an end, or to an end of another kind
     */
    static Optional<String> hunt(Mutant program, Class<? extends Hunt> hunt, Effort effort)
            throws InterruptedException {
        try {
            Path output = Files.createTempFile("fanout-hunt-", ".txt");
            try {
                int exit = run(List.of("-classpath", program.classpath(), HuntMain.class.getName(), hunt.getName(),
                        Integer.toString(effort.scenarios()), Integer.toString(effort.schedules())), output);
                String said = Files.readString(output);
                return switch (exit) {
                    case HuntMain.NOTHING_FOUND -> Optional.empty();
                    case HuntMain.FOUND -> Optional.of(said);
                    default -> throw new AssertionError(hunt + " ended with " + exit + ":\n" + said);
                };
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int run(List<String> arguments, Path output) throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.command().addAll(FLAGS);
        java.command().addAll(arguments);
        Process process = java.redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile())).start();
        try {
            if (!process.waitFor(MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no end after " + MOST + ":\n" + Files.readString(output));
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
