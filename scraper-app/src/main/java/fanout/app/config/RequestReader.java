package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.app.json.Json;
import fanout.job.RequestTemplate;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request that a job names: its URL, method, headers, body, label, priority and data. Each result is empty if
 * there was a problem.
 *
 * @param secrets to which the job refers
 */
record RequestReader(Problems problems, ValueReader values, Secrets secrets) {

    private static final List<String> BODIES = List.of("form", "json", "body");
    private static final List<String> SENT = List.of("headers", "form", "json", "body", "fields");

    /** Longer ones take long to read. */
    private static final int LONGEST_NUMBER = 1_000;

    /**
     * Reads an element of a list: a URL, or a mapping.
     *
     * @param key of the list
     */
    Optional<Request> read(Section job, String key, YamlNode element) {
        Optional<Section> section = job.element(key, element);
        return section.isPresent() ? read(section.get(), key)
                : element.asScalar()
                        .flatMap(text -> values.url(text, key))
                        .map(url -> Request.start(url, Optional.empty()));
    }

    private Optional<Request> read(Section section, String key) {
        Optional<CanonicalUrl> url = section.scalar("url").flatMap(text -> values.url(text, key));
        Optional<Map<String, String>> headers = headers(section);
        Method method = Method.valueOf(section.text("method").orElseThrow());
        boolean hasBody = hasBody(section);
        Optional<String> ofBody = hasBody ? bodyKey(section, method) : Optional.empty();
        Optional<Body> body = ofBody.flatMap(chosen -> body(section, chosen));
        Optional<Map<String, Object>> data = data(section);
        if (url.isEmpty() || headers.isEmpty() || (hasBody && body.isEmpty()) || data.isEmpty()) {
            return Optional.empty();
        }
        return section.make(() -> {
            Details details = new Details(method, headers.get(), body, section.smallInteger("priority"), data.get(),
                    Optional.empty(), references(section, ofBody.orElse("body")));
            return Request.start(url.get(), section.text("label"))
                    .with(details.equals(Details.NONE) ? Details.NONE : details);
        });
    }

    /** Returns how a request refers to secrets, whose body this key has. */
    private static References references(Section section, String bodyKey) {
        return !refers(section) ? References.NONE : switch (bodyKey) {
            case "form" -> References.IN_FORM;
            case "json" -> References.IN_JSON;
            default -> References.IN_TEXT;
        };
    }

    /** Returns whether what is sent refers to secrets. */
    static boolean refers(Section section) {
        Set<Boolean> found = new HashSet<>();
        SENT.forEach(key -> section.node(key).ifPresent(node -> node.map(scalar -> {
            found.add(scalar.refers());
            return scalar;
        })));
        return found.contains(true);
    }

    /** Returns a text of a request, which is one of {@link SecretText} if any of them refers to a secret. */
    static String sent(YamlNode.Scalar scalar, boolean refers) {
        return refers && !scalar.refers() ? SecretText.literal(scalar.text()) : scalar.text();
    }

