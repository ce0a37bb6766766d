package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.app.json.Json;
import fanout.job.RequestTemplate;
import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.url.CanonicalUrl;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request that a job names: its URL, method, headers, body, label, priority and data. Each result is empty if
 * there was a problem.
 */
record RequestReader(Problems problems, ValueReader values) {

    private static final List<String> BODIES = List.of("form", "json", "body");
    private static final List<String> SENT = List.of("headers", "form", "json", "body");

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
        boolean isKept = SENT.stream().allMatch(part -> section.node(part).map(this::isNoSecret).orElse(true));
        Method method = Method.valueOf(section.text("method").orElseThrow());
        boolean hasBody = hasBody(section);
        Optional<Body> body =
                hasBody ? bodyKey(section, method).flatMap(chosen -> body(section, chosen)) : Optional.empty();
        Optional<Map<String, Object>> data = data(section);
        if (url.isEmpty() || headers.isEmpty() || (hasBody && body.isEmpty()) || data.isEmpty() || !isKept) {
            return Optional.empty();
        }
        return section.make(() -> {
            Details details =
                    new Details(method, headers.get(), body, section.smallInteger("priority"), data.get());
            return Request.start(url.get(), section.text("label"))
                    .with(details.equals(Details.NONE) ? Details.NONE : details);
        });
    }

    /** What is sent with a request is written to the journal. */
    private boolean isNoSecret(YamlNode node) {
        List<DocumentPosition> secrets = new ArrayList<>();
        node.map(scalar -> {
            if (scalar.secret()) {
                secrets.add(scalar.at());
            }
            return scalar;
        });
        secrets.forEach(at -> problems.add(at, "a request may not have a value from the environment, because the "
                + "journal keeps the request; a header with a login or a key is safe in http.headers"));
        return secrets.isEmpty();
    }

    private Optional<Map<String, String>> headers(Section section) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, DocumentPosition> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        boolean areSendable = true;
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries("headers").entrySet()) {
            YamlNode.Scalar name = entry.getKey();
            areSendable &= entry.getValue() instanceof YamlNode.Scalar value && isHeader(name, value, places);
            entry.getValue().asScalar().ifPresent(value -> headers.put(name.text(), value.text()));
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
        return problems.at(value.at(), () -> new Details(Method.GET, header, Optional.empty(), 0, Map.of()))
                .isPresent();
    }

    /** Reads a request with placeholders. */
    Optional<RequestTemplate> template(Section section) {
        Optional<String> url = section.text("url");
        Optional<Map<String, String>> headers = headers(section);
        boolean isKept = SENT.stream().allMatch(part -> section.node(part).map(this::isNoSecret).orElse(true));
        Method method = Method.valueOf(section.text("method").orElseThrow());
        Optional<RequestTemplate.Body> body = hasBody(section)
                ? bodyKey(section, method).flatMap(key -> templateBody(section, key))
                : Optional.empty();
        return url.isEmpty() || headers.isEmpty() || (hasBody(section) && body.isEmpty()) || !isKept
                ? Optional.empty()
                : section.make(() -> new RequestTemplate(url.get(), method, headers.get(), body));
    }

    private Optional<RequestTemplate.Body> templateBody(Section section, String key) {
        return switch (key) {
            case "form" -> Optional.of(new RequestTemplate.Form(fields(section)));
            case "json" -> section.node(key)
                    .flatMap(node -> problems.at(node.at(), () -> new RequestTemplate.Json(Json.line(notNull(node)))));
            default -> section.scalar("contentType")
                    .flatMap(type -> section.text(key)
                            .flatMap(text -> problems
                                    .at(type.at(), () -> new RequestTemplate.Text(type.text(), text))));
        };
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
            case "form" -> problems.at(section.at(key), () -> Body.form(fields(section)));
            case "json" -> section.node(key)
                    .flatMap(node -> problems.at(node.at(), () -> Body.json(Json.line(notNull(node)))));
            default -> section.scalar("contentType")
                    .flatMap(type -> section.text(key)
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
        section.entries("form")
                .forEach((name, value) -> (value instanceof YamlNode.Sequence several ? several.elements()
                        : List.of(value))
                        .forEach(one -> one.asScalar()
                                .ifPresent(text -> fields.add(Map.entry(name.text(), text.text())))));
        return fields;
    }

    private Optional<Map<String, Object>> data(Section section) {
        Map<String, Object> data = new LinkedHashMap<>();
        boolean areScalars = true;
        for (Map.Entry<YamlNode.Scalar, YamlNode> entry : section.entries("data").entrySet()) {
            Optional<Object> value = problems.at(entry.getValue().at(),
                    () -> notNull(entry.getValue()));
            areScalars &= value.isPresent();
            value.ifPresent(found -> data.put(entry.getKey().text(), found));
        }
        return areScalars ? Optional.of(data) : Optional.empty();
    }

    private static Object notNull(YamlNode node) {
        return Objects.requireNonNull(value(node), "a null counts as absent here");
    }

    /** Returns a value of JSON: text, number, truth, null, or a list or map of these. */
    private static @Nullable Object value(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar);
            case YamlNode.Sequence sequence -> {
                List<@Nullable Object> list = new ArrayList<>();
                sequence.elements().forEach(element -> list.add(value(element)));
                yield list;
            }
            case YamlNode.Mapping mapping -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                mapping.entries().forEach(entry -> map.put(entry.key().text(), value(entry.value())));
                yield map;
            }
            case YamlNode.Refused _ -> ""; // why it is refused has been reported: no job comes of this
        };
    }

    private static @Nullable Object scalar(YamlNode.Scalar scalar) {
        if (scalar.isNull()) {
            return null;
        }
        if (scalar.isNumber()) {
            return scalar.isInteger() ? integer(scalar.text()) : decimal(scalar.text());
        }
        return scalar.truth().<Object>map(Function.identity()).orElseGet(scalar::text);
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
