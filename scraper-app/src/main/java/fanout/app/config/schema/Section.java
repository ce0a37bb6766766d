package fanout.app.config.schema;

import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A mapping of a job that the schema has checked, read key by key. A key that is absent, null or refused has the schema's
 * default, so a job with problems can be read to its end and more of them be found. Not thread-safe.
 */
public final class Section {

    private final YamlNode.Mapping mapping;
    private final SchemaNode schema;
    private final Problems problems;
    private final Optional<Section> general;

    private Section(YamlNode.Mapping mapping, SchemaNode schema, Problems problems, Optional<Section> general) {
        this.mapping = mapping;
        this.schema = schema;
        this.problems = problems;
        this.general = general;
    }

    /** A whole document of any kind. */
    public static Section of(YamlNode.Mapping document, Problems problems, BundledSchema schema) {
        return new Section(document, schema.shape(), problems, Optional.empty());
    }

    public Position at() {
        return mapping.at();
    }

    /** The place of a key's value; of the section itself, if the key is absent. */
    public Position at(String key) {
        return mapping.get(key).map(YamlNode::at).orElse(mapping.at());
    }

    /** The place of a key itself. */
    public Position keyAt(String key) {
        return mapping.entries()
                .stream()
                .filter(entry -> entry.key().text().equals(key))
                .findFirst()
                .map(entry -> entry.key().at())
                .orElse(mapping.at());
    }

    /** Whether a key was written, well or badly. */
    public boolean has(String key) {
        return mapping.get(key).filter(node -> !node.isNull()).isPresent();
    }

    /** Whether a key was written with null or an empty list. */
    public boolean isEmpty(String key) {
        return mapping.get(key)
                .filter(node -> node.isNull()
                        || (node instanceof YamlNode.Sequence sequence && sequence.elements().isEmpty()))
                .isPresent();
    }

    /** A key's value as it was written, if it was valid. */
    public Optional<YamlNode> node(String key) {
        return mapping.get(key).filter(node -> !node.isNull() && !(node instanceof YamlNode.Refused));
    }

    public Optional<String> text(String key) {
        return scalar(key).map(YamlNode.Scalar::text);
    }

    /** The default of a key that depends on the job's name. */
    public String textNamedAfter(String job, String key) {
        return property(key).text("x-default").orElseThrow().replace("NAME", job);
    }

    public boolean flag(String key) {
        return scalar(key).flatMap(YamlNode.Scalar::truth).orElseThrow();
    }

    public long integer(String key) {
        return Quantities.integer(scalar(key).orElseThrow().text()).longValueExact();
    }

    public int smallInteger(String key) {
        return Math.toIntExact(integer(key));
    }

    /** Bytes, or characters. */
    public long size(String key) {
        return Quantities.size(scalar(key).orElseThrow().text()).orElseThrow();
    }

    public Duration duration(String key) {
        return Quantities.duration(scalar(key).orElseThrow().text()).orElseThrow();
    }

    /** The valid elements of a list. */
    public List<YamlNode> elements(String key) {
        return node(key).or(() -> property(key).otherwise())
                .filter(YamlNode.Sequence.class::isInstance)
                .map(YamlNode.Sequence.class::cast)
                .map(found -> found.elements().stream().filter(node -> !(node instanceof YamlNode.Refused)).toList())
                .orElse(List.of());
    }

    /** The valid texts of a list. */
    public List<YamlNode.Scalar> texts(String key) {
        return elements(key).stream()
                .filter(YamlNode.Scalar.class::isInstance)
                .map(YamlNode.Scalar.class::cast)
                .toList();
    }

    /** The valid mappings of a list. */
    public List<Section> sections(String key) {
        return elements(key).stream().flatMap(element -> element(key, element).stream()).toList();
    }

    /** An element of a list as a section, if it is a mapping. */
    public Optional<Section> element(String key, YamlNode element) {
        return section(element, property(key).items().orElseThrow());
    }

    /** The section under a key; an empty one, if the key is absent. */
    public Section section(String key) {
        YamlNode empty = new YamlNode.Mapping(at(), List.of());
        return section(node(key).filter(YamlNode.Mapping.class::isInstance).orElse(empty), property(key)).orElseThrow();
    }

    /** The valid entries of a mapping whose keys the user chooses, in the order of the file. */
    public Map<YamlNode.Scalar, YamlNode> entries(String key) {
        Map<YamlNode.Scalar, YamlNode> entries = new LinkedHashMap<>();
        section(key).mapping.entries()
                .stream()
                .filter(entry -> !(entry.value() instanceof YamlNode.Refused))
                .forEach(entry -> entries.put(entry.key(), entry.value()));
        return entries;
    }

    /** The value of such an entry as a section; an empty one, if it is null. */
    public Section chosen(String key, YamlNode value) {
        YamlNode.Mapping found =
                value instanceof YamlNode.Mapping inner ? inner : new YamlNode.Mapping(value.at(), List.of());
        return section(found, property(key).chosen().orElseThrow()).orElseThrow();
    }

    /** This section over a more general one, which has the values of keys that are absent here. */
    public Section over(Section other) {
        return new Section(mapping, schema, problems, Optional.of(other));
    }

    /**
     * What the supplier makes of this section, unless a part of it was refused. If the supplier refuses, its reason becomes a
     * problem at the key with which it begins, as the reasons of {@link fanout.job.CrawlJob} and its parts do.
     */
    public <T> Optional<T> make(Supplier<? extends T> supplier) {
        if (mapping.entries().stream().anyMatch(entry -> entry.value() instanceof YamlNode.Refused)) {
            return Optional.empty();
        }
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            String key = reason.split(" ", 2)[0];
            problems.add(at(key.substring(key.lastIndexOf('.') + 1)), reason);
            return Optional.empty();
        }
    }

    private SchemaNode property(String key) {
        return schema.property(key).orElseThrow(() -> new IllegalStateException("the schema has no key " + key));
    }

    private Optional<Section> section(YamlNode node, SchemaNode inner) {
        return node instanceof YamlNode.Mapping found
                ? Optional.of(new Section(found, inner, problems, Optional.empty()))
                : Optional.empty();
    }

    /** A key's value or default, if that is a single value. */
    public Optional<YamlNode.Scalar> scalar(String key) {
        return node(key).or(() -> general.flatMap(section -> section.scalar(key)))
                .or(() -> property(key).otherwise())
                .filter(node -> !node.isNull())
                .filter(YamlNode.Scalar.class::isInstance)
                .map(YamlNode.Scalar.class::cast);
    }
}
