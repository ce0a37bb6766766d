package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.schema.NearestKey;
import fanout.app.config.schema.Section;
import fanout.job.Expectations;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code expect}, and looks that the fields which it names are those of the job's rules. */
record ExpectReader(Problems problems) {

    /**
     * Returns what the job expects; empty only if there are problems.
     *
     * @param isWhole whether all rules of the job are known
     */
    Optional<Expectations> read(Section job, boolean isWhole) {
        Section section = job.section("expect");
        Optional<Set<String>> known = isWhole ? fields(job) : Optional.empty();
        Map<String, Integer> filled = new LinkedHashMap<>();
        known.ifPresent(fields -> section.smallIntegers("filled").forEach((name, percent) -> {
            if (fields.contains(name.text())) {
                filled.put(name.text(), percent);
            } else {
                problems.add(name.at(), unknown(name.text(), fields));
            }
        }));
        OptionalLong change = section.optionalInteger("maxChangePercent");
        return section.make(() -> new Expectations(section.optionalInteger("minPages"),
                section.optionalInteger("minItems"), filled,
                change.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(change.getAsLong()))));
    }

    /** Returns the fields of all rules; empty if a rule cannot be read, which has a problem of its own. */
    private static Optional<Set<String>> fields(Section job) {
        List<Section> rules = job.sections("extract");
        int written = job.node("extract").map(all -> all.asElements().size()).orElse(job.has("extract") ? 1 : 0);
        Set<String> fields = new LinkedHashSet<>();
        rules.forEach(rule -> rule.names("fields")
                .forEach(field -> fields.add(rule.text("name").orElse("") + "." + field)));
        boolean areAll = rules.size() == written
                && rules.stream().allMatch(rule -> rule.text("name").isPresent() && rule.node("fields").isPresent());
        return Optional.of(fields).filter(_ -> areAll);
    }

    private static String unknown(String name, Set<String> known) {
        List<String> nearest = NearestKey.all(name, known);
        return "filled has " + name + ", and " + (known.isEmpty() ? "the job has no fields under extract"
                : !nearest.isEmpty() ? "no rule has such a field; did you mean " + String.join(" or ", nearest) + "?"
                        : "no rule has such a field; the fields are " + String.join(", ", known));
    }
}
