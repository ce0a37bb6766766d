package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Runs example jobs into a folder, and reads what they have written. */
final class ExampleRun {

    static final Path EXAMPLES = Path.of("examples");

    private final Path folder;
    private final CommandRun command;

    ExampleRun(Path folder) {
        this.folder = folder;
        this.command = new CommandRun(folder);
    }

    /** Crawls an example, changed by these settings, and returns the exit code. */
    int crawl(String example, String... sets) {
        return crawlTo("jsonl", example, sets);
    }

    /** As {@link #crawl}, behind the proxy that knows the example's hosts. */
    int crawl(ExampleWeb web, String example, String... sets) {
        return crawlTo("jsonl", example, behind(web, sets));
    }

    int crawlToCsv(ExampleWeb web, String example, String... sets) {
        return crawlTo("csv", example, behind(web, sets));
    }

    private static String[] behind(ExampleWeb web, String... sets) {
        return Stream.concat(Stream.of(sets),
                Stream.of("http.proxy=\"" + web.proxy() + "\"", "network.allowedCidrs=[127.0.0.0/8]"))
                .toArray(String[]::new);
    }

    private int crawlTo(String format, String example, String... sets) {
        List<String> words = new ArrayList<>(List.of("crawl", EXAMPLES.resolve(example + ".yaml").toString()));
        words.addAll(List.of("--pages", folder.resolve("pages." + format).toString()));
        words.addAll(List.of("--items", folder.resolve("items." + format).toString()));
        words.addAll(List.of("--report", folder.resolve("report.json").toString()));
        for (String set : sets) {
            words.addAll(List.of("--set", set));
        }
        return command.run(words.toArray(String[]::new));
    }

    /** What the command wrote to standard error. */
    String said() {
        return command.err();
    }

    /** Of every URL in the pages file, sorted: outcome and reason. */
    Map<String, String> outcomes() throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        for (JsonNode page : command.rows("pages.jsonl")) {
            String reason = page.get("reason").isNull() ? "" : " " + page.get("reason").asString();
            assertThat(outcomes.put(page.get("url").asString(), page.get("outcome").asString() + reason)).isNull();
        }
        return outcomes;
    }

    List<JsonNode> items() throws IOException {
        return command.rows("items.jsonl");
    }

    List<JsonNode> items(String rule) throws IOException {
        return items().stream().filter(item -> item.get("_rule").asString().equals(rule)).toList();
    }

    JsonNode report() throws IOException {
        return command.report();
    }

    List<String> lines(String file) throws IOException {
        return command.lines(file);
    }
}
