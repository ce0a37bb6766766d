package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a form sends in a query or in a body, by name; of several fields with one name the first. Immutable. */
record FormFields(Map<String, String> values) {

    static final FormFields NONE = new FormFields(Map.of());

    FormFields {
        values = Map.copyOf(values);
    }

    /** Reads {@code a=1&b=2}; returns empty if a percent sign begins no octet. */
    static Optional<FormFields> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String field : text.split("&", -1)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            try {
                values.putIfAbsent(URLDecoder.decode(name, UTF_8),
                        equals < 0 ? "" : URLDecoder.decode(field.substring(equals + 1), UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new FormFields(values));
    }

    /** Returns a value as it stands in a query. */
    static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }

    /** Returns the value of a field; an empty text if it is missing. */
    String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** Returns the field {@code page}: 1 if it is missing, 0 if it cannot be the number of a page. */
    int page() {
        String text = values.getOrDefault("page", "1");
        return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : 0;
    }
}
