package fanout.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A line of the pages file. */
record Line(
        String url,
        String outcome,
        String reason,
        Optional<String> redirectUrl,
        int redirects,
        int depth,
        Optional<String> referrer) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Empty if it is no line. */
    static Optional<Line> read(String text) {
        Map<String, String> values = values(text);
        return values.isEmpty() ? Optional.empty()
                : Optional.of(new Line(values.get("url"), values.get("outcome"), values.getOrDefault("reason", ""),
                        Optional.ofNullable(values.get("redirectUrl")), Integer.parseInt(values.get("redirects")),
                        Integer.parseInt(values.get("depth")), Optional.ofNullable(values.get("referrer"))));
    }

    /** The page of an item; empty if it is no line. */
    static Optional<String> pageOf(String item) {
        return Optional.ofNullable(values(item).get("_url"));
    }

    /** The values of a flat object that are not null; none if the text is no whole object. */
    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_NULL) {
                    values.put(name, json.getString());
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null ? values : Map.of();
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    boolean isOk() {
        return outcome.equals("ok");
    }
}
