package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. Immutable. */
public final class QueryParameters {

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a raw query.
     *
     * @param known the parameters that may be there, each once
     */
    static QueryParameters parse(@Nullable String raw, Set<String> known) throws RefusedException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = decoded(equals < 0 ? part : part.substring(0, equals));
                String value = decoded(equals < 0 ? "" : part.substring(equals + 1));
                if (!known.contains(name)) {
                    throw new RefusedException(400, "there is no query parameter \"" + name + "\" here"
                            + (known.isEmpty() ? "" : "; there are " + String.join(", ", new TreeSet<>(known))));
                }
                if (values.put(name, value) != null) {
                    throw new RefusedException(400, "the query parameter " + name + " is given twice");
                }
            }
        }
        return new QueryParameters(values);
    }

    private static String decoded(String text) throws RefusedException {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, "the query is not percent-encoded as it should be");
        }
    }

    /** A parameter's text; empty if it is missing or empty. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** One of these words; empty if the parameter is missing or has no text. */
    public Optional<String> oneOf(String name, List<String> words) throws RefusedException {
        Optional<String> word = text(name);
        if (word.isPresent() && !words.contains(word.get())) {
            throw new RefusedException(400, name + " must be one of " + String.join(", ", words));
        }
        return word;
    }

    /** A whole number within limits. */
    public long number(String name, long otherwise, long least, long most) throws RefusedException {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = value.length() <= 19 ? Long.parseLong(value) : -1;
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new RefusedException(400, name + " must be a whole number between " + least + " and " + most);
    }

    /** Whether a switch is on: {@code true}, or the name alone. */
    public boolean flag(String name) throws RefusedException {
        String value = values.getOrDefault(name, "false");
        return switch (value) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new RefusedException(400, name + " must be true or false");
        };
    }
}
