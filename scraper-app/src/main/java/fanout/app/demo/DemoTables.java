package fanout.app.demo;

import fanout.app.config.Outputs;
import fanout.app.terminal.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the demo shows of a crawl that has ended. */
public final class DemoTables {

    private static final int FIRST = 8;
    /** Keeps the digits of 46.00. */
    private static final JsonMapper AS_WRITTEN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private DemoTables() {}

    /** The first items of a JSON Lines file. */
    public static List<String> items(Path file, long all, int width) throws IOException {
        List<JsonNode> items;
        try (Stream<String> content = Files.lines(file)) {
            items = content.limit(FIRST).map(AS_WRITTEN::readTree).toList();
        }
        if (items.isEmpty()) {
            return List.of("Items: none");
        }
        List<String> fields =
                items.getFirst().propertyNames().stream().filter(name -> !name.startsWith("_")).toList();
        List<String> lines = new ArrayList<>();
        lines.add("Items: the first " + items.size() + " of " + all);
        lines.add("");
        lines.addAll(new Table(fields, items.stream()
                .map(item -> fields.stream().map(field -> cell(item.get(field))).toList())
                .toList()).lines(width));
        return lines;
    }

    private static String cell(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
        }
        return value.isNull() ? "" : value.asString();
    }

    /**
     * Where everything is.
     *
     * @param reportWritten whether there is a report
     */
    public static List<String> files(Outputs outputs, Path job, boolean reportWritten) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(Outputs.firstFile(outputs.pages()).orElseThrow().path().toString(),
                "one line for each URL, with its outcome");
        files.put(Outputs.firstFile(outputs.items()).orElseThrow().path().toString(), "the items");
        if (reportWritten) {
            files.put(outputs.report().path().toString(), "the report, with many more figures");
        }
        files.put(job.toString(), "the job");
        // Not a Table, which would cut paths that a reader may want to copy.
        int width = files.keySet().stream().mapToInt(String::length).max().orElse(0);
        return Stream.concat(Stream.of("Files", ""), files.entrySet()
                .stream()
                .map(file -> "  " + file.getKey() + " ".repeat(width - file.getKey().length() + 2) + file.getValue()))
                .toList();
    }

    /**
     * Commands to run next, to be copied line by line.
     *
     * @param scraper the command, as a shell finds it from here
     * @param elsewhere where the demo writes, if that is not its usual folder
     */
    public static List<String> next(String scraper, Path job, Optional<Path> elsewhere) {
        return List.of("Try next", "",
                "  # the same in a browser: the shop stays open, and a dashboard shows its crawl",
                "  " + scraper + " demo --serve --port 8090"
                        + elsewhere.map(folder -> " --output " + word(folder)).orElse(""),
                "  # in another terminal: change the job and run it, with metrics on port 9400",
                "  " + scraper + " crawl " + word(job) + " --metrics-port 9400");
    }

    /** A path as one word of a shell. */
    private static String word(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./=:@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
