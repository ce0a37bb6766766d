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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the demo shows of a crawl when it has ended. */
public final class DemoTables {

    private static final int FIRST = 8;
    /** Keeps 46.00 as it stands in the file. */
    private static final JsonMapper AS_WRITTEN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private DemoTables() {}

    /** The first items of a file of JSON lines, as they stand there. */
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

    /** Where everything is. */
    public static List<String> files(Outputs outputs, Path job) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(outputs.pages().path().toString(), "one line for each URL, and what became of it");
        files.put(outputs.items().path().toString(), "the items");
        files.put(outputs.report().path().toString(), "the report, with many more figures");
        files.put(job.toString(), "the job that did it");
        // Not a Table: what is there to be copied must not be cut.
        int width = files.keySet().stream().mapToInt(String::length).max().orElse(0);
        return Stream.concat(Stream.of("Files", ""), files.entrySet()
                .stream()
                .map(file -> "  " + file.getKey() + " ".repeat(width - file.getKey().length() + 2) + file.getValue()))
                .toList();
    }

    /** What a newcomer may do next, to be copied line by line. */
    public static List<String> next(Path job, boolean isOpen) {
        List<String> lines = new ArrayList<>(List.of("Try next", ""));
        if (!isOpen) {
            lines.add("  # keep the shop open, to look at it in a browser and to crawl it");
            lines.add("  scraper demo --serve --port 8090");
        }
        lines.add("  # in another terminal: change the job and run it, with metrics on port 9400");
        lines.add("  scraper crawl " + job + " --metrics-port 9400");
        return lines;
    }
}
