package fanout.simulation;

import fanout.page.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A line of the pages file. */
record Line(
        Asked asked,
        String outcome,
        String reason,
        Way way,
        Named named,
        Map<String, String> data) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String OF_DATA = "data.";

    /**
     * What was asked for.
     *
     * @param isExternal whether only whether it works
     */
    record Asked(String url, String method, Optional<String> bodyHash, boolean isExternal) {}

    /** How the request was found, and where it led. */
    record Way(int depth, Optional<String> referrer, int redirects, int status, Optional<String> redirectUrl) {}

    /** What the page calls itself, what the job calls such pages, and which page had its content before. */
    record Named(Optional<String> title, Optional<String> label, Optional<String> duplicateOf) {}

    /** Empty if it is no line. */
    static Optional<Line> read(String text) {
        Map<String, String> values = values(text);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        Asked asked = new Asked(values.get("url"), values.getOrDefault("method", "GET"),
                Optional.ofNullable(values.get("bodyHash")), "true".equals(values.get("external")));
        Way way = new Way(Integer.parseInt(values.get("depth")), Optional.ofNullable(values.get("referrer")),
                Integer.parseInt(values.get("redirects")), Integer.parseInt(values.getOrDefault("status", "0")),
                Optional.ofNullable(values.get("redirectUrl")));
        Map<String, String> data = new TreeMap<>(values);
        data.keySet().removeIf(name -> !name.startsWith(OF_DATA));
        Named named = new Named(Optional.ofNullable(values.get("title")), Optional.ofNullable(values.get("label")),
                Optional.ofNullable(values.get("duplicateOf")));
        return Optional.of(
                new Line(asked, values.get("outcome"), values.getOrDefault("reason", ""), way, named, data));
    }

    /** The page of an item; empty if it is no line. */
    static Optional<String> pageOf(String item) {
        return Optional.ofNullable(values(item).get("_url"));
    }

    /** The data of a request, as a line has them. */
    static Map<String, String> data(Request request) {
        return request.details()
                .data()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(entry -> OF_DATA + entry.getKey(), entry -> entry.getValue().toString()));
    }

    /**
     * The values of an object that are not null, those of an object in it by both names; none if the text is no whole
     * object.
     */
    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            boolean isWhole = json.nextToken() == JsonToken.START_OBJECT && readObject(json, "", values)
                    && json.nextToken() == null;
            return isWhole ? values : Map.of();
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private static boolean readObject(JsonParser json, String prefix, Map<String, String> values) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = prefix + json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.START_OBJECT) {
                if (!readObject(json, name + ".", values)) {
                    return false;
                }
            } else if (value != JsonToken.VALUE_NULL) {
                values.put(name, json.getString());
            }
        }
        return json.currentToken() == JsonToken.END_OBJECT;
    }

    String url() {
        return asked.url();
    }

    String key() {
        return asked.isExternal() ? asked.url()
                : RequestRules.key(asked.url(), asked.method(), asked.bodyHash());
    }

    /** Whether it is of a link out of scope. */
    boolean isExternal() {
        return asked.isExternal();
    }

    /** Whether it is of a page that is ok. */
    boolean isPage() {
        return outcome.equals("ok") && !isExternal();
    }

    int depth() {
        return way.depth();
    }

    Optional<String> referrer() {
        return way.referrer();
    }

    int redirects() {
        return way.redirects();
    }

    /** The key of what a redirect leads to; empty for others. */
    Optional<String> leadsTo() {
        boolean becomesGet = RequestRules.becomesGet(asked.method(), way.status());
        return way.redirectUrl()
                .map(target -> becomesGet || isExternal() ? target
                        : RequestRules.key(target, asked.method(), asked.bodyHash()));
    }

    Optional<String> duplicateOf() {
        return named.duplicateOf();
    }

    /** Whether it is of a page whose body was read. */
    boolean hasLinks() {
        return isPage() && !asked.method().equals("HEAD");
    }
}
