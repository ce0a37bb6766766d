package fanout.app.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} in a document's values; a doubled dollar sign stands for one that is meant. Keys stay, and so does
 * what the user's own keys hold.
 */
record Environment(Map<String, String> variables, Problems problems) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)\\}?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    YamlNode replaceIn(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.text().contains("${") ? replaceIn(scalar) : scalar;
            case YamlNode.Sequence(Position at, List<YamlNode> elements) ->
                    new YamlNode.Sequence(at, elements.stream().map(this::replaceIn).toList());
            case YamlNode.Mapping(Position at, List<YamlNode.Entry> entries) ->
                    new YamlNode.Mapping(at, entries.stream().map(this::replaceIn).toList());
        };
    }

    private YamlNode.Entry replaceIn(YamlNode.Entry entry) {
        return Section.isUsers(entry.key().text()) ? entry : new YamlNode.Entry(entry.key(), replaceIn(entry.value()));
    }

    private YamlNode.Scalar replaceIn(YamlNode.Scalar scalar) {
        String replaced = REFERENCE.matcher(scalar.text())
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null ? "${" : valueOf(found.group(1), found.group(), scalar.at())));
        return new YamlNode.Scalar(scalar.at(), replaced, scalar.plain());
    }

    private String valueOf(String name, String reference, Position at) {
        String value = variables.get(name);
        if (!NAME.matcher(name).matches() || !reference.endsWith("}")) {
            problems.add(at, "not the name of an environment variable: " + reference + " (write $${ for a literal ${)");
        } else if (value == null) {
            problems.add(at, "the environment variable " + name + " is not set");
        } else {
            problems.hide(value);
            return value;
        }
        return "";
    }
}
