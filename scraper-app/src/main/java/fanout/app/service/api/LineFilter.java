package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.service.http.QueryParameters;
import fanout.app.service.http.RefusedException;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Fetched;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Which lines of a result file a reader wants. Immutable.
 *
 * @param outcome of pages
 * @param reason of pages
 * @param text found in the URL or title of a page, or anywhere in an item, whatever its case
 * @param ofPages whether the lines are pages
 */
record LineFilter(Optional<String> outcome, Optional<String> reason, Optional<String> text, boolean ofPages) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> OUTCOMES =
            List.of(Fetched.NAME, Redirected.NAME, Failed.NAME, Skipped.NAME, Cancelled.NAME);
    private static final List<String> REASONS = Arrays.stream(Reason.values()).map(Reason::label).toList();
    private static final Set<String> READ = Set.of("url", "outcome", "reason", "title");

    static LineFilter of(QueryParameters query, boolean ofPages) throws RefusedException {
        return new LineFilter(query.oneOf("outcome", OUTCOMES), query.oneOf("reason", REASONS),
                query.text("q").map(text -> text.toLowerCase(Locale.ROOT)), ofPages);
    }

    /** Whether it lets every line pass. */
    boolean isEmpty() {
        return outcome.isEmpty() && reason.isEmpty() && text.isEmpty();
    }

    boolean takes(byte[] line) {
        if (isEmpty()) {
            return true;
        }
        if (!ofPages) {
            return isIn(new String(line, UTF_8));
        }
        Map<String, @Nullable String> page = read(line);
        return is(outcome, page.get("outcome")) && is(reason, page.get("reason"))
                && (isIn(page.get("url")) || isIn(page.get("title")));
    }

    private static boolean is(Optional<String> wanted, @Nullable String value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private boolean isIn(@Nullable String value) {
        return text.isEmpty() || (value != null && value.toLowerCase(Locale.ROOT).contains(text.get()));
    }

    private static Map<String, @Nullable String> read(byte[] line) {
        Map<String, @Nullable String> found = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (READ.contains(name) && value == JsonToken.VALUE_STRING) {
                    found.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        }
        return found;
    }
}
