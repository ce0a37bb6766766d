package fanout.app.config.schema;

import fanout.app.Docs;
import fanout.app.config.document.YamlNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The job reference's table of all keys is made from the schema. With {@code -Dfanout.write=true} this writes it. */
class JobReferenceTest {

    private static final Docs.Part KEYS = new Docs.Part("job.md",
            "<!-- Every key of a job: made from the schema, see CONTRIBUTING.md -->\n", "<!-- end of the keys -->");

    private static final String HEAD = "| key | type | default | meaning |\n|---|---|---|---|\n";

    /** What is within each key of the first table that has keys of its own. */
    private final Map<String, StringBuilder> sections = new LinkedHashMap<>();

    @Test
    void jobReferenceSaysOfEveryKeyWhatTheSchemaSays() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        SchemaNode job = BundledSchema.JOB.shape();
        for (String key : job.keys()) {
            if (!key.startsWith("$")) {
                SchemaNode schema = job.property(key).orElseThrow();
                StringBuilder within = new StringBuilder();
                below("", schema, within);
                String name =
                        within.isEmpty() ? "`" + key + "`" : "[`" + key + "`](#" + key.toLowerCase(Locale.ROOT) + ")";
                row(name, schema, job.required().contains(key), text);
                if (!within.isEmpty()) {
                    sections.put(key, within);
                }
            }
        }
        sections.forEach((key, within) -> text.append("\n### ")
                .append(key)
                .append("\n\n")
                .append(HEAD)
                .append(within));
        KEYS.isWritten(text.toString());
    }

    private static void keys(String prefix, SchemaNode schema, StringBuilder table) {
        for (String key : schema.keys()) {
            String path = prefix + key;
            SchemaNode value = schema.property(key).orElseThrow();
            row("`" + path + "`", value, schema.required().contains(key), table);
            if (!path.endsWith(".*.fields")) { // those are the same again
                below(path, value, table);
            }
        }
    }

    /** A path begins within its section, or within an element of it. */
    private static void below(String path, SchemaNode schema, StringBuilder table) {
        String prefix = path.isEmpty() ? "" : path + ".";
        keys(prefix, schema, table);
        schema.items()
                .filter(_ -> !schema.allows("object")) // otherwise the list has what stands there without one
                .ifPresent(items -> keys(path.isEmpty() ? "" : path + "[].", items, table));
        schema.chosen().ifPresent(chosen -> keys(prefix + "*.", chosen, table));
    }

    private static void row(String key, SchemaNode schema, boolean required, StringBuilder table) {
        table.append("| ")
                .append(key)
                .append(" | ")
                .append(type(schema))
                .append(" | ")
                .append(required ? "required" : otherwise(schema))
                .append(" | ")
                .append(escaped(schema.text("description").orElseThrow()))
                .append(" |\n");
    }

    private static String type(SchemaNode schema) {
        Optional<String> words = schema.text("x-type");
        if (words.isPresent()) {
            return words.get() + schema.text("x-maximum")
                    .filter(most -> !most.endsWith("d")) // the century that every duration may last
                    .map(most -> ", at most " + most)
                    .orElse("");
        }
        if (!schema.words().isEmpty()) {
            return schema.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
        }
        if (schema.allows("array")) {
            SchemaNode items = schema.items().orElseThrow();
            return "list of " + (items.allows("object") && items.text("x-type").isEmpty() ? "mapping" : type(items))
                    + "s";
        }
        OptionalLong least = schema.number("minimum");
        if (least.isPresent()) {
            return least.getAsLong() + " to " + schema.number("maximum").orElseThrow();
        }
        return schema.allows("object") ? "mapping" : schema.allows("boolean") ? "true or false" : "text";
    }

    private static String otherwise(SchemaNode schema) {
        return schema.text("x-default")
                .or(() -> schema.otherwise().map(JobReferenceTest::written))
                .map(text -> "`" + text + "`")
                .orElse("");
    }

    private static String written(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.text();
            case YamlNode.Sequence(_, List<YamlNode> elements) ->
                    elements.stream().map(JobReferenceTest::written).collect(Collectors.joining(", ", "[", "]"));
            case YamlNode.Mapping(_, List<YamlNode.Entry> entries) -> entries.isEmpty() ? "{}" : "{…}";
            case YamlNode.Refused _ -> throw new IllegalStateException("the schema was read");
        };
    }

    /** Links and marks are no part of a description. */
    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
    }
}
