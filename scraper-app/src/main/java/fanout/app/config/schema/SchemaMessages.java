package fanout.app.config.schema;

import fanout.app.config.document.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Messages about wrong values: what is expected, what was found, and how to mend it. */
final class SchemaMessages {

    private static final int LONGEST = 60;

    /** A key and its value without the space between, which is one word. */
    private static final Pattern TOUCHING = Pattern.compile("[A-Za-z]\\w*:[^\\s/]\\S*");

    private SchemaMessages() {}

    static String wrong(String name, SchemaNode schema, YamlNode node) {
        return name + " must be " + expected(schema) + ", not " + shown(node) + cure(schema, node);
    }

    static String outside(String name, long least, long most, YamlNode node) {
        return name + " must be between " + least + " and " + most + ", not " + shown(node);
    }

    static String notAmong(String name, List<String> words, YamlNode.Scalar node) {
        String right = words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
        Optional<String> cure = node.secret() || words.size() == 1 ? Optional.empty()
                : ForeignKeys.insteadOf(node.text(), words)
                        .or(() -> NearestKey.to(node.text(), words).map(word -> "did you mean " + word + "?"));
        return name + " must be " + right + ", not " + shown(node) + cure.map(said -> "; " + said).orElse("");
    }

    static String unknown(String key, SchemaNode here) {
        String said = "unknown key " + quoted(key);
        Set<String> known = here.keys();
        Optional<String> nearest = NearestKey.to(key, known);
        if (nearest.isPresent()) {
            return said + "; did you mean \"" + nearest.get() + "\"?";
        }
        List<String> elsewhere = KeyPlaces.with(key, here.whole());
        if (!elsewhere.isEmpty()) {
            return said + "; it belongs " + String.join(" or ", elsewhere);
        }
        Optional<String> instead =
                ForeignKeys.insteadOf(key).filter(_ -> here.whole().property("startUrls").isPresent()); // in a job
        if (instead.isPresent()) {
            return said + "; " + instead.get();
        }
        return said + "; the keys here are " + known.stream()
                .filter(word -> !word.startsWith("$"))
                .collect(Collectors.joining(", "));
    }

    /** A value for a message: shortened, and left out if it came from the environment. */
    static String shown(YamlNode node) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            return node.kind();
        }
        if (scalar.secret()) {
            return "its value (from the environment)";
        }
        return scalar.isText() ? quoted(scalar.text()) : shortened(scalar.text());
    }

    /** A key as the subject of a sentence. */
    static String named(String key) {
        return key.matches("[A-Za-z0-9_.$-]{1,60}") ? key : quoted(key);
    }

    static String quoted(String text) {
        return "\"" + shortened(text) + "\"";
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
    }

    private static String expected(SchemaNode schema) {
        return schema.text("title")
                .orElseGet(() -> schema.types()
                        .stream()
                        .filter(type -> !type.equals("null"))
                        .map(SchemaMessages::words)
                        .collect(Collectors.joining(" or ")));
    }

    private static String words(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a mapping";
            default -> throw new IllegalStateException("a type without words: " + type);
        };
    }

    private static String cure(SchemaNode schema, YamlNode node) {
        if (node instanceof YamlNode.Mapping && schema.allows("array")) {
            return "; what belongs to a list begins with \"- \"";
        }
        if (node instanceof YamlNode.Sequence && schema.allows("object") && !schema.allows("string")) {
            return "; leave the \"- \" or the brackets out";
        }
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.secret()) {
            return "";
        }
        String text = scalar.text();
        if (schema.allows("object") && TOUCHING.matcher(text).matches()) {
            return "; write a space behind the colon";
        }
        if (schema.allows("array") && !schema.allows("string")) {
            return "; write [" + shown(scalar) + "]";
        }
        if (schema.allows("boolean")) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on", "1" -> "; write true";
                case "false", "no", "off", "0" -> "; write false";
                default -> "";
            };
        }
        if (schema.allows("integer") && !schema.allows("string") && text.matches("[0-9]{1,12}")) {
            return "; write it without quotes";
        }
        return isTextWithoutQuotes(schema, scalar) ? "; as text it is written " + quoted(text) : "";
    }

    /** Whether a number, a boolean or null would be a good value in quotes. */
    private static boolean isTextWithoutQuotes(SchemaNode schema, YamlNode.Scalar scalar) {
        boolean words = schema.text("title").isEmpty() || !schema.patterns().isEmpty();
        return schema.allows("string") && !scalar.isText() && words
                && schema.patterns().stream().allMatch(pattern -> pattern.matcher(scalar.text()).find());
    }
}
