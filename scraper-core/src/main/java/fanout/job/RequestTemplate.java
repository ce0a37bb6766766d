package fanout.job;

import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import fanout.page.HeaderRule;
import fanout.page.Request.Method;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request whose texts have placeholders for values of a page, as in {@code /list?page={n}}; <code>{{</code> is a
 * brace. Immutable.
 *
 * @param url absolute, or relative to the page. A value is encoded for the place where it stands, unless it is the
 *     whole URL
 * @param headers added to those of the job
 * @param refersToSecrets whether headers and body have references, see {@link fanout.page.Request.References}
 */
public record RequestTemplate(
        String url,
        Method method,
        Map<String, String> headers,
        Optional<Body> body,
        boolean refersToSecrets) {

    /** What is sent. */
    public sealed interface Body {}

    /** Fields of a form, in which a name may stand more than once. */
    public record Form(List<Map.Entry<String, String>> fields) implements Body {
        public Form {
            fields = List.copyOf(fields);
        }
    }

    /** A document of JSON, in whose strings a placeholder that is the whole string becomes a value of its own type. */
    public record Json(String document) implements Body {
        public Json {
            value(document);
        }

        /** Returns the document. */
        JsonValue value() {
            return value(document);
        }

        private static JsonValue value(String document) {
            try {
                return JsonReader.read(new StringReader(document));
            } catch (IOException e) {
                throw new IllegalArgumentException("json is no JSON: " + e.getMessage(), e);
            }
        }
    }

    /** A text of any other type. */
    public record Text(String contentType, String text) implements Body {
        public Text {
            HeaderRule.check("Content-Type", contentType, "contentType");
        }
    }

    public RequestTemplate {
        Require.check(!url.isBlank(), "url", "must not be blank");
        Require.check(body.isEmpty() || !(method == Method.GET || method == Method.HEAD), "method",
                "must be POST, PUT, PATCH or DELETE, because a " + method + " has no body");
        headers.forEach((name, value) -> HeaderRule.check(name, value, "headers." + name));
        TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = Collections.unmodifiableMap(sorted);
        TemplateText.of(url);
        boolean refers = refersToSecrets;
        sent(headers, body).forEach(text -> TemplateText.of(text, refers));
    }

    /** A template that refers to no secret. */
    public RequestTemplate(String url, Method method, Map<String, String> headers, Optional<Body> body) {
        this(url, method, headers, body, false);
    }

    /** Returns the names of the values that it needs. */
    public Set<String> names() {
        return Stream.concat(TemplateText.of(url).names(),
                sent(headers, body).flatMap(text -> namesIn(text, refersToSecrets).stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the names of the placeholders in one text of a request, in their order.
     *
     * @param refersToSecrets whether it has references, see {@link fanout.page.Request.References}
     * @throws IllegalArgumentException if a brace begins no placeholder
     */
    public static List<String> namesIn(String text, boolean refersToSecrets) {
        return TemplateText.of(text, refersToSecrets).names().distinct().toList();
    }

    /** Returns how its requests refer to secrets. */
    public References references() {
        return !refersToSecrets ? References.NONE : switch (body.orElse(null)) {
            case Form _ -> References.IN_FORM;
            case Json _ -> References.IN_JSON;
            case Text _ -> References.IN_TEXT;
            case null -> References.IN_TEXT;
        };
    }

    /** Checks the secrets to which it refers. */
    void check(Secrets secrets) {
        if (refersToSecrets) {
            headers.forEach((name, value) -> secrets.checkHeader(new SecretText(value), "headers." + name));
            sent(Map.of(), body).forEach(text -> secrets.check(new SecretText(text), "request"));
        }
    }

    /** Returns the origin that it names, if it names one: a placeholder may stand behind it only. */
    Optional<String> origin() {
        int authority = url.indexOf("://");
        int end = authority < 0 ? -1 : authority + 3;
        while (end >= 0 && end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end < 0 || url.substring(0, end).indexOf('{') >= 0 ? Optional.empty()
                : CanonicalUrl.parse(url.substring(0, end)).map(CanonicalUrl::origin);
    }

    private static Stream<String> sent(Map<String, String> headers, Optional<Body> body) {
        Stream<String> sent = body.stream().flatMap(part -> switch (part) {
            case Form form -> form.fields.stream().map(Map.Entry::getValue);
            case Json json -> strings(json.value());
            case Text text -> Stream.of(text.text);
        });
        return Stream.concat(headers.values().stream(), sent);
    }

    private static Stream<String> strings(JsonValue value) {
        return switch (value) {
            case JsonValue.Text(String text) -> Stream.of(text);
            case JsonValue.Elements(var elements) -> elements.stream().flatMap(RequestTemplate::strings);
            case JsonValue.Members(var members) -> members.values().stream().flatMap(RequestTemplate::strings);
            case JsonValue.Numeral _,JsonValue.Truth _,JsonValue.Nothing _ -> Stream.empty();
        };
    }
}
