package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.hostile.Expected;
import fanout.hostile.HostileCase;
import fanout.hostile.HostileWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares a crawl's pages file with what the cases of the hostile web expect. */
final class HostileLines {

    private static final JsonMapper JSON = new JsonMapper();

    private HostileLines() {}

    /** The lines of the pages file in a folder. */
    static List<JsonNode> of(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("pages.jsonl")).stream().map(JSON::readTree).toList();
    }

    /** The report in a folder. */
    static JsonNode report(Path folder) throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }

    static void assertNothingIsLeft(JsonNode report) {
        report.get("leakCheck")
                .properties()
                .forEach(leak -> assertThat(leak.getValue().asInt()).as(leak.getKey()).isZero());
    }

    /** What the pages file says otherwise than the cases do. */
    static List<String> differences(HostileWeb web, List<JsonNode> lines, boolean defaults) {
        Map<String, JsonNode> byUrl = new HashMap<>();
        List<String> differences = new ArrayList<>();
        for (JsonNode line : lines) {
            if (byUrl.put(line.get("url").asString(), line) != null) {
                differences.add("two lines of " + line.get("url"));
            }
        }
        for (HostileCase hostile : web.cases()) {
            for (Expected expected : web.expected(hostile, defaults)) {
                List<JsonNode> found = expected.isExact()
                        ? java.util.stream.Stream.ofNullable(byUrl.remove(expected.url())).toList()
                        : removeBeginning(byUrl, expected.url());
                boolean isComplete = found.size() == expected.times() || (expected.heavy() && found.isEmpty());
                if (!isComplete) {
                    differences.add("%s: %d lines of %s".formatted(hostile.name(), found.size(), expected.url()));
                }
                found.forEach(line -> differences.addAll(differences(hostile, expected, line)));
            }
        }
        byUrl.values().forEach(line -> differences.add("unexpected: " + line));
        return differences;
    }

    private static List<JsonNode> removeBeginning(Map<String, JsonNode> byUrl, String start) {
        List<JsonNode> found = byUrl.entrySet()
                .stream()
                .filter(line -> line.getKey().startsWith(start))
                .map(Map.Entry::getValue)
                .toList();
        found.forEach(line -> byUrl.remove(line.get("url").asString()));
        return found;
    }

    private static List<String> differences(HostileCase hostile, Expected expected, JsonNode line) {
        List<String> differences = new ArrayList<>();
        if (expected.heavy() && line.get("reason").asString("").equals("timeout")
                && line.get("detail").asString().contains("parse")) {
            return differences;
        }
        for (Map.Entry<String, @Nullable String> column : expected.columns().entrySet()) {
            JsonNode cell = line.get(column.getKey());
            String found = cell.isNull() ? null : cell.asString();
            String wanted = column.getValue();
            boolean isDetail = column.getKey().equals("detail") && found != null && wanted != null;
            boolean fits = isDetail ? found.contains(wanted) : java.util.Objects.equals(found, wanted);
            if (!fits) {
                differences.add("%s: %s is %s, not %s: %s".formatted(hostile.name(), column.getKey(), shown(found),
                        shown(wanted), shown(line.toString())));
            }
        }
        return differences;
    }

    private static @Nullable String shown(@Nullable String text) {
        return text == null ? null : text.substring(0, Math.min(text.length(), 900)).replace("\u001b", "ESC");
    }
}
