package fanout.app.config.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A part of a YAML or JSON document, with its place in the source. Immutable. */
public sealed interface YamlNode {

    /** Where it begins. */
    DocumentPosition at();

    /** Its kind, for messages. */
    String kind();

    /** Returns this node with what a function makes of each value, at any depth; keys stay as they are. */
    default YamlNode map(Function<Scalar, YamlNode> change) {
        return switch (this) {
            case Scalar scalar -> change.apply(scalar);
            case Sequence(DocumentPosition at, List<YamlNode> elements) ->
                    new Sequence(at, elements.stream().map(element -> element.map(change)).toList());
            case Mapping(DocumentPosition at, List<Entry> entries) -> new Mapping(at, entries.stream()
                    .map(entry -> new Entry(entry.key(), entry.value().map(change)))
                    .toList());
            case Refused refused -> refused;
        };
    }

    /** Returns this, if it is a single value. */
    default Optional<Scalar> asScalar() {
        return this instanceof Scalar scalar ? Optional.of(scalar) : Optional.empty();
    }

    /** Returns this, if it has keys. */
    default Optional<Mapping> asMapping() {
        return this instanceof Mapping mapping ? Optional.of(mapping) : Optional.empty();
    }

    /** Returns the elements of a list; of anything else, nothing. */
    default List<YamlNode> asElements() {
        return this instanceof Sequence sequence ? sequence.elements() : List.of();
    }

    /** Whether it is a null, which counts as absent. */
    default boolean isNull() {
        return false;
    }

    /**
     * A value.
     *
     * @param plain whether it was written without quotes, and may therefore be a number, a boolean or null
     * @param secret whether it came from the environment, and must not be shown
     * @param refers whether it refers to secrets, and is a text of {@link fanout.job.SecretText}
     */
    record Scalar(DocumentPosition at, String text, boolean plain, boolean secret, boolean refers)
            implements
            YamlNode {

        private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
        private static final Pattern OTHER_NUMBER = Pattern.compile(
                "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

        /** A value that may be shown. */
        public Scalar(DocumentPosition at, String text, boolean plain) {
            this(at, text, plain, false);
        }

        /** A value without references to secrets. */
        public Scalar(DocumentPosition at, String text, boolean plain, boolean secret) {
            this(at, text, plain, secret, false);
        }

        /** The same, as if written without quotes. */
        public Scalar unquoted() {
            return new Scalar(at, text, true, secret, refers);
        }

        @Override
        public boolean isNull() {
            return plain && switch (text) {
                case "", "~", "null", "Null", "NULL" -> true;
                default -> false;
            };
        }

        /** YAML 1.2's core schema: yes and no are texts. */
        public Optional<Boolean> truth() {
            return !plain ? Optional.empty() : switch (text) {
                case "true", "True", "TRUE" -> Optional.of(true);
                case "false", "False", "FALSE" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        public boolean isInteger() {
            return plain && INTEGER.matcher(text).matches();
        }

        public boolean isNumber() {
            return isInteger() || (plain && OTHER_NUMBER.matcher(text).matches());
        }

        public boolean isText() {
            return !isNull() && truth().isEmpty() && !isNumber();
        }

        @Override
        public String kind() {
            if (isNull()) {
                return "nothing";
            }
            return truth().isPresent() ? "true or false" : isNumber() ? "a number" : "text";
        }
    }

    /** A list. */
    record Sequence(DocumentPosition at, List<YamlNode> elements) implements YamlNode {

        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values, in the order of the file. */
    record Mapping(DocumentPosition at, List<Entry> entries) implements YamlNode {

        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        /** The value of a key. */
        public Optional<YamlNode> get(String key) {
            return entry(key).map(Entry::value);
        }

        /** A key that is there, with its value. */
        public Optional<Entry> entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        }

        /**
         * Returns this mapping with another over it: mappings are merged, everything else in the other replaces what is
         * here, and a null takes it away.
         */
        public Mapping under(Mapping other) {
            Mapping merged = new Mapping(other.at, entries);
            for (Entry entry : other.entries) {
                Optional<YamlNode> here = get(entry.key().text());
                YamlNode value = here.orElse(null) instanceof Mapping lower && entry.value() instanceof Mapping upper
                        ? lower.under(upper)
                        : entry.value();
                merged = here.isPresent() && value.isNull() ? merged.without(entry.key().text())
                        : merged.with(entry.key(), value);
            }
            return merged;
        }

        /** Returns this mapping without a key. */
        public Mapping without(String key) {
            return new Mapping(at, entries.stream().filter(entry -> !entry.key().text().equals(key)).toList());
        }

        /** This mapping with another value for a key, in its old place or at the end. */
        Mapping with(Scalar key, YamlNode value) {
            List<Entry> changed = new ArrayList<>();
            boolean found = false;
            for (Entry entry : entries) {
                boolean same = entry.key().text().equals(key.text());
                found |= same;
                changed.add(same ? new Entry(entry.key(), value) : entry);
            }
            if (!found) {
                changed.add(new Entry(key, value));
            }
            return new Mapping(at, changed);
        }
    }

    /** A key and its value. */
    record Entry(Scalar key, YamlNode value) {}

    /** A value that is already reported as a problem; later checks skip it. */
    record Refused(DocumentPosition at) implements YamlNode {

        @Override
        public String kind() {
            return "nothing";
        }
    }
}
