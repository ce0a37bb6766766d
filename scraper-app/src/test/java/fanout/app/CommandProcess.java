package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper crawl} as a process of its own, with its files in a folder. Closing ends it. */
final class CommandProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Process process;

    private CommandProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts a crawl of a job, with nothing on standard input. */
    static CommandProcess start(Path folder, String job, String... options) throws IOException, InterruptedException {
        return launch(folder, DefaultSignals.restoredFor(command(folder, file(folder, job), options)), "");
    }

    /** Starts a crawl of a job that says itself where it writes. */
    static CommandProcess startAsItSays(Path folder, String job, String... options)
            throws IOException, InterruptedException {
        List<String> words = MainProcess.command("crawl", file(folder, job));
        words.addAll(List.of(options));
        return launch(folder, DefaultSignals.restoredFor(words), "");
    }

    /** Starts a crawl of a job that is given on standard input. */
    static CommandProcess startWithInput(Path folder, String job, String... options) throws IOException {
        return launch(folder, command(folder, "-", options), job);
    }

    /** As a shell starts the background jobs of a script, without INT, and nohup its command, without HUP. */
    static CommandProcess startIgnoring(String signal, Path folder, String job) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "trap '' " + signal + "; exec \"$@\"", "sh"));
        words.addAll(command(folder, file(folder, job)));
        return launch(folder, words, "");
    }

    private static String file(Path folder, String job) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), job).toString();
    }

    private static List<String> command(Path folder, String file, String... options) {
        List<String> words = MainProcess.command("crawl", file);
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of("--report", folder.resolve("report.json").toString()));
        words.addAll(List.of(options));
        return words;
    }

    private static CommandProcess launch(Path folder, List<String> command, String input) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove("TERM"); // no terminal here, and no need to look for one
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
        }
        return new CommandProcess(folder, process);
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        assertThat(code).as("kill -" + name).isZero();
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    String stderr() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    /** Waits for the end, and returns the exit code. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
