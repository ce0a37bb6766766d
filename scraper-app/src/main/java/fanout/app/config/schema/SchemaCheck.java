package fanout.app.config.schema;

import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares a document with the schema: unknown and missing keys, wrong types, words, patterns and limits. What is wrong is told
 * and then stands as {@link YamlNode.Refused} in the document that is given back, so that reading can go on and find what no
 * schema can say.
 */
public final class SchemaCheck {

    private final Problems problems;

    /** A check that tells what it finds. */
    public SchemaCheck(Problems problems) {
        this.problems = problems;
    }

    /** The job without the keys that are the user's own. */
    public YamlNode withoutUsersKeys(YamlNode job) {
        return withoutUsersKeys(job, JobSchema.job());
    }

    private static YamlNode withoutUsersKeys(YamlNode node, Shape shape) {
        return switch (node) {
            case YamlNode.Scalar _,YamlNode.Refused _ -> node;
            case YamlNode.Sequence(Position at, List<YamlNode> elements) -> shape.items()
                    .<YamlNode>map(items -> new YamlNode.Sequence(at,
                            elements.stream().map(element -> withoutUsersKeys(element, items)).toList()))
                    .orElse(node);
            case YamlNode.Mapping(Position at, List<YamlNode.Entry> entries) ->
                    new YamlNode.Mapping(at, entries.stream()
                            .filter(entry -> !shape.leavesToUser(entry.key().text()))
                            .map(entry -> new YamlNode.Entry(entry.key(),
                                    shape.property(entry.key().text())
                                            .or(shape::chosen)
                                            .map(inner -> withoutUsersKeys(entry.value(), inner))
                                            .orElse(entry.value())))
                            .toList());
        };
    }

    /** Checks a whole job. */
    public YamlNode check(YamlNode.Mapping job) {
        return check(job, JobSchema.job(), "a job");
    }

    private YamlNode check(YamlNode node, Shape shape, String name) {
        return switch (node) {
            case YamlNode.Refused refused -> refused;
            case YamlNode.Scalar scalar when scalar.isNull() -> shape.allows("null") ? scalar
                    : refused(scalar, name + " has no value; give it one, or take the key out");
            case YamlNode.Scalar scalar -> scalar(scalar, shape, name);
            case YamlNode.Sequence sequence -> shape.allows("array") ? sequence(sequence, shape, name)
                    : refused(sequence, Complaint.wrong(name, shape, sequence));
            case YamlNode.Mapping mapping -> shape.allows("object") ? mapping(mapping, shape, name)
                    : refused(mapping, Complaint.wrong(name, shape, mapping));
        };
    }

    private YamlNode refused(YamlNode node, String message) {
        problems.add(node.at(), message);
        return new YamlNode.Refused(node.at());
    }

    private YamlNode scalar(YamlNode.Scalar written, Shape shape, String name) {
        // In brackets and in JSON ${…} must stand in quotes, whatever its value is to be.
        YamlNode.Scalar node = written.secret() && !shape.allows("string") ? written.unquoted() : written;
        String type = node.isText() ? "string"
                : node.truth().isPresent() ? "boolean" : node.isInteger() ? "integer" : "number";
        if (!shape.allows(type)) {
            return refused(node, Complaint.wrong(name, shape, node));
        }
        List<String> words = shape.words();
        if (!words.isEmpty() && !words.contains(node.text())) {
            return refused(node, Complaint.notAmong(name, words, node));
        }
        return switch (type) {
            case "string" -> text(node, shape, name);
            case "integer" -> integer(node, shape, name);
            default -> node;
        };
    }

    private YamlNode text(YamlNode.Scalar node, Shape shape, String name) {
        OptionalLong longest = shape.number("maxLength");
        int length = node.text().codePointCount(0, node.text().length());
        if (longest.isPresent() && length > longest.getAsLong()) {
            return refused(node, name + " must have at most " + longest.getAsLong() + " characters, not " + length);
        }
        boolean fits = shape.patterns().stream().allMatch(pattern -> pattern.matcher(node.text()).find());
        return fits ? quantity(node, shape, name) : refused(node, Complaint.wrong(name, shape, node));
    }

    private YamlNode integer(YamlNode.Scalar node, Shape shape, String name) {
        BigInteger value = Integers.parse(node.text());
        OptionalLong least = shape.number("minimum");
        OptionalLong most = shape.number("maximum");
        boolean inside = (least.isEmpty() || value.compareTo(BigInteger.valueOf(least.getAsLong())) >= 0)
                && (most.isEmpty() || value.compareTo(BigInteger.valueOf(most.getAsLong())) <= 0);
        if (inside) {
            return quantity(node, shape, name);
        }
        boolean plainNumber = least.isPresent() && most.isPresent() && shape.text("title").isEmpty();
        return refused(node, plainNumber
                ? Complaint.outside(name, least.getAsLong(), most.getAsLong(), node)
                : Complaint.wrong(name, shape, node));
    }

    /** A duration or size, of which the schema says the most in the same words. */
    private YamlNode quantity(YamlNode.Scalar node, Shape shape, String name) {
        Optional<String> most = shape.text("x-maximum");
        boolean fits = most.isEmpty() || Quantities.isAtMost(node.text(), most.get());
        return fits ? node
                : refused(node, name + " must be at most " + most.get() + ", not " + Complaint.shown(node));
    }

    private YamlNode sequence(YamlNode.Sequence node, Shape shape, String name) {
        Optional<Shape> items = shape.items();
        return items.isEmpty() ? node
                : new YamlNode.Sequence(node.at(), node.elements()
                        .stream()
                        .map(element -> problems.isFull() ? element
                                : element(element, items.get(), "an element of " + name))
                        .toList());
    }

    private YamlNode element(YamlNode node, Shape shape, String name) {
        return node.isNull() ? refused(node, name + " is empty; give it a value, or take it out")
                : check(node, shape, name);
    }

    private YamlNode mapping(YamlNode.Mapping node, Shape shape, String name) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (YamlNode.Entry entry : node.entries()) {
            String key = entry.key().text();
            Optional<Shape> inner = shape.property(key).or(shape::chosen);
            if (problems.isFull()) {
                break;
            } else if (inner.isPresent()) {
                entries.add(new YamlNode.Entry(entry.key(), check(entry.value(), inner.get(), Complaint.named(key))));
            } else {
                problems.add(entry.key().at(), Complaint.unknown(key, shape));
            }
        }
        YamlNode.Mapping checked = new YamlNode.Mapping(node.at(), entries);
        presence(checked, shape, name);
        return checked;
    }

    private void presence(YamlNode.Mapping node, Shape shape, String name) {
        for (String key : shape.required()) {
            if (node.get(key).isEmpty()) {
                problems.add(node.at(), "\"" + key + "\" is missing");
            }
        }
        List<String> some = shape.choice("anyOf");
        if (!some.isEmpty() && some.stream().allMatch(key -> node.get(key).isEmpty())) {
            problems.add(node.at(), "\"" + String.join("\" or \"", some) + "\" is missing");
        }
        List<String> one = shape.choice("oneOf");
        if (!one.isEmpty() && one.stream().filter(key -> node.get(key).isPresent()).count() != 1) {
            problems.add(node.at(), name + " needs either " + String.join(" or ", one));
        }
        if (node.entries().size() < shape.number("minProperties").orElse(0)) {
            problems.add(node.at(), name + " must not be empty");
        }
    }
}
