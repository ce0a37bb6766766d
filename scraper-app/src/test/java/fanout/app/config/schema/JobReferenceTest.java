package fanout.app.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.document.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** README's table of all keys is made from the schema. With {@code -Dfanout.write=true} this writes it. */
class JobReferenceTest {

    private static final String BEGIN = "<!-- Every key of a job: made from the schema, see CONTRIBUTING.md -->\n";
    private static final String END = "<!-- end of the keys -->";

    private final StringBuilder table = new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");

    @Test
    void theReadmeSaysOfEveryKeyWhatTheSchemaSays() throws IOException {
        Path file = Path.of("").toAbsolutePath().resolveSibling("README.md");
        String readme = Files.readString(file);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(begin).as("the marks of the table are there").isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(end);

        keys("", JobSchema.job());
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(file, readme.substring(0, begin) + table + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end)).as("README.md; write it anew as CONTRIBUTING.md says")
                    .isEqualTo(table.toString());
        }
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
