package fanout.app.service.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the service. Immutable.
 *
 * @param method as GET, which answers HEAD too
 * @param pattern a path, in which a segment in braces takes any text, as {@code /api/v1/crawls/{id}}
 * @param parameters the query parameters that it knows; others are refused
 */
public record Route(Door door, String method, String pattern, Set<String> parameters, Handler handler) {

    public Route {
        parameters = Set.copyOf(parameters);
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {

        /**
         * The answer.
         *
         * @throws RefusedException if the request is refused
         * @throws IOException if a file of the service fails, or the connection
         */
        Reply answer(ServiceRequest request) throws RefusedException, IOException, InterruptedException;
    }

    /** A route without query parameters. */
    public static Route of(Door door, String method, String pattern, Handler handler) {
        return new Route(door, method, pattern, Set.of(), handler);
    }

    /** Whether the path fits; the segments that stand in braces, in their order. */
    Optional<List<String>> match(List<String> segments) {
        List<String> wanted = segments(pattern);
        if (wanted.size() != segments.size()) {
            return Optional.empty();
        }
        List<String> variables = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).startsWith("{")) {
                variables.add(segments.get(i));
            } else if (!wanted.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
