package fanout.app.config.schema;

import fanout.app.config.document.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The schema of one place in a job. It knows the keywords of JSON Schema that the job's schema uses, which a test
 * holds; keywords next to a {@code $ref} narrow or describe it. {@code x-type} is a type's short name, {@code
 * x-maximum} the maximum of a duration or size, {@code x-default} a default that depends on the job's name. Immutable.
 */
final class SchemaNode {

    // of the bundled schema, which has few
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private final YamlNode.Mapping root;
    private final List<YamlNode.Mapping> layers;

    private SchemaNode(YamlNode.Mapping root, List<YamlNode.Mapping> layers) {
        this.root = root;
        this.layers = layers;
    }

    static SchemaNode of(YamlNode.Mapping schema) {
        return new SchemaNode(schema, List.of(schema));
    }

    /** The schema of the document that this place is in. */
    SchemaNode whole() {
        return of(root);
    }

    private SchemaNode at(YamlNode node) {
        List<YamlNode.Mapping> found = new ArrayList<>();
        Optional<YamlNode.Mapping> next = node.asMapping();
        while (next.isPresent()) {
            found.add(next.get());
            next = next.get().get("$ref").flatMap(YamlNode::asScalar).map(YamlNode.Scalar::text).flatMap(this::target);
        }
        return new SchemaNode(root, List.copyOf(found));
    }

    private Optional<YamlNode.Mapping> target(String reference) {
        Optional<YamlNode> place = Optional.of(root);
        for (String step : reference.substring("#/".length()).split("/", -1)) {
            place = place.flatMap(YamlNode::asMapping).flatMap(found -> found.get(step));
        }
        return place.flatMap(YamlNode::asMapping);
    }

    /** The types that are allowed, by their names in JSON Schema. */
    Set<String> types() {
        return new LinkedHashSet<>(texts("type"));
    }

    boolean allows(String type) {
        return texts("type").contains(type);
    }

    /** The keys that are known here, in the order of the documentation. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        keyword("properties").flatMap(YamlNode::asMapping)
                .ifPresent(found -> found.entries().forEach(entry -> keys.add(entry.key().text())));
        return keys;
    }

    /** The value of a known key. */
    Optional<SchemaNode> property(String key) {
        return keyword("properties").flatMap(YamlNode::asMapping).flatMap(found -> found.get(key)).map(this::at);
    }

    /** The value of a key that the user chooses, as a host or the name of a field; empty if there are none here. */
    Optional<SchemaNode> chosen() {
        return keyword("additionalProperties").filter(node -> node.asMapping().isPresent()).map(this::at);
    }

    /** Whether keys beginning {@code x-} belong to the user here. */
    boolean leavesToUser(String key) {
        return key.startsWith("x-") && keyword("patternProperties").isPresent();
    }

    /** Each element of a list. */
    Optional<SchemaNode> items() {
        return keyword("items").map(this::at);
    }

    /** The values that are allowed; empty: all. */
    List<String> words() {
        return texts("enum");
    }

    /** All of these must be found in a text. */
    List<Pattern> patterns() {
        return layers.stream()
                .flatMap(layer -> layer.get("pattern").flatMap(YamlNode::asScalar).map(YamlNode.Scalar::text).stream())
                .map(text -> COMPILED.computeIfAbsent(text, SchemaNode::compiled))
                .toList();
    }

    /** JSON Schema's {@code $} is the very end of a text; Java's is before a last line break, too. */
    private static Pattern compiled(String pattern) {
        return Pattern.compile(
                pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern);
    }

    /** A limit, by its name in the schema. */
    OptionalLong number(String keyword) {
        return text(keyword).map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** A text, as {@code title} or {@code description}. */
    Optional<String> text(String keyword) {
        return keyword(keyword).flatMap(YamlNode::asScalar).map(YamlNode.Scalar::text);
    }

    List<String> required() {
        return texts("required");
    }

    /** Keys of which exactly one ({@code oneOf}) or at least one ({@code anyOf}) must be there. */
    List<String> choice(String keyword) {
        return keyword(keyword).stream()
                .flatMap(branches -> branches.asElements().stream())
                .flatMap(branch -> branch.asMapping().flatMap(found -> found.get("required")).stream())
                .flatMap(SchemaNode::textsIn)
                .toList();
    }

    /** The value of an absent key. */
    Optional<YamlNode> otherwise() {
        return keyword("default");
    }

    private Optional<YamlNode> keyword(String name) {
        for (YamlNode.Mapping layer : layers) {
            Optional<YamlNode> found = layer.get(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private List<String> texts(String keyword) {
        return keyword(keyword).stream().flatMap(SchemaNode::textsIn).toList();
    }

    private static Stream<String> textsIn(YamlNode node) {
        return Stream.concat(Stream.of(node), node.asElements().stream())
                .flatMap(inner -> inner.asScalar().map(YamlNode.Scalar::text).stream());
    }
}
