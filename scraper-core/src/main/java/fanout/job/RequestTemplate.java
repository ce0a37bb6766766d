package fanout.job;

import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import fanout.page.HeaderRule;
import fanout.page.Request.Method;
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
 */
public record RequestTemplate(String url, Method method, Map<String, String> headers, Optional<Body> body) {

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
        texts(url, headers, body).forEach(TemplateText::of);
    }

    /** Returns the names of the values that it needs. */
    public Set<String> names() {
        return texts(url, headers, body).flatMap(text -> namesIn(text).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the names of the placeholders in one text of a request, in their order.
     *
     * @throws IllegalArgumentException if a brace begins no placeholder
     */
    public static List<String> namesIn(String text) {
        return TemplateText.of(text).names().distinct().toList();
    }

    private static Stream<String> texts(String url, Map<String, String> headers, Optional<Body> body) {
        Stream<String> sent = body.stream().flatMap(part -> switch (part) {
            case Form form -> form.fields.stream().map(Map.Entry::getValue);
            case Json json -> strings(json.value());
            case Text text -> Stream.of(text.text);
        });
        return Stream.concat(Stream.concat(Stream.of(url), headers.values().stream()), sent);
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
