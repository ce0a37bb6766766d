package fanout.app.config.schema;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares a document with the schema: unknown and missing keys, wrong types, words, patterns and limits. Each wrong
 * value is a problem, and becomes {@link YamlNode.Refused} in the document that is returned; the rest can still be read
 * and checked for what no schema can say.
 *
 * @param problems gets what is found
 */
public record SchemaCheck(Problems problems, BundledSchema bundled) {

    /** The document without the {@code x-} keys, which are the user's own. */
    public YamlNode withoutUsersKeys(YamlNode document) {
        return withoutUsersKeys(document, bundled.shape());
    }

    private static YamlNode withoutUsersKeys(YamlNode node, SchemaNode schema) {
        return switch (node) {
            case YamlNode.Scalar _,YamlNode.Refused _ -> node;
            case YamlNode.Sequence(DocumentPosition at, List<YamlNode> elements) -> schema.items()
                    .<YamlNode>map(items -> new YamlNode.Sequence(at,
                            elements.stream().map(element -> withoutUsersKeys(element, items)).toList()))
                    .orElse(node);
            case YamlNode.Mapping(DocumentPosition at, List<YamlNode.Entry> entries) ->
                    new YamlNode.Mapping(at, entries.stream()
                            .filter(entry -> !schema.leavesToUser(entry.key().text()))
                            .map(entry -> new YamlNode.Entry(entry.key(),
                                    schema.property(entry.key().text())
                                            .or(schema::chosen)
                                            .map(inner -> withoutUsersKeys(entry.value(), inner))
                                            .orElse(entry.value())))
                            .toList());
        };
    }

    /** Checks a whole document. */
    public YamlNode.Mapping check(YamlNode.Mapping document) {
        return mapping(document, bundled.shape(), "the document");
    }

    /** Checks what there is of a job, and not what it lacks. */
    public YamlNode.Mapping checkPart(YamlNode.Mapping part) {
        return keys(part, bundled.shape());
    }

    private YamlNode check(YamlNode node, SchemaNode schema, String name) {
        return switch (node) {
            case YamlNode.Refused refused -> refused;
            case YamlNode.Scalar scalar when scalar.isNull() -> schema.allows("null") ? scalar
                    : refused(scalar, name + " has no value; give it one, or take the key out");
            case YamlNode.Scalar scalar -> scalar(scalar, schema, name);
            case YamlNode.Sequence sequence -> schema.allows("array") ? sequence(sequence, schema, name)
                    : refused(sequence, SchemaMessages.wrong(name, schema, sequence));
            case YamlNode.Mapping mapping -> schema.allows("object") ? mapping(mapping, schema, name)
                    : refused(mapping, SchemaMessages.wrong(name, schema, mapping));
        };
    }

    private YamlNode refused(YamlNode node, String message) {
        problems.add(node.at(), message);
        return new YamlNode.Refused(node.at());
    }

    private YamlNode scalar(YamlNode.Scalar written, SchemaNode schema, String name) {
        // In brackets and in JSON, ${…} needs quotes even for a number or a boolean.
        YamlNode.Scalar node = written.secret() && !schema.allows("string") ? written.unquoted() : written;
        String type = node.isText() ? "string"
                : node.truth().isPresent() ? "boolean" : node.isInteger() ? "integer" : "number";
        if (!schema.allows(type)) {
            return refused(node, SchemaMessages.wrong(name, schema, node));
        }
        List<String> words = schema.words();
        if (!words.isEmpty() && !words.contains(node.text())) {
            return refused(node, SchemaMessages.notAmong(name, words, node));
        }
        return switch (type) {
            case "string" -> text(node, schema, name);
            case "integer" -> integer(node, schema, name);
            default -> node;
        };
    }

    private YamlNode text(YamlNode.Scalar node, SchemaNode schema, String name) {
        OptionalLong longest = schema.number("maxLength");
        int length = node.text().codePointCount(0, node.text().length());
        if (longest.isPresent() && length > longest.getAsLong()) {
            return refused(node, name + " must have at most " + longest.getAsLong() + " characters, not " + length);
        }
        boolean fits = schema.patterns().stream().allMatch(pattern -> pattern.matcher(node.text()).find());
        return fits ? quantity(node, schema, name) : refused(node, SchemaMessages.wrong(name, schema, node));
    }

