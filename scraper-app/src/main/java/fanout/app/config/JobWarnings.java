package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is valid in a job and cannot work as it is meant. */
final class JobWarnings {

    private final Section job;
    private final Problems warnings;

    JobWarnings(Section job, Problems warnings) {
        this.job = job;
        this.warnings = warnings;
    }

    void find() {
        Section scope = job.section("scope");
        scope.texts("include").forEach(pattern -> anchored("include", pattern));
        scope.texts("exclude").forEach(pattern -> anchored("exclude", pattern));
        Set<String> labels = assigned();
        Map<String, YamlNode.Scalar> rules = new HashMap<>();
        for (Section rule : job.sections("extract")) {
            rule.scalar("match").ifPresent(pattern -> anchored("match", pattern));
            rule.scalar("label").filter(label -> !labels.contains(label.text())).ifPresent(this::unassigned);
            rule.scalar("name").ifPresent(name -> {
                YamlNode.Scalar first = rules.putIfAbsent(name.text(), name);
                if (first != null) {
                    warnings.add(name.at(), "a second rule is named " + name.text() + "; first at "
                            + first.at().shortly() + "; _rule does not tell their items apart");
                }
            });
        }
    }

    /** Labels that start URLs and follow rules give their pages. */
    private Set<String> assigned() {
        Set<String> labels = new HashSet<>();
        for (YamlNode start : job.elements("startUrls")) {
            job.element("startUrls", start)
                    .flatMap(section -> section.text("label"))
                    .ifPresent(labels::add);
        }
        if (job.has("follow")) {
            job.sections("follow").forEach(rule -> rule.text("label").ifPresent(labels::add));
        }
        return labels;
    }

    /** A pattern is looked for in the whole URL, and every URL begins with its scheme. */
    private void anchored(String key, YamlNode.Scalar pattern) {
        Optional<String> begin = Optional.of(pattern.text()).filter(text -> text.startsWith("^/"));
        begin.ifPresent(text -> warnings.add(pattern.at(), key + " \"" + text
                + "\" is found in no URL, because a URL begins with http:// or https://; leave out the ^"));
    }

    private void unassigned(YamlNode.Scalar label) {
        warnings.add(label.at(),
                "no page has the label " + label.text() + ": no start URL and no follow rule gives it");
    }
}
