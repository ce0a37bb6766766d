package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A command in a terminal, whose screen can be looked at; by Python's {@code pty}. */
final class PseudoTerminal implements AutoCloseable {

    private final StringBuilder raw = new StringBuilder();
    private final Screen screen;
    private final Process process;
    private final Thread reader;

    private PseudoTerminal(Screen screen, Process process) {
        this.screen = screen;
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("terminal").start(this::read);
    }

    static PseudoTerminal start(Path folder, int columns, int rows, Map<String, String> environment,
            List<String> command) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "python3")));
        if (!Boolean.getBoolean("fanout.ci")) {
            assumeTrue(installed, "python3 is needed for a pseudo terminal");
        }
        Path script = folder.resolve("pseudo_terminal.py");
        try (var source = Objects.requireNonNull(PseudoTerminal.class.getResourceAsStream("pseudo_terminal.py"))) {
            Files.write(script, source.readAllBytes());
        }
        List<String> words = new ArrayList<>(
                List.of("python3", script.toString(), Integer.toString(columns), Integer.toString(rows)));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(Map.of("TERM", "xterm-256color", "LC_ALL", "C.UTF-8"));
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        return new PseudoTerminal(new Screen(columns, rows), builder.start());
    }

    private void read() {
        try (Reader output = new InputStreamReader(process.getInputStream(), UTF_8)) {
            char[] some = new char[4096];
            for (int n = output.read(some); n >= 0; n = output.read(some)) {
                synchronized (screen) {
                    raw.append(some, 0, n);
                    screen.write(new String(some, 0, n));
                }
            }
        } catch (IOException e) {
            // the process was ended
        }
    }

    void press(char key) throws IOException {
        order(String.format("key %02x", (int) key));
    }

    void resize(int columns, int rows) throws IOException {
        synchronized (screen) {
            screen.resize(columns);
        }
        order("size " + columns + " " + rows);
    }

    private void order(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(UTF_8));
        input.flush();
    }

    /** What can be seen, without the empty lines at the end. */
    List<String> seen() {
        synchronized (screen) {
            return screen.lines();
        }
    }

    /** Everything that was written. */
    String raw() {
        synchronized (screen) {
            return raw.toString();
        }
    }

    /** Waits until this can be seen in a drawing that is whole. */
    List<String> await(String what, Predicate<List<String>> wanted) {
        List<List<String>> last = new ArrayList<>();
        try {
            org.awaitility.Awaitility.await(what)
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        synchronized (screen) {
                            last.add(screen.lines());
                            return screen.whole() && wanted.test(last.getLast());
                        }
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(what + " was never seen, but:\n" + String.join("\n", last.getLast()), e);
        }
        return last.getLast();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
