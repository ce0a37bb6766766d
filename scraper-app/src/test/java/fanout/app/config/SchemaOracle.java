package fanout.app.config;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.BundledSchema;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An independent validator's opinion of a job, by the schema that {@code scraper schema} prints. */
final class SchemaOracle {

    private static final int LONGEST = 400;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final JsonNode schema = new JsonMapper().readTree(BundledSchema.JOB.text());
    private final Schema job = registry.getSchema(schema);

    /** What the draft itself has against the schema. */
    List<String> complaintsOfTheDraft() {
        Schema draft = registry.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        return draft.validate(schema).stream().map(Object::toString).toList();
    }

    List<String> complaints(YamlNode document) {
        return job.validate(json(document)).stream().map(Object::toString).toList();
    }

    private static JsonNode json(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> json(scalar);
            case YamlNode.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.elements().forEach(element -> array.add(json(element)));
                yield array;
            }
            case YamlNode.Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
                yield object;
            }
            case YamlNode.Refused _ -> JSON.nullNode();
        };
    }

    /** By the core schema of YAML 1.2, read anew here. */
    private static JsonNode json(YamlNode.Scalar scalar) {
        String text = scalar.text();
        if (!scalar.plain()) {
            return JSON.stringNode(text);
        } else if (text.matches("|~|null|Null|NULL")) {
            return JSON.nullNode();
        } else if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return JSON.booleanNode(text.equalsIgnoreCase("true"));
        } else if (text.matches("[-+]?[0-9]+")) {
            return JSON.numberNode(new BigInteger(text.substring(0, Math.min(text.length(), LONGEST))));
        } else if (text.matches("0o[0-7]+|0x[0-9a-fA-F]+")) {
            return JSON.numberNode(new BigInteger(text.substring(2, Math.min(text.length(), LONGEST)),
                    text.charAt(1) == 'o' ? 8 : 16));
        } else if (text.matches(
                "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)")) {
            return JSON.numberNode(0.5); // any such number: no key allows one
        }
        return JSON.stringNode(text);
    }
}
