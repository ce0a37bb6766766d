package fanout.internal.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Truth;
import fanout.job.RequestTemplate;
import fanout.job.SecretText;
import fanout.job.TemplateText;
import fanout.job.TemplateText.Part;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Fills a template with the values of one page.
 *
 * @param values by name: all that the template needs
 */
record TemplateRequest(RequestTemplate template, Map<String, Object> values) {

    /** Of a request, and of all that one page leads to. */
    static final int MOST_CHARACTERS = 1 << 20;

    /** The characters that a request may still have: a short template may name a long value again and again. */
    private static final class Room {
        private long left = MOST_CHARACTERS;

        String take(String text) {
            left -= text.length();
            if (left < 0) {
                throw new IllegalArgumentException("the request has more than " + MOST_CHARACTERS + " characters");
            }
            return text;
        }
    }

    /**
     * Returns the URL as a page would write it in a link.
     *
     * @throws IllegalArgumentException if it is too long to be any
     */
    String href() {
        TemplateText url = TemplateText.of(template.url());
        Room room = new Room();
        if (url.whole().isPresent()) {
            return room.take(text(url.whole().get()));
        }
        StringBuilder href = new StringBuilder();
        boolean inQuery = false;
        for (Part part : url.parts()) {
            switch (part) {
                case Part.Literal(String literal) -> {
                    href.append(literal);
                    inQuery |= literal.indexOf('?') >= 0;
                }
                case Part.Placeholder(String name) -> href.append(encoded(room.take(text(name)), inQuery));
                case Part.Secret _ -> throw new IllegalStateException("a URL refers to no secret");
            }
        }
        return href.toString();
    }

    /** A value of a path may be several of its segments. */
    private static String encoded(String text, boolean inQuery) {
        String encoded = URLEncoder.encode(text, UTF_8).replace("+", "%20");
        return inQuery ? encoded : encoded.replace("%2F", "/");
    }

    /**
     * Returns what is sent.
     *
     * @throws IllegalArgumentException if that cannot be sent
     */
    Details details(int priority, Map<String, Object> data) {
        Map<String, String> headers = new LinkedHashMap<>();
        Room room = new Room();
        template.headers().forEach((name, value) -> headers.put(name, filled(value, room)));
        Optional<Body> body = template.body().map(text -> body(text, room));
        Details details = new Details(template.method(), headers, body, priority, data, Optional.empty(),
                template.references());
        if (details.characters() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the request has more than " + MOST_CHARACTERS + " characters");
        }
        return details;
    }

    /** Returns the same request with an empty text for each value that is not named. */
    TemplateRequest only(List<String> names) {
        Map<String, Object> some = new LinkedHashMap<>(values);
        some.replaceAll((name, value) -> names.contains(name) ? value : "");
        return new TemplateRequest(template, some);
    }

    private Body body(RequestTemplate.Body body, Room room) {
        return switch (body) {
            case RequestTemplate.Form(List<Map.Entry<String, String>> fields) -> {
                List<Map.Entry<String, String>> filled = fields.stream()
                        .map(field -> Map.entry(field.getKey(), filled(field.getValue(), room)))
                        .toList();
                yield template.refersToSecrets() ? SecretText.form(filled) : Body.form(filled);
            }
            case RequestTemplate.Json(String document) -> {
                StringBuilder json = new StringBuilder();
                append(read(document), json, room);
                yield Body.json(json.toString());
            }
            case RequestTemplate.Text(String contentType, String text) -> new Body(contentType, filled(text, room));
        };
    }

    private String filled(String text, Room room) {
        StringBuilder filled = new StringBuilder();
        for (Part part : TemplateText.of(text, template.refersToSecrets()).parts()) {
            filled.append(switch (part) {
                case Part.Literal(String literal) -> withoutReferences(literal);
                case Part.Placeholder(String name) -> withoutReferences(room.take(text(name)));
                case Part.Secret(String name) -> SecretText.reference(name);
            });
        }
        return filled.toString();
    }

    /** A page cannot ask for a secret: what it says refers to none. */
    private String withoutReferences(String text) {
        return template.refersToSecrets() ? SecretText.literal(text) : text;
    }

    private String text(String name) {
        return value(name).toString();
    }

    private Object value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    // --- JSON ---

    private static JsonValue read(String document) {
        try {
            return JsonReader.read(new StringReader(document));
        } catch (IOException e) {
            throw new UncheckedIOException("the template was checked", e);
        }
    }

    private void append(JsonValue value, StringBuilder json, Room room) {
        switch (value) {
            case JsonValue.Text(String text) -> {
                Optional<Object> whole =
                        TemplateText.of(text, template.refersToSecrets()).whole().map(this::value);
                json.append(whole.filter(known -> !(known instanceof String))
                        .map(known -> room.take(known.toString()))
                        .orElseGet(() -> quoted(filled(text, room))));
            }
            case Numeral(String digits) -> json.append(digits);
            case Truth(boolean truth) -> json.append(truth);
            case Nothing _ -> json.append("null");
            case Elements(List<JsonValue> elements) -> {
                String before = "[";
                for (JsonValue element : elements) {
                    json.append(before);
                    append(element, json, room);
                    before = ",";
                }
                json.append(elements.isEmpty() ? "[]" : "]");
            }
            case Members(Map<String, JsonValue> members) -> {
                String before = "{";
                for (Map.Entry<String, JsonValue> member : members.entrySet()) {
                    json.append(before).append(quoted(member.getKey())).append(':');
                    append(member.getValue(), json, room);
                    before = ",";
                }
                json.append(members.isEmpty() ? "{}" : "}");
            }
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
