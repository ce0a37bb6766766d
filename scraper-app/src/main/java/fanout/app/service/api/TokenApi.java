package fanout.app.service.api;

import fanout.app.service.access.NewToken;
import fanout.app.service.access.NewToken.BadTokenException;
import fanout.app.service.access.Tokens;
import fanout.app.service.access.Tokens.Creation;
import fanout.app.service.http.Door;
import fanout.app.service.http.Problem;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.store.StoredToken;
import fanout.page.Attempt;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Creates, lists and deletes tokens. */
public record TokenApi(Tokens tokens) {

    private static final String TOKENS = "/api/v1/tokens";

    public List<Route> routes() {
        return List.of(
                Route.of(Door.ADMIN, "POST", TOKENS, this::create),
                Route.of(Door.ADMIN, "GET", TOKENS, this::list),
                Route.of(Door.ADMIN, "DELETE", TOKENS + "/{name}", this::delete));
    }

    private Reply create(ServiceRequest request) throws RefusedException, IOException {
        JsonNode body = request.object(Set.of("name", "role", "expiresIn", "expiresAt"));
        NewToken wanted;
        try {
            wanted = NewToken.read(text(body, "name").orElse(""), text(body, "role").orElse(""),
                    text(body, "expiresIn"), text(body, "expiresAt"), Instant.now());
        } catch (BadTokenException e) {
            throw new RefusedException(422, String.valueOf(e.getMessage()));
        }
        return answer(tokens.create(wanted));
    }

    private static Reply answer(Creation creation) {
        return switch (creation) {
            case Creation.Created(StoredToken token, String secret) -> {
                Map<String, Object> view = view(token);
                view.put("token", secret);
                yield Reply.json(201, view);
            }
            case Creation.Hindered(String reason) -> Reply.problem(Problem.of(409, reason));
        };
    }

    private static Optional<String> text(JsonNode body, String member) throws RefusedException {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new RefusedException(422, member + " must be a text");
        }
        return Optional.of(value.stringValue());
    }

    private Reply list(ServiceRequest request) throws IOException {
        return Reply.json(200, Map.of("tokens", tokens.list().stream().map(TokenApi::view).toList()));
    }

    private static Map<String, Object> view(StoredToken token) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", token.name());
        view.put("role", token.role().label());
        view.put("createdAt", Attempt.TIMES.format(token.createdAt()));
        view.put("expiresAt", token.expiresAt().map(Attempt.TIMES::format).orElse(null));
        view.put("expired", token.isExpired(Instant.now()));
        view.put("lastUsedAt", token.usedAt().map(Attempt.TIMES::format).orElse(null));
        return view;
    }

    private Reply delete(ServiceRequest request) throws IOException {
        return tokens.delete(request.variable()) ? Reply.empty(204)
                : Reply.problem(Problem.of(404, "there is no token of this name"));
    }
}
