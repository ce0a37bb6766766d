package fanout.app.config.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One {@code --set key.path=value}, which wins over the file. A key that holds dots is written in double quotes.
 * Immutable.
 *
 * @param at the option without its value, which may be secret
 */
public record Setting(DocumentPosition at, List<String> path, YamlNode value) {

    /** YAML would read a list of nothing. */
    private static final String STANDARD_OUTPUT = "-";
    private static final String FORM = "must be key.path=value, as in limits.maxPages=10";

    public Setting {
        path = List.copyOf(path);
    }

    /** Reads an option; empty if that is a problem. */
    public static Optional<Setting> parse(String option, Problems problems) {
        List<String> path = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != '.' && c != '=')) {
                key.append(c);
            } else {
                path.add(key.toString());
                key.setLength(0);
                if (c == '=') {
                    return of(new DocumentPosition("--set " + option.substring(0, i), 0, 0), path,
                            option.substring(i + 1),
                            problems);
                }
            }
        }
        String shown = option.split("=", 2)[0]; // a secret value may follow an open quote
        problems.add(new DocumentPosition("--set " + shown, 0, 0), FORM);
        return Optional.empty();
    }

    private static Optional<Setting> of(DocumentPosition at, List<String> path, String text, Problems problems) {
        if (path.stream().anyMatch(String::isBlank)) {
            problems.add(at, FORM);
            return Optional.empty();
        }
        return Optional.of(new Setting(at, path, text.equals(STANDARD_OUTPUT) ? new YamlNode.Scalar(at, text, false)
                : value(at, text, problems)));
    }

    private static YamlNode value(DocumentPosition at, String text, Problems problems) {
        Problems ofValue = new Problems();
        YamlNode value = YamlReader.read(at.source(), text, ofValue).orElse(new YamlNode.Scalar(at, "", true));
        ofValue.all().forEach(problem -> problems.add(at, problem.message()));
        return located(value, at);
    }

    /** The value with the option as the place of each node, because it has no lines. */
    private static YamlNode located(YamlNode node, DocumentPosition at) {
        return switch (node) {
            case YamlNode.Scalar scalar -> new YamlNode.Scalar(at, scalar.text(), scalar.plain());
            case YamlNode.Sequence(_, List<YamlNode> elements) ->
                    new YamlNode.Sequence(at, elements.stream().map(element -> located(element, at)).toList());
            case YamlNode.Mapping(_, List<YamlNode.Entry> entries) -> new YamlNode.Mapping(at, entries.stream()
                    .map(entry -> new YamlNode.Entry(new YamlNode.Scalar(at, entry.key().text(), entry.key().plain()),
                            located(entry.value(), at)))
                    .toList());
            case YamlNode.Refused _ -> new YamlNode.Refused(at);
        };
    }

    /** The document with this set in it. */
    public YamlNode.Mapping applyTo(YamlNode.Mapping root, Problems problems) {
        return set(root, path, problems);
    }

    private YamlNode.Mapping set(YamlNode.Mapping mapping, List<String> rest, Problems problems) {
        YamlNode.Scalar key = new YamlNode.Scalar(at, rest.getFirst(), false);
        if (rest.size() == 1) {
            return mapping.with(key, value);
        }
        List<String> deeper = rest.subList(1, rest.size());
        return switch (mapping.get(key.text()).orElse(new YamlNode.Scalar(at, "", true))) {
            case YamlNode.Mapping inner -> mapping.with(key, set(inner, deeper, problems));
            case YamlNode.Scalar scalar when scalar.isNull() ->
                    mapping.with(key, set(new YamlNode.Mapping(at, List.of()), deeper, problems));
            case YamlNode.Refused _ -> mapping;
            case YamlNode other -> {
                problems.add(at, "\"" + key.text() + "\" holds " + other.kind() + ", in which nothing can be set");
                yield mapping;
            }
        };
    }
}
