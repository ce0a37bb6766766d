package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.ExtractRule;
import fanout.job.ExtractRule.Field;
import fanout.job.FollowRule;
import fanout.job.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code follow} and {@code extract}. */
final class ExtractReader {

    private final ValueReader values;

    ExtractReader(Problems problems) {
        this.values = new ValueReader(problems);
    }

    Optional<FollowRule> followRule(Section section) {
        Optional<Selector> selector = selector(section);
        Optional<String> label = section.text("label");
        return selector.flatMap(
                chosen -> section.make(() -> new FollowRule(chosen, section.text("attr").orElseThrow(), label)));
    }

    Optional<ExtractRule> extractRule(Section section) {
        Optional<String> name = section.text("name");
        Optional<Pattern> match = section.scalar("match").flatMap(values::pattern);
        Optional<String> label = section.text("label");
        Optional<Selector> each = section.scalar("each").flatMap(values::css);
        List<Field> fields = new ArrayList<>();
        section.entries("fields")
                .forEach((key, value) -> field(section, key, value).ifPresent(fields::add));
        return fields.isEmpty() ? Optional.empty()
                : name.flatMap(known -> section.make(() -> new ExtractRule(known, match, label, each, fields)));
    }

    private Optional<Field> field(Section rule, YamlNode.Scalar name, YamlNode value) {
        Section section = rule.chosen("fields", value);
        Optional<Selector> selector = selector(section);
        Optional<String> attr = section.text("attr");
        Optional<Pattern> regex = section.scalar("regex").flatMap(values::pattern);
        ExtractRule.Type type =
                ExtractRule.Type.valueOf(section.text("type").orElseThrow().toUpperCase(Locale.ROOT));
        boolean list = section.flag("list");
        boolean required = section.flag("required");
        // with any selector, to find further problems
        Optional<Selector> chosen = selector.or(() -> Optional.of(new Selector.Css("*")));
        return values.problems()
                .at(name.at(), () -> new Field(name.text(), chosen.orElseThrow(), attr, regex, type, list, required))
                .filter(_ -> selector.isPresent());
    }

    private Optional<Selector> selector(Section section) {
        return section.scalar("css")
                .flatMap(values::css)
                .or(() -> section.scalar("xpath").flatMap(values::xpath));
    }
}
