package fanout.app.service.http;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** All operations of the service, and which one a request asks for. Immutable. */
public record Routes(List<Route> all) {

    public Routes {
        all = List.copyOf(all);
    }

    /**
     * A route that fits a request.
     *
     * @param variables the path's segments that stand in braces in the route's pattern
     */
    record Match(Route route, List<String> variables) {

        Match {
            variables = List.copyOf(variables);
        }
    }

    /**
     * Finds the operation.
     *
     * @throws RefusedException 404 if there is no such path, 405 if it takes other methods
     */
    Match find(String method, String path) throws RefusedException {
        List<String> segments = Route.segments(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        for (Route route : all) {
            Optional<List<String>> variables = route.match(segments);
            if (variables.isPresent() && route.method().equals(wanted)) {
                return new Match(route, variables.get());
            }
        }
        String allowed = all.stream()
                .filter(route -> route.match(segments).isPresent())
                .map(route -> route.method().equals("GET") ? "GET, HEAD" : route.method())
                .distinct()
                .collect(Collectors.joining(", "));
        throw allowed.isEmpty() ? new RefusedException(404, "there is nothing at this path; see /openapi.json")
                : new RefusedException(Problem.of(405, "this path takes " + allowed).with("Allow", allowed));
    }
}
