package fanout.app.config.schema;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping of a job that the schema has checked, read key by key. A key that is absent, null or refused has the
 * schema's default, so a job with problems can be read to its end and more of them be found. Not thread-safe.
 */
public final class Section {

    private static final Pattern WORDS = Pattern.compile("\\W+");

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

    public DocumentPosition at() {
        return mapping.at();
    }

    /** The place of a key's value; of the section itself, if the key is absent. */
    public DocumentPosition at(String key) {
        return mapping.get(key).map(YamlNode::at).orElse(mapping.at());
    }

    /** The place of a key itself. */
    public DocumentPosition keyAt(String key) {
        return mapping.entry(key).map(entry -> entry.key().at()).orElse(mapping.at());
    }

    /** Whether a key was written, well or badly. */
    public boolean has(String key) {
        return mapping.get(key).filter(node -> !node.isNull()).isPresent();
    }

    /** Whether a key was written with null or an empty list. */
    public boolean isEmpty(String key) {
        return mapping.get(key)
                .filter(node -> node.isNull() || (node instanceof YamlNode.Sequence && node.asElements().isEmpty()))
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
        return integer(scalar(key).orElseThrow());
    }

    /** A value that the schema has checked to be an integer. */
    public static long integer(YamlNode.Scalar value) {
        return Quantities.integer(value.text()).longValueExact();
    }

    /** A number that may be null. */
    public OptionalLong optionalInteger(String key) {
        return scalar(key).isPresent() ? OptionalLong.of(integer(key)) : OptionalLong.empty();
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
        List<YamlNode> all = node(key).or(() -> property(key).otherwise()).map(YamlNode::asElements).orElse(List.of());
        return all.stream().filter(node -> !(node instanceof YamlNode.Refused)).toList();
    }

    /** The valid texts of a list. */
    public List<YamlNode.Scalar> texts(String key) {
        return texts(key, Optional::of);
    }

    /** What a function makes of each valid text of a list, if it makes something. */
    public <T> List<T> texts(String key, Function<YamlNode.Scalar, Optional<T>> reader) {
        return elements(key).stream().flatMap(node -> node.asScalar().flatMap(reader).stream()).toList();
    }

    /** The valid mappings of a list. */
    public List<Section> sections(String key) {
        return sections(key, Optional::of);
    }

    /** What a function makes of each valid mapping of a list, if it makes something. */
    public <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
        return elements(key).stream().flatMap(node -> element(key, node).flatMap(reader).stream()).toList();
    }

    /** An element of a list as a section, if it is a mapping. */
    public Optional<Section> element(String key, YamlNode element) {
        return element.asMapping().map(found -> section(found, property(key).items().orElseThrow()));
    }

    /** The section under a key; an empty one, if the key is absent. */
    public Section section(String key) {
        return section(node(key).flatMap(YamlNode::asMapping).orElse(empty(at())), property(key));
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

    /** The keys of such a mapping, whatever their values are. */
    public List<String> names(String key) {
        return section(key).mapping.entries().stream().map(entry -> entry.key().text()).toList();
    }

    /** The valid entries of such a mapping whose values are whole numbers. */
    public Map<YamlNode.Scalar, Integer> smallIntegers(String key) {
        Map<YamlNode.Scalar, Integer> numbers = new LinkedHashMap<>();
        entries(key).forEach((name, node) -> node.asScalar()
                .ifPresent(value -> numbers.put(name, Quantities.integer(value.text()).intValueExact())));
        return numbers;
    }

    /** The value of such an entry as a section; an empty one, if it is null. */
    public Section chosen(String key, YamlNode value) {
        return section(value.asMapping().orElse(empty(value.at())), property(key).chosen().orElseThrow());
    }

    /** This section over a more general one, which has the values of keys that are absent here. */
    public Section over(Section other) {
        return new Section(mapping, schema, problems, Optional.of(other));
    }

    /**
     * What the supplier makes of this section, unless a part of it was refused. If the supplier refuses, its reason
     * becomes a problem at the key with which it begins, as the reasons of {@link fanout.job.CrawlJob} and its parts
     * do.
     */
    public <T> Optional<T> make(Supplier<? extends T> supplier) {
        if (mapping.entries().stream().anyMatch(entry -> entry.value() instanceof YamlNode.Refused)) {
            return Optional.empty();
        }
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            problems.add(at(keyOf(reason)), reason);
            return Optional.empty();
        }
    }

    /**
     * As {@link #make}. If a part was refused, whether the other parts fit together is checked all the same, so all
     * problems are reported at once. What the supplier says about a part that was refused is no news.
     */
    public <T> Optional<T> makeOrCheck(Supplier<? extends T> supplier) {
        Set<String> refused = refused().collect(Collectors.toSet());
        if (refused.isEmpty()) {
            return make(supplier);
        }
        Problems more = new Problems();
        new Section(empty(at()), schema, more, Optional.empty()).make(supplier);
        more.all()
                .stream()
                .map(Problems.Mistake::message)
                .filter(reason -> WORDS.splitAsStream(reason).noneMatch(refused::contains))
                .forEach(reason -> problems.add(at(keyOf(reason)), reason));
        return Optional.empty();
    }

    /** Returns the keys that were refused, here or in the more general section. */
    private Stream<String> refused() {
        return Stream.concat(mapping.entries()
                .stream()
                .filter(entry -> entry.value() instanceof YamlNode.Refused)
                .map(entry -> entry.key().text()), general.stream().flatMap(Section::refused));
    }

    private static String keyOf(String reason) {
        String key = reason.split(" ", 2)[0];
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private SchemaNode property(String key) {
        return schema.property(key).orElseThrow(() -> new IllegalStateException("the schema has no key " + key));
    }

    private Section section(YamlNode.Mapping found, SchemaNode inner) {
        return new Section(found, inner, problems, Optional.empty());
    }

    private static YamlNode.Mapping empty(DocumentPosition at) {
        return new YamlNode.Mapping(at, List.of());
    }

    /** A key's value or default, if that is a single value. */
    public Optional<YamlNode.Scalar> scalar(String key) {
        return node(key).or(() -> general.flatMap(section -> section.scalar(key)))
                .or(() -> property(key).otherwise())
                .filter(node -> !node.isNull())
                .flatMap(YamlNode::asScalar);
    }
}
