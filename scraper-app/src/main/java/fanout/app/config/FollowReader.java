package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.RequestTemplate;
import fanout.job.Selector;
import fanout.url.TextPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code follow}. Each result is empty if there was a problem. */
record FollowReader(Problems problems, ValueReader values, ExtractReader fields, RequestReader requests) {

    private static final List<String> OF_LINKS = List.of("jsonld", "in", "attr");
    private static final List<String> OF_REQUESTS = List.of("values", "when");
    private static final List<String> OF_FORMS = List.of("fields", "submit");

    /**
     * Reads an entry of {@code follow}: a mapping, or the word {@code standard}.
     *
     * @param job in which it is
     */
    Optional<FollowRule> followRule(Section job, YamlNode entry) {
        Optional<Section> section = job.element("follow", entry);
        return section.isPresent() ? followRule(section.get())
                : Optional.of(new FollowRule(new FollowRule.StandardSet(), Optional.empty(), 0, List.of(), List.of(),
                        List.of()));
    }

    private Optional<FollowRule> followRule(Section section) {
        Optional<FollowRule.Source> source = section.has("request") ? template(section)
                : section.has("form") ? form(section)
                        : section.has("standard") ? standard(section) : picked(section);
        List<TextPattern> include = section.texts("include", values::pattern);
        List<TextPattern> exclude = section.texts("exclude", values::pattern);
        List<Field> data = fields.fields(section, "data", false);
        return source.flatMap(found -> section.make(() -> new FollowRule(found, section.text("label"),
                section.smallInteger("priority"), include, exclude, data)));
    }

    private Optional<FollowRule.Source> standard(Section section) {
        return fields.alone(section, "standard", OF_LINKS) && makesNoRequest(section)
                ? Optional.of(new FollowRule.StandardSet())
                : Optional.empty();
    }

    private Optional<FollowRule.Source> picked(Section section) {
        return !makesNoRequest(section) ? Optional.empty()
                : values.selector(section)
                        .flatMap(selector -> section
                                .make(() -> new FollowRule.Picked(selector, section.text("attr").orElseThrow())));
    }

    /** Returns whether there is none of the keys that go with a request or a form. */
    private boolean makesNoRequest(Section section) {
        boolean hasNoValues = without(section, OF_REQUESTS, "request only");
        boolean hasNoFields = without(section, OF_FORMS, "form only");
        return without(section, List.of("identity"), "request and form only") && hasNoValues && hasNoFields;
    }

    private boolean without(Section section, List<String> keys, String owner) {
        List<String> wrong = keys.stream().filter(section::has).toList();
        wrong.forEach(key -> problems.add(section.keyAt(key), key + " goes with " + owner));
        return wrong.isEmpty();
    }

    private Optional<FollowRule.Source> form(Section section) {
        boolean isAlone = fields.alone(section, "form", OF_LINKS);
        boolean hasNoValues = without(section, List.of("values"),
                "request only; the fields of a form are written as they are sent");
        boolean isUnconditional = without(section, List.of("when"), "request only; choose the form by what the page "
                + "has, as in form: \"form:has(a.next)\", or by submit");
        Optional<Selector.Css> form = section.scalar("form").flatMap(values::css);
        Optional<Selector.Css> submit = section.scalar("submit").flatMap(values::css);
        boolean refers = RequestReader.refers(section);
        Optional<Map<String, List<String>>> filled =
                requests.fill(section, refers).filter(_ -> areSendable(section));
        boolean isWhole = isAlone && hasNoValues && isUnconditional && section.has("submit") == submit.isPresent();
        return form.filter(_ -> isWhole)
                .flatMap(selector -> filled.flatMap(texts -> section.make(
                        () -> new FollowRule.Form(new FormFill(selector, texts, submit), refers, identity(section)))));
    }

    /** Returns whether forms can send the secrets to which the fields refer. */
    private boolean areSendable(Section section) {
        List<YamlNode.Scalar> wrong = new ArrayList<>();
        section.entries("fields").forEach((name, node) -> node.map(value -> {
            if (value.refers() && problems.at(value.at(), () -> requests.checkedField(name, value)).isEmpty()) {
                wrong.add(value);
            }
            return value;
        }));
        return wrong.isEmpty();
    }

    private static Optional<List<String>> identity(Section section) {
        return section.has("identity")
                ? Optional.of(section.texts("identity").stream().map(YamlNode.Scalar::text).toList())
                : Optional.empty();
    }

    private Optional<FollowRule.Source> template(Section section) {
        boolean isAlone = fields.alone(section, "request", OF_LINKS);
        boolean hasNoFields = without(section, OF_FORMS, "form only");
        List<Field> read = section.has("values") ? fields.fields(section, "values", false) : List.of();
        Optional<Selector> when =
                section.has("when") ? values.selector(section.section("when")) : Optional.empty();
        boolean isFilled = arePlaceholdersValues(section);
        Optional<List<String>> identity = identity(section);
        boolean isIdentified = areValues(section, read);
        Optional<RequestTemplate> request =
                isFilled ? requests.template(section.section("request")) : Optional.empty();
        boolean isWhole = isAlone && hasNoFields && isIdentified && section.has("when") == when.isPresent()
                && read.size() == (section.has("values") ? section.entries("values").size() : 0);
        return request.filter(_ -> isWhole)
                .flatMap(template -> section.make(() -> new FollowRule.Template(template, read, when, identity)));
    }

    /** Returns whether identity names values only. */
    private boolean areValues(Section section, List<Field> read) {
        List<YamlNode.Scalar> wrong = section.texts("identity")
                .stream()
                .filter(name -> read.stream().noneMatch(value -> value.name().equals(name.text())))
                .toList();
        wrong.forEach(name -> problems.add(name.at(), "identity has " + name.text() + ", which is no value; "
                + (read.isEmpty() ? "the entry has no values"
                        : "values has " + read.stream()
                                .map(Field::name)
                                .collect(Collectors.joining(", ")))));
        return wrong.isEmpty();
    }

    /** Returns whether each placeholder of the request is a value, and each value is used. */
    private boolean arePlaceholdersValues(Section section) {
        Map<YamlNode.Scalar, YamlNode> given = section.has("values") ? section.entries("values") : Map.of();
        Set<String> known = new HashSet<>();
        given.keySet().forEach(name -> known.add(name.text()));
        List<YamlNode.Scalar> texts = new ArrayList<>();
        section.node("request").ifPresent(request -> request.map(scalar -> {
            texts.add(scalar);
            return scalar;
        }));
        Set<String> used = new HashSet<>();
        boolean areKnown = true;
        for (YamlNode.Scalar text : texts) {
            Optional<List<String>> names =
                    problems.at(text.at(), () -> RequestTemplate.namesIn(text.text(), text.refers()));
            areKnown &= names.isPresent();
            for (String name : names.orElse(List.of())) {
                used.add(name);
                if (!known.contains(name)) {
                    problems.add(text.at(), "{" + name + "} is no value; "
                            + (known.isEmpty() ? "the entry has no values"
                                    : "values has "
                                            + String.join(", ", known.stream().sorted().toList())));
                    areKnown = false;
                }
            }
        }
        List<YamlNode.Scalar> unused = areKnown
                ? given.keySet().stream().filter(name -> !used.contains(name.text())).toList()
                : List.of();
        unused.forEach(name -> problems.add(name.at(), "request does not use the value " + name.text()
                + "; use it as {" + name.text() + "}, or leave it out"));
        return areKnown && unused.isEmpty();
    }
}
