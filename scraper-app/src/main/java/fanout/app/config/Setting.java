package fanout.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One {@code --set key.path=value}, which wins over the file. A key that holds dots is written in double quotes. */
record Setting(Position at, List<String> path, YamlNode value) {

    static Setting parse(String option, Problems problems) throws BadJobException {
        Position at = new Position("--set " + option, 0, 0);
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
                    return of(at, path, option.substring(i + 1), problems);
                }
            }
        }
        throw new BadJobException(at, "must be key.path=value");
    }

    private static Setting of(Position at, List<String> path, String text, Problems problems) throws BadJobException {
        if (path.stream().anyMatch(String::isBlank)) {
            throw new BadJobException(at, "must be key.path=value");
        }
        Optional<YamlNode> value = YamlReader.read(at.source(), text, problems);
        return new Setting(at, List.copyOf(path), located(value.orElse(new YamlNode.Scalar(at, "", true)), at));
    }

    /** A value of the command line has no line of its own. */
    private static YamlNode located(YamlNode node, Position at) {
        return switch (node) {
            case YamlNode.Scalar(_, String text, boolean plain) -> new YamlNode.Scalar(at, text, plain);
            case YamlNode.Sequence(_, List<YamlNode> elements) ->
                    new YamlNode.Sequence(at, elements.stream().map(element -> located(element, at)).toList());
            case YamlNode.Mapping(_, List<YamlNode.Entry> entries) -> new YamlNode.Mapping(at, entries.stream()
                    .map(entry -> new YamlNode.Entry(new YamlNode.Scalar(at, entry.key().text(), entry.key().plain()),
                            located(entry.value(), at)))
                    .toList());
        };
    }

    YamlNode.Mapping applyTo(YamlNode.Mapping root, Problems problems) {
        return set(root, path, problems);
    }

    private YamlNode.Mapping set(YamlNode.Mapping mapping, List<String> rest, Problems problems) {
        YamlNode.Scalar key = new YamlNode.Scalar(at, rest.getFirst(), false);
        if (rest.size() == 1) {
            return mapping.with(key, value);
        }
        YamlNode below = mapping.get(key.text()).orElse(new YamlNode.Scalar(at, "", true));
        List<String> deeper = rest.subList(1, rest.size());
        return switch (below) {
            case YamlNode.Mapping inner -> mapping.with(key, set(inner, deeper, problems));
            case YamlNode.Scalar scalar when scalar.isNull() ->
                    mapping.with(key, set(new YamlNode.Mapping(at, List.of()), deeper, problems));
            case YamlNode.Scalar _,YamlNode.Sequence _ -> {
                problems.add(at, key.text() + " holds " + below.kind() + ", in which nothing can be set");
                yield mapping;
            }
        };
    }
}
