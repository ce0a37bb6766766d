package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Field;
import fanout.job.FormFill;
import fanout.job.RequestTemplate;
import fanout.job.SecretText;
import fanout.job.Selector;
import fanout.job.Session;
import fanout.job.Session.Signs;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads {@code session}. Each result is empty if there was a problem. */
record SessionReader(Problems problems, ValueReader values, ExtractReader fields, RequestReader requests) {

    /** @param job which has a session */
    Optional<Session> read(Section job) {
        Section section = job.section("session");
        Set<String> known = new TreeSet<>();
        List<YamlNode> written = section.elements("login");
        List<Session.Step> login = new ArrayList<>();
        for (YamlNode step : written) {
            step(section, step, known).ifPresent(login::add);
        }
        Optional<Signs> success = section.has("success") ? signs(section.section("success")) : Optional.empty();
        Optional<Signs> expired =
                section.has("expired") ? signs(section.section("expired")) : Optional.of(Signs.NONE);
        List<CanonicalUrl> origins = section.texts("origins", node -> values.url(node, "origins"));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        boolean refers = RequestReader.refers(section);
        boolean areFilled = true;
        for (Map.Entry<YamlNode.Scalar, YamlNode> header : section.entries("headers").entrySet()) {
            if (header.getValue() instanceof YamlNode.Scalar value) {
                String name = header.getKey().text();
                areFilled &= isFilled(value, known) && isSendable(name, value);
                headers.put(name, RequestReader.sent(value, refers));
            }
        }
        boolean isWhole = areFilled && login.size() == written.size() && section.has("success") == success.isPresent()
                && origins.size() == section.elements("origins").size();
        return expired.filter(_ -> isWhole)
                .flatMap(signs -> section.make(() -> new Session(login, success, origins,
                        new Session.Headers(headers, refers), signs, section.smallInteger("maxLogins"))));
    }

    private boolean isSendable(String name, YamlNode.Scalar value) {
        return problems.at(value.at(), () -> {
            if (value.refers()) {
                requests.secrets().checkHeader(new SecretText(value.text()), "headers." + name);
            }
            return new Request.Details(Request.Method.GET, Map.of(name, value.text()), Optional.empty(), 0, Map.of());
        }).isPresent();
    }

    /**
     * Reads a step: a URL, or a mapping.
     *
     * @param known names of the values of the steps before, to which those of this step are added
     */
    private Optional<Session.Step> step(Section session, YamlNode node, Set<String> known) {
        Optional<Section> section = session.element("login", node);
        if (section.isEmpty()) {
            return node.asScalar()
                    .filter(url -> isFilled(url, known))
                    .flatMap(url -> problems.at(url.at(), () -> new Session.Send(new RequestTemplate(url.text(),
                            Request.Method.GET, Map.of(), Optional.empty()), List.of())));
        }
        boolean isForm = section.get().scalar("form").isPresent();
        boolean areFilled = isForm || arePlaceholdersKnown(section.get(), known);
        List<Field> read = section.get().has("values") ? fields.fields(section.get(), "values", false) : List.of();
        boolean areRead = !section.get().has("values")
                || read.size() == section.get().entries("values").size();
        section.get().entries("values").keySet().forEach(name -> addTo(known, name));
        if (isForm) {
            return submit(section.get(), read).filter(_ -> areRead);
        }
        Optional<RequestTemplate> request = areFilled ? requests.template(section.get()) : Optional.empty();
        return request.filter(_ -> areRead)
                .flatMap(template -> section.get().make(() -> new Session.Send(template, read)));
    }

    private Optional<Session.Step> submit(Section step, List<Field> read) {
        List<String> wrong = List.of("url", "method", "headers", "json", "body", "contentType")
                .stream()
                .filter(step::has)
                .toList();
        wrong.forEach(key -> problems.add(step.keyAt(key),
                key + " goes with url only; a form on the page before says where and how it is sent"));
        boolean refers = RequestReader.refers(step);
        Optional<Selector.Css> form = step.scalar("form").flatMap(values::css);
        Optional<Selector.Css> submit = step.scalar("submit").flatMap(values::css);
        Optional<Map<String, List<String>>> filled = requests.fill(step, refers);
        boolean isWhole = wrong.isEmpty() && step.has("submit") == submit.isPresent();
        return form.filter(_ -> isWhole)
                .flatMap(selector -> filled.flatMap(texts -> step.make(
                        () -> new Session.Submit(new FormFill(selector, texts, submit), refers, read))));
    }

    private void addTo(Set<String> known, YamlNode.Scalar name) {
        if (!known.add(name.text())) {
            problems.add(name.at(), "a step before has a value " + name.text() + ", too; give this one another name");
        }
    }

    /** Returns whether each placeholder of what a step sends is a value of a step before. */
    private boolean arePlaceholdersKnown(Section step, Set<String> known) {
        List<YamlNode.Scalar> texts = new ArrayList<>();
        for (String key : List.of("url", "headers", "form", "json", "body")) {
            step.node(key).ifPresent(node -> node.map(scalar -> {
                texts.add(scalar);
                return scalar;
            }));
        }
        boolean areKnown = true;
        for (YamlNode.Scalar text : texts) {
            areKnown &= isFilled(text, known);
        }
        return areKnown;
    }

    private boolean isFilled(YamlNode.Scalar text, Set<String> known) {
        Optional<List<String>> template =
                problems.at(text.at(), () -> RequestTemplate.namesIn(text.text(), text.refers()));
        List<String> unknown = template.stream()
                .flatMap(List::stream)
                .filter(name -> !known.contains(name))
                .toList();
        unknown.forEach(name -> problems.add(text.at(), "{" + name + "} is no value of a step before; "
                + (known.isEmpty() ? "no step before has values" : "they have " + String.join(", ", known))));
        return template.isPresent() && unknown.isEmpty();
    }

    private Optional<Signs> signs(Section section) {
        Set<Integer> statuses = section.scalar("status")
                .map(List::of)
                .orElseGet(() -> section.texts("status"))
                .stream()
                .map(status -> Integer.valueOf(status.text()))
                .collect(Collectors.toSet());
        Optional<Selector> css = section.scalar("css").flatMap(values::css);
        Optional<TextPattern> url = section.scalar("url").flatMap(values::pattern);
        boolean isWhole = section.has("css") == css.isPresent() && section.has("url") == url.isPresent();
        return isWhole ? section.make(() -> new Signs(statuses, css, url)) : Optional.empty();
    }
}
