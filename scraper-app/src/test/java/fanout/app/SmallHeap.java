package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the command, or a main class of the tests, in a JVM of its own with a small heap that it must not exhaust. */
final class SmallHeap {

    private static final Pattern HEAP_AFTER = Pattern.compile("->(\\d+)M\\((\\d+)M\\)");

    private final Path folder;

    /** @param folder for what the program says and what the collector logs */
    SmallHeap(Path folder) {
        this.folder = folder;
    }

    /** Runs the command with its arguments in a heap of this size, and returns its exit code. */
    int command(String heap, int mostSeconds, String... arguments) throws IOException, InterruptedException {
        return run(MainProcess.command(options(heap), arguments), mostSeconds);
    }

    /** Runs a main class of the tests with its arguments in a heap of this size, and returns its exit code. */
    int run(String heap, int mostSeconds, String... program) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-preview", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(options(heap));
        words.addAll(List.of("-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        words.addAll(List.of(program));
        return run(words, mostSeconds);
    }

    private List<String> options(String heap) {
        return List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", "-Xlog:gc:file=" + folder.resolve("gc.log"));
    }

    private int run(List<String> words, int mostSeconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(folder.resolve("stderr").toFile())
                .start();
        try {
            assertThat(process.waitFor(mostSeconds, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(stderr()).doesNotContain("OutOfMemoryError", "\tat ");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    String stderr() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    /** Of the heap, in MB, what was still in use after the fullest of the collections. */
    int fullest() throws IOException {
        int fullest = 0;
        for (String line : Files.readAllLines(folder.resolve("gc.log"))) {
            Matcher after = HEAP_AFTER.matcher(line);
            if (after.find()) {
                fullest = Math.max(fullest, Integer.parseInt(after.group(1)));
            }
        }
        return fullest;
    }
}
