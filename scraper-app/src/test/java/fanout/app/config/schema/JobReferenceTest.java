package fanout.app.config.schema;

import fanout.app.Docs;
import fanout.app.config.document.YamlNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The job reference's table of all keys is made from the schema. With {@code -Dfanout.write=true} this writes it. */
class JobReferenceTest {

    private static final Docs.Part KEYS = new Docs.Part("job.md",
            "<!-- Every key of a job: made from the schema, see CONTRIBUTING.md -->\n", "<!-- end of the keys -->");

    private final StringBuilder table = new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");

    @Test
    void jobReferenceSaysOfEveryKeyWhatTheSchemaSays() throws IOException {
        keys("", JobSchema.job());
        KEYS.isWritten(table.toString());
    }

    private void keys(String prefix, SchemaNode schema) {
        for (String key : schema.keys()) {
            if (!key.startsWith("$")) {
                row(prefix + key, schema.property(key).orElseThrow(), schema.required().contains(key));
            }
        }
    }

    private void row(String key, SchemaNode schema, boolean required) {
        table.append("| `")
                .append(key)
                .append("` | ")
                .append(type(schema))
                .append(" | ")
                .append(required ? "required" : otherwise(schema))
                .append(" | ")
                .append(escaped(schema.text("description").orElseThrow()))
                .append(" |\n");
        if (key.endsWith(".*.fields")) {
            return; // the same again
        }
        keys(key + ".", schema);
        schema.items().ifPresent(items -> keys(key + "[].", items));
        schema.chosen().ifPresent(chosen -> keys(key + ".*.", chosen));
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
