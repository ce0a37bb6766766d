package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.job.ExtractRule;
import fanout.job.ExtractRule.Field;
import fanout.job.FollowRule;
import fanout.job.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code follow} and {@code extract}. */
final class ExtractReader {

    private static final List<String> TYPES =
            Arrays.stream(ExtractRule.Type.values()).map(type -> type.name().toLowerCase(Locale.ROOT)).toList();

    private final Problems problems;

    ExtractReader(Problems problems) {
        this.problems = problems;
    }

    Optional<FollowRule> followRule(YamlNode node) {
        return section(node, "follow").flatMap(found -> {
            try (Section section = found) {
                Optional<Selector> selector = selector(section);
                String attr = section.text("attr").orElse("href");
                Optional<String> label = section.text("label");
                return selector.flatMap(chosen -> section.make(() -> new FollowRule(chosen, attr, label)));
            }
        });
    }

    Optional<ExtractRule> extractRule(YamlNode node) {
        return section(node, "extract").flatMap(found -> {
            try (Section section = found) {
                Optional<String> name = section.text("name");
                if (section.node("name").isEmpty()) {
                    problems.add(section.at(), "name is missing");
                }
                Optional<Pattern> match = pattern(section, "match");
                Optional<String> label = section.text("label");
                Optional<Selector> each = section.text("each")
                        .flatMap(css -> problems.at(section.at("each"), () -> new Selector.Css(css)));
                List<Field> fields = new ArrayList<>();
                section.entries("fields")
                        .forEach((key, value) -> section.section(value, key.text())
                                .flatMap(field -> field(key.text(), field))
                                .ifPresent(fields::add));
                if (section.node("fields").isEmpty()) {
                    problems.add(section.at(), "fields is missing");
                }
                return fields.isEmpty() ? Optional.empty()
                        : name.flatMap(known -> section.make(() -> new ExtractRule(known, match, label, each, fields)));
            }
        });
    }

    private Optional<Field> field(String name, Section found) {
        try (Section section = found) {
            Optional<Selector> selector = selector(section);
            Optional<String> attr = section.text("attr");
            Optional<Pattern> regex = pattern(section, "regex");
            ExtractRule.Type type = section.word("type", TYPES)
                    .map(word -> ExtractRule.Type.valueOf(word.toUpperCase(Locale.ROOT)))
                    .orElse(ExtractRule.Type.STRING);
            boolean list = section.flag("list", false);
            boolean required = section.flag("required", false);
            return selector.flatMap(chosen -> section.make(
                    () -> new Field(name, chosen, attr, regex, type, list, required)));
        }
    }

    private Optional<Selector> selector(Section section) {
        Optional<Selector> css = section.text("css")
                .flatMap(text -> problems.at(section.at("css"), () -> new Selector.Css(text)));
        Optional<Selector> xpath = section.text("xpath")
                .flatMap(text -> problems.at(section.at("xpath"), () -> new Selector.XPath(text)));
        if (section.node("css").isPresent() == section.node("xpath").isPresent()) {
            problems.add(section.at(), "needs either css or xpath");
            return Optional.empty();
        }
        return css.or(() -> xpath);
    }

    private Optional<Pattern> pattern(Section section, String key) {
        return section.text(key).flatMap(text -> problems.at(section.at(key), () -> Patterns.compile(text)));
    }

    private Optional<Section> section(YamlNode node, String key) {
        if (node instanceof YamlNode.Mapping mapping) {
            return Optional.of(new Section(mapping, problems));
        }
        problems.add(node.at(), key + " must be a list of mappings, not of " + node.kind());
        return Optional.empty();
    }
}
