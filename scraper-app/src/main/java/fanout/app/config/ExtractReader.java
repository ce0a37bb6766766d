package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.DatePattern;
import fanout.job.DecimalMark;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code extract}, and fields wherever a job has some. */
record ExtractReader(Problems problems, ValueReader values) {

    private static final String DATA = "data.";
    private static final String HEADER = "header:";

    /** Keys that say what becomes of a text. */
    private static final List<String> OF_TEXTS =
            List.of("jsonld", "in", "attr", "regex", "type", "decimal", "format", "locale", "list");

    Optional<ExtractRule> extractRule(Section section) {
        Optional<String> name = section.text("name");
        Optional<TextPattern> match = section.scalar("match").flatMap(values::pattern);
        Optional<String> label = section.text("label");
        Optional<Selector> each = values.each(section);
        List<Field> read = fields(section, "fields", each.filter(Selector.Json.class::isInstance).isPresent());
        if (read.isEmpty() || (section.has("each") && each.isEmpty())) {
            return Optional.empty(); // with the problems that were found in it
        }
        return name.flatMap(known -> section.make(() -> new ExtractRule(known, match, label, each, read)));
    }

    /**
     * Returns the valid fields under a key: of a rule, of an object in one, or of what an entry of follow reads.
     *
     * @param inJson whether they look into JSON, in which there are no elements
     */
    List<Field> fields(Section section, String key, boolean inJson) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries(key).entrySet()) {
            field(entry.getKey(), section.chosen(key, entry.getValue()), inJson).ifPresent(fields::add);
        }
        return fields;
    }

    private Optional<Field> field(YamlNode.Scalar name, Section section, boolean inJson) {
        Optional<Field.Source> source = source(section, inJson);
        // with any source, to find further problems
        Field.Source any = source.orElse(new Field.Constant(""));
        boolean required = section.flag("required");
        return problems.at(name.at(), () -> new Field(name.text(), any, required)).filter(_ -> source.isPresent());
    }

    private Optional<Field.Source> source(Section section, boolean inJson) {
        boolean ofData = section.text("from").filter(from -> from.startsWith(DATA)).isPresent();
        List<String> counting = List.of("add", "default").stream().filter(section::has).toList();
        if (!ofData && !counting.isEmpty()) {
            counting.forEach(key -> problems.add(section.keyAt(key), key + " goes with from: data.NAME only"));
            return Optional.empty();
        }
        if (section.has("fields")) {
            return alone(section, "fields", OF_TEXTS) ? nested(section, inJson) : Optional.empty();
        }
        if (section.has("each")) {
            problems.add(section.keyAt("each"), "each goes with fields only; for all matches write list: true");
            return Optional.empty();
        }
        if (section.has("value")) {
            return alone(section, "value", OF_TEXTS) ? section.scalar("value").flatMap(this::constant)
                    : Optional.empty();
        }
        if (section.has("article")) {
            return alone(section, "article", OF_TEXTS)
                    ? section.text("article").map(ExtractReader::articlePart).map(Field.OfArticle::new)
                    : Optional.empty();
        }
        if (section.has("from")) {
            return alone(section, "from", List.of("jsonld", "in", "attr", "list")) ? known(section) : Optional.empty();
        }
        return inJson && selectsElements(section) ? Optional.empty() : selected(section);
    }

    private boolean selectsElements(Section section) {
        List<String> wrong = List.of("css", "xpath", "in").stream().filter(section::has).toList();
        wrong.forEach(key -> problems.add(section.keyAt(key), key + " selects elements, and each takes JSON, which "
                + "holds no elements; use json" + (key.equals("in") ? " alone" : "")));
        return !wrong.isEmpty();
    }

    /** Returns whether the source stands without keys that it does not go with. */
    boolean alone(Section section, String source, List<String> others) {
        List<String> wrong = others.stream().filter(section::has).toList();
        wrong.forEach(key -> problems.add(section.keyAt(key), key + " does not go with " + source));
        return wrong.isEmpty();
    }

    private Optional<Field.Source> nested(Section section, boolean inJson) {
        if (inJson && section.has("each")
                && (section.scalar("each").isPresent() || selectsElements(section.section("each")))) {
            section.scalar("each")
                    .ifPresent(css -> problems.add(css.at(), "each selects elements, and the rule's each takes JSON, "
                            + "which holds no elements; write each: {json: …}"));
            return Optional.empty();
        }
        Optional<Selector> each = values.each(section);
        List<Field> fields =
                fields(section, "fields", inJson || each.filter(Selector.Json.class::isInstance).isPresent());
        return fields.isEmpty() || (section.has("each") && each.isEmpty()) ? Optional.empty()
                : section.make(() -> new Field.Nested(each, fields));
    }

    private Optional<Field.Source> constant(YamlNode.Scalar node) {
        return problems.at(node.at(), () -> new Field.Constant(value(node)));
    }

    private static Object value(YamlNode.Scalar node) {
        if (node.isText()) {
            return node.text();
        }
        if (node.truth().isPresent()) {
            return node.truth().get();
        }
        try {
            BigDecimal number = new BigDecimal(node.text());
            return node.isInteger() ? narrowed(number.toBigIntegerExact()) : number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("value must be text, a decimal number, true or false; as text it is "
                    + "written \"" + node.text() + "\"", e);
        }
    }

    private static Object narrowed(BigInteger number) {
        if (number.bitLength() < Long.SIZE) {
            return number.longValue();
        }
        return number;
    }

    private Optional<Field.Source> known(Section section) {
        String from = section.text("from").orElse(""); // of a value that was refused
        if (from.startsWith(DATA)) {
            return ofData(section, from.substring(DATA.length()));
        }
        if (from.startsWith(HEADER)) {
            String name = from.substring(HEADER.length());
            return reading(section).flatMap(reading -> section.make(() -> new Field.OfHeader(name, reading)));
        }
        Field.Fact fact = fact(from);
        boolean isNumber = fact == Field.Fact.DEPTH || fact == Field.Fact.STATUS;
        Optional<Reading> reading = isNumber && !reads(section) ? Optional.of(Reading.of(Reading.Type.INTEGER))
                : reading(section);
        return reading.flatMap(become -> section.make(() -> new Field.OfPage(fact, become)));
    }

    private static Field.ArticlePart articlePart(String name) {
        return Field.ArticlePart.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Field.Fact fact(String name) {
        return switch (name) {
            case "label" -> Field.Fact.LABEL;
            case "referrer" -> Field.Fact.REFERRER;
            case "depth" -> Field.Fact.DEPTH;
            case "status" -> Field.Fact.STATUS;
            case "title" -> Field.Fact.TITLE;
            case "fetchedAt" -> Field.Fact.FETCHED_AT;
            default -> Field.Fact.URL; // or a value that was refused
        };
    }

    /** Returns whether a value becomes something else than it is. */
    private static boolean reads(Section section) {
        return Stream.of("type", "regex", "decimal", "format").anyMatch(section::has);
    }

    /** Without a type the value keeps that which it has. */
    private Optional<Field.Source> ofData(Section section, String name) {
        boolean reads = reads(section);
        Optional<Reading> reading = reads ? reading(section) : Optional.empty();
        Optional<Object> add = section.node("add")
                .flatMap(YamlNode::asScalar)
                .flatMap(node -> problems.at(node.at(), () -> value(node)));
        Optional<Object> otherwise = section.node("default")
                .flatMap(YamlNode::asScalar)
                .flatMap(node -> problems.at(node.at(), () -> value(node)));
        boolean isWhole = reads == reading.isPresent() && section.has("add") == add.isPresent()
                && section.has("default") == otherwise.isPresent();
        return isWhole
                ? section.make(() -> new Field.OfData(name, reading, add.map(Object::toString).map(BigDecimal::new),
                        otherwise))
                : Optional.empty();
    }

    private Optional<Field.Source> selected(Section section) {
        Optional<Selector> selector = values.selector(section);
        Optional<String> attr = section.text("attr");
        boolean list = section.has("list") && section.flag("list");
        Optional<Reading> reading = reading(section);
        return selector.flatMap(chosen -> reading
                .flatMap(become -> section.make(() -> new Field.Selected(chosen, attr, become, list))));
    }

    private Optional<Reading> reading(Section section) {
        Reading.Type type = Reading.Type.valueOf(section.text("type").orElseThrow().toUpperCase(Locale.ROOT));
        Optional<TextPattern> regex = section.scalar("regex").flatMap(values::pattern);
        Optional<DecimalMark> decimal =
                section.text("decimal").map(mark -> mark.equals(",") ? DecimalMark.COMMA : DecimalMark.POINT);
        if (section.has("locale") && !section.has("format")) {
            problems.add(section.keyAt("locale"), "locale goes with format only");
            return Optional.empty();
        }
        Optional<DatePattern> date = section.text("format")
                .flatMap(pattern -> section.make(() -> new DatePattern(pattern, section.text("locale"))));
        boolean isComplete = section.has("format") == date.isPresent() && section.has("regex") == regex.isPresent();
        return isComplete ? section.make(() -> new Reading(type, regex, decimal, date)) : Optional.empty();
    }
}