    private YamlNode integer(YamlNode.Scalar node, SchemaNode schema, String name) {
        BigInteger value = Quantities.integer(node.text());
        OptionalLong least = schema.number("minimum");
        OptionalLong most = schema.number("maximum");
        boolean inside = (least.isEmpty() || value.compareTo(BigInteger.valueOf(least.getAsLong())) >= 0)
                && (most.isEmpty() || value.compareTo(BigInteger.valueOf(most.getAsLong())) <= 0);
        if (inside) {
            return quantity(node, schema, name);
        }
        boolean plainNumber = least.isPresent() && most.isPresent() && schema.text("title").isEmpty();
        return refused(node, plainNumber
                ? SchemaMessages.outside(name, least.getAsLong(), most.getAsLong(), node)
                : SchemaMessages.wrong(name, schema, node));
    }

    /** A duration or size, whose maximum the schema has in the same notation. */
    private YamlNode quantity(YamlNode.Scalar node, SchemaNode schema, String name) {
        Optional<String> most = schema.text("x-maximum");
        boolean fits = most.isEmpty() || Quantities.isAtMost(node.text(), most.get());
        return fits ? node
                : refused(node, name + " must be at most " + most.get() + ", not " + SchemaMessages.shown(node));
    }

    private YamlNode sequence(YamlNode.Sequence node, SchemaNode schema, String name) {
        Optional<SchemaNode> items = schema.items();
        return items.isEmpty() ? node
                : new YamlNode.Sequence(node.at(), node.elements()
                        .stream()
                        .map(element -> problems.isFull() ? element
                                : element(element, items.get(), "an element of " + name))
                        .toList());
    }

    private YamlNode element(YamlNode node, SchemaNode schema, String name) {
        return node.isNull() && !schema.allows("null")
                ? refused(node, name + " is empty; give it a value, or take it out")
                : check(node, schema, name);
    }

    private YamlNode.Mapping mapping(YamlNode.Mapping node, SchemaNode schema, String name) {
        YamlNode.Mapping checked = keys(node, schema);
        presence(checked, schema, name);
        return checked;
    }

    private YamlNode.Mapping keys(YamlNode.Mapping node, SchemaNode schema) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (YamlNode.Entry entry : node.entries()) {
            String key = entry.key().text();
            Optional<SchemaNode> inner = schema.property(key).or(schema::chosen);
            if (problems.isFull()) {
                break;
            } else if (inner.isPresent()) {
                entries.add(
                        new YamlNode.Entry(entry.key(), check(entry.value(), inner.get(), SchemaMessages.named(key))));
            } else {
                problems.add(entry.key().at(), SchemaMessages.unknown(key, schema));
            }
        }
        return new YamlNode.Mapping(node.at(), entries);
    }

    private void presence(YamlNode.Mapping node, SchemaNode schema, String name) {
        for (String key : schema.required()) {
            if (node.get(key).isEmpty()) {
                problems.add(node.at(), "\"" + key + "\" is missing");
            }
        }
        List<String> some = schema.choice("anyOf");
        if (!some.isEmpty() && some.stream().allMatch(key -> node.get(key).isEmpty())) {
            problems.add(node.at(), "\"" + String.join("\" or \"", some) + "\" is missing");
        }
        List<String> one = schema.choice("oneOf");
        List<String> given = one.stream().filter(key -> node.get(key).isPresent()).toList();
        if (!one.isEmpty() && given.size() != 1) {
            problems.add(node.at(), name + (given.isEmpty() ? " needs one of " + String.join(", ", one)
                    : " has " + String.join(" and ", given) + "; give one of " + String.join(", ", one)));
        }
        if (node.entries().size() < schema.number("minProperties").orElse(0)) {
            problems.add(node.at(), name + " must not be empty");
        }
    }
}
