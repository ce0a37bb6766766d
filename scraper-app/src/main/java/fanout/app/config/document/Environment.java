package fanout.app.config.document;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} in a document's values, and a doubled dollar sign before a brace by a single one. Keys stay as they
 * are.
 *
 * @param variables the environment
 * @param problems get the names that are not set, and keep replaced values out of messages
 */
public record Environment(Map<String, String> variables, Problems problems) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)\\}?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** The document with every value replaced. */
    public YamlNode replaceIn(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.text().contains("${") ? replaceIn(scalar) : scalar;
            case YamlNode.Sequence(Position at, List<YamlNode> elements) ->
                    new YamlNode.Sequence(at, elements.stream().map(this::replaceIn).toList());
            case YamlNode.Mapping(Position at, List<YamlNode.Entry> entries) ->
                    new YamlNode.Mapping(at, entries.stream()
                            .map(entry -> new YamlNode.Entry(entry.key(), replaceIn(entry.value())))
                            .toList());
            case YamlNode.Refused refused -> refused;
        };
    }

    private YamlNode replaceIn(YamlNode.Scalar scalar) {
        Matcher reference = REFERENCE.matcher(scalar.text());
        StringBuilder replaced = new StringBuilder();
        boolean secret = false;
        boolean refused = false;
        while (reference.find()) {
            String name = reference.group(1);
            Optional<String> value =
                    name == null ? Optional.of("${") : valueOf(name, reference.group(), scalar.at());
            secret |= name != null;
            refused |= value.isEmpty();
            reference.appendReplacement(replaced, Matcher.quoteReplacement(value.orElse("")));
        }
        reference.appendTail(replaced);
        return refused ? new YamlNode.Refused(scalar.at())
                : new YamlNode.Scalar(scalar.at(), replaced.toString(), scalar.plain(), secret);
    }

    private Optional<String> valueOf(String name, String reference, Position at) {
        if (!NAME.matcher(name).matches() || !reference.endsWith("}")) {
            problems.add(at, "not the name of an environment variable: " + reference + " (write $${ for a literal ${)");
            return Optional.empty();
        }
        String value = variables.get(name);
        if (value == null) {
            problems.add(at, "the environment variable " + name + " is not set");
            return Optional.empty();
        }
        problems.hide(value);
        return Optional.of(value);
    }
}
