package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command run in this process, what it says, and the files that it writes into a folder. */
final class CommandRun {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    CommandRun(Path folder) {
        this.folder = folder;
    }

    /** Runs the command, and returns its exit code. */
    int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    /** Crawls a job whose outputs are in the folder, unless options say otherwise. */
    int crawl(String job, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job, UTF_8);
        List<String> words = new ArrayList<>(List.of("crawl", file.toString()));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of("--set", "output.report=" + folder.resolve("report.json")));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    /** Crawls a job that says itself where it writes. */
    int crawlAsItSays(String job, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job, UTF_8);
        return run(Stream.concat(Stream.of("crawl", file.toString()), Stream.of(options)).toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    /** The lines of a JSON Lines file. */
    List<JsonNode> rows(String file) throws IOException {
        return lines(file).stream().map(JSON::readTree).toList();
    }

    JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }
}
