package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.app.config.document.Problems;
import fanout.app.config.schema.Section;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Selector;
import java.util.List;
import java.util.Optional;

/** Reads {@code follow} and {@code extract}. */
final class ExtractReader {

    private final ValueReader values;
    private final FieldReader fields;

    ExtractReader(Problems problems, ExpressionBudget budget) {
        this.values = new ValueReader(problems, budget);
        this.fields = new FieldReader(problems, budget);
    }

    Optional<FollowRule> followRule(Section section) {
        Optional<Selector> selector = values.selector(section);
        Optional<String> label = section.text("label");
        return selector.flatMap(
                chosen -> section.make(() -> new FollowRule(chosen, section.text("attr").orElseThrow(), label)));
    }

    Optional<ExtractRule> extractRule(Section section) {
        Optional<String> name = section.text("name");
        Optional<Pattern> match = section.scalar("match").flatMap(values::pattern);
        Optional<String> label = section.text("label");
        Optional<Selector> each = values.each(section);
        List<Field> read = fields.fields(section, each.filter(Selector.Json.class::isInstance).isPresent());
        if (read.isEmpty() || (section.has("each") && each.isEmpty())) {
            return Optional.empty(); // with the problems that were found in it
        }
        return name.flatMap(known -> section.make(() -> new ExtractRule(known, match, label, each, read)));
    }
}