    private Optional<Map<String, String>> headers(Section section) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, DocumentPosition> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        boolean areSendable = true;
        boolean refers = refers(section);
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries("headers").entrySet()) {
            YamlNode.Scalar name = entry.getKey();
            areSendable &= entry.getValue() instanceof YamlNode.Scalar value && isHeader(name, value, places);
            entry.getValue().asScalar().ifPresent(value -> headers.put(name.text(), sent(value, refers)));
        }
        return areSendable ? Optional.of(headers) : Optional.empty();
    }

    private boolean isHeader(YamlNode.Scalar name, YamlNode.Scalar value, Map<String, DocumentPosition> places) {
        DocumentPosition first = places.putIfAbsent(name.text(), name.at());
        if (first != null) {
            problems.add(name.at(), "duplicate header \"" + name.text() + "\"; first at " + first.shortly());
            return false;
        }
        if (name.text().equalsIgnoreCase("User-Agent")) {
            problems.add(name.at(), "\"" + name.text() + "\" is set by http.userAgent");
            return false;
        }
        Map<String, String> header = Map.of(name.text(), value.text());
        return problems.at(value.at(), () -> {
            if (value.refers()) {
                secrets.checkHeader(new SecretText(value.text()), "headers." + name.text());
            }
            return new Details(Method.GET, header, Optional.empty(), 0, Map.of());
        }).isPresent();
    }

    /** Reads a request with placeholders. */
    Optional<RequestTemplate> template(Section section) {
        Optional<String> url = section.text("url");
        Optional<Map<String, String>> headers = headers(section);
        Method method = Method.valueOf(section.text("method").orElseThrow());
        Optional<RequestTemplate.Body> body = hasBody(section)
                ? bodyKey(section, method).flatMap(key -> templateBody(section, key))
                : Optional.empty();
        return url.isEmpty() || headers.isEmpty() || (hasBody(section) && body.isEmpty())
                ? Optional.empty()
                : section.make(() -> new RequestTemplate(url.get(), method, headers.get(), body, refers(section)));
    }

    private Optional<RequestTemplate.Body> templateBody(Section section, String key) {
        return switch (key) {
            case "form" -> Optional.of(new RequestTemplate.Form(fields(section)));
            case "json" -> section.node(key)
                    .flatMap(node -> problems.at(node.at(),
                            () -> new RequestTemplate.Json(Json.line(notNull(node, refers(section))))));
            default -> section.scalar("contentType")
                    .flatMap(type -> section.scalar(key)
                            .map(text -> sent(text, refers(section)))
                            .flatMap(text -> problems.at(type.at(),
                                    () -> new RequestTemplate.Text(type.text(), text))));
        };
    }

    /**
     * Reads the fields of a form. A list is a field with several values, null one without any.
     *
     * @param refers whether each value is to be one of {@link SecretText}
     */
    Optional<Map<String, List<String>>> fill(Section section, boolean refers) {
        Map<String, List<String>> filled = new LinkedHashMap<>();
        boolean isWhole = true;
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries("fields").entrySet()) {
            YamlNode.Scalar name = entry.getKey();
            if (name.text().isEmpty()) {
                problems.add(name.at(), "fields has a field without a name, which no form sends");
                isWhole = false;
            }
            YamlNode value = entry.getValue();
            filled.put(name.text(), (value instanceof YamlNode.Sequence several ? several.elements() : List.of(value))
                    .stream()
                    .filter(each -> !each.isNull())
                    .flatMap(each -> each.asScalar().stream())
                    .map(text -> sent(text, refers))
                    .toList());
        }
        return isWhole ? Optional.of(filled) : Optional.empty();
    }

    /**
     * Returns the value of a field, whose secrets each form can send.
     *
     * @throws IllegalArgumentException if one of them has a line break
     */
    String checkedField(YamlNode.Scalar name, YamlNode.Scalar value) {
        secrets.checkField(new SecretText(value.text()), "fields." + name.text());
        return value.text();
    }

    private static boolean hasBody(Section section) {
        return BODIES.stream().anyMatch(section::has) || section.has("contentType");
    }

    /** Returns the one key that has the body. */
    private Optional<String> bodyKey(Section section, Method method) {
        List<String> given = BODIES.stream().filter(section::has).toList();
        if (given.size() > 1) {
            return refused(section.keyAt(given.get(1)),
                    "a request has one body, not " + String.join(" and ", given) + "; give one of form, json, body");
        }
        if (section.has("contentType") != given.contains("body")) {
            return given.contains("body")
                    ? refused(section.keyAt("body"), "body needs a contentType, as in contentType: text/plain")
                    : refused(section.keyAt("contentType"), "contentType is that of a body, which is missing"
                            + (given.isEmpty() ? "" : "; for " + given.getFirst() + ", set Content-Type in headers"));
        }
        String key = given.getFirst();
        if (method == Method.GET || method == Method.HEAD) {
            return refused(section.keyAt(key), "a " + method + " sends no "
                    + (key.equals("body") ? key : key + " in a body") + "; set method: POST");
        }
        return Optional.of(key);
    }

    private Optional<Body> body(Section section, String key) {
        return switch (key) {
            case "form" -> problems.at(section.at(key),
                    () -> refers(section) ? SecretText.form(fields(section)) : Body.form(fields(section)));
            case "json" -> section.node(key)
                    .flatMap(
                            node -> problems.at(node.at(), () -> Body.json(Json.line(notNull(node, refers(section))))));
            default -> section.scalar("contentType")
                    .flatMap(type -> section.scalar(key)
                            .map(text -> sent(text, refers(section)))
                            .flatMap(text -> problems.at(type.at(), () -> new Body(type.text(), text))));
        };
    }

    private Optional<String> refused(DocumentPosition at, String problem) {
        problems.add(at, problem);
        return Optional.empty();
    }

    /** Returns the fields of a form. A list is a field with several values. */
    private static List<Map.Entry<String, String>> fields(Section section) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        boolean refers = refers(section);
        section.entries("form")
                .forEach((name, value) -> (value instanceof YamlNode.Sequence several ? several.elements()
                        : List.of(value))
                        .forEach(one -> one.asScalar()
                                .ifPresent(text -> fields.add(Map.entry(name.text(), sent(text, refers))))));
        return fields;
    }

    private Optional<Map<String, Object>> data(Section section) {
        Map<String, Object> data = new LinkedHashMap<>();
        boolean areScalars = true;
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries("data").entrySet()) {
            Optional<Object> value = problems.at(entry.getValue().at(),
                    () -> notNull(entry.getValue(), false));
            areScalars &= value.isPresent();
            value.ifPresent(found -> data.put(entry.getKey().text(), found));
        }
        return areScalars ? Optional.of(data) : Optional.empty();
    }

    private static Object notNull(YamlNode node, boolean refers) {
        return Objects.requireNonNull(value(node, refers), "a null counts as absent here");
    }

    /** Returns a value of JSON: text, number, truth, null, or a list or map of these. */
    private static @Nullable Object value(YamlNode node, boolean refers) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar, refers);
            case YamlNode.Sequence sequence -> {
                List<@Nullable Object> list = new ArrayList<>();
                sequence.elements().forEach(element -> list.add(value(element, refers)));
                yield list;
            }
            case YamlNode.Mapping mapping -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                mapping.entries()
                        .forEach(entry -> map.put(refers ? SecretText.literal(entry.key().text()) : entry.key().text(),
                                value(entry.value(), refers)));
                yield map;
            }
            case YamlNode.Refused _ -> ""; // why it is refused has been reported: no job comes of this
        };
    }

    private static @Nullable Object scalar(YamlNode.Scalar scalar, boolean refers) {
        if (scalar.isNull()) {
            return null;
        }
        if (scalar.isNumber()) {
            return scalar.isInteger() ? integer(scalar.text()) : decimal(scalar.text());
        }
        return scalar.truth().<Object>map(Function.identity()).orElseGet(() -> sent(scalar, refers));
    }

    private static BigInteger integer(String text) {
        int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
        return new BigInteger(readable(text).substring(radix == 10 ? 0 : 2), radix);
    }

    private static String readable(String number) {
        if (number.length() > LONGEST_NUMBER) {
            throw new IllegalArgumentException("a number has at most " + LONGEST_NUMBER + " characters, not "
                    + number.length() + "; write it in quotes to send a text");
        }
        return number;
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(readable(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("JSON has no number " + text + "; write it in quotes to send a text", e);
        }
    }
}
