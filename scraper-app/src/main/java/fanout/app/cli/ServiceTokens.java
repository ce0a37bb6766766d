package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.cli.TokenAccess.Listed;
import fanout.app.cli.TokenAccess.RefusedTokenException;
import fanout.app.json.Json;
import fanout.app.run.ExitCode;
import fanout.app.store.TokenRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tokens of a service that runs, by its API. Follows no redirect, because it would take the token along.
 *
 * @param service its address
 * @param token that opens it
 */
record ServiceTokens(URI service, Optional<String> token) implements TokenAccess {

    private static final String TOKENS = "/api/v1/tokens";
    private static final int CONNECT_MS = Math.toIntExact(Duration.ofSeconds(10).toMillis());
    private static final int ANSWER_MS = Math.toIntExact(Duration.ofSeconds(30).toMillis());
    private static final int MOST_BYTES = 1 << 20;

    @Override
    public String create(String name, TokenRole role, Optional<String> expiresIn, Optional<String> expiresAt)
            throws RefusedTokenException {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("name", name);
        wanted.put("role", role.label());
        expiresIn.ifPresent(length -> wanted.put("expiresIn", length));
        expiresAt.ifPresent(time -> wanted.put("expiresAt", time));
        return text(ask("POST", TOKENS, Json.bytes(wanted)), "token").orElseThrow(this::unexpected);
    }

    @Override
    public List<Listed> list() throws RefusedTokenException {
        List<Listed> found = new ArrayList<>();
        for (JsonNode row : ask("GET", TOKENS, null).path("tokens")) {
            found.add(new Listed(text(row, "name").orElseThrow(this::unexpected),
                    text(row, "role").orElseThrow(this::unexpected),
                    text(row, "createdAt").orElseThrow(this::unexpected), text(row, "expiresAt"),
                    row.path("expired").asBoolean(false), text(row, "lastUsedAt")));
        }
        return found;
    }

    @Override
    public void delete(String name) throws RefusedTokenException {
        ask("DELETE", TOKENS + "/" + URLEncoder.encode(name, UTF_8), null);
    }

    private static Optional<String> text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private RefusedTokenException unexpected() {
        return new RefusedTokenException(ExitCode.BAD_USAGE, service + " does not answer as a service of this kind");
    }

    /** Sends a request, and returns the answer; an empty object if it has no body. */
    private JsonNode ask(String method, String path, byte @Nullable [] body) throws RefusedTokenException {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(service + path).toURL().openConnection();
            try {
                return answer(connection, method, body);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new RefusedTokenException(ExitCode.BAD_USAGE, "cannot ask " + service + ": " + e.getMessage());
        }
    }

    private JsonNode answer(HttpURLConnection connection, String method, byte @Nullable [] body)
            throws IOException, RefusedTokenException {
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(CONNECT_MS);
        connection.setReadTimeout(ANSWER_MS);
        token.ifPresent(known -> connection.setRequestProperty("Authorization", "Bearer " + known));
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setFixedLengthStreamingMode(body.length); // so that it is never sent twice
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        byte[] content = content(status < 400 ? connection.getInputStream() : connection.getErrorStream());
        Optional<JsonNode> answer = Json.read(content.length == 0 ? "{}".getBytes(UTF_8) : content);
        if (status / 100 == 2) {
            return answer.orElseThrow(this::unexpected);
        }
        String why = answer.flatMap(problem -> text(problem, "detail")).orElse("it answered " + status);
        throw new RefusedTokenException(status == 422 ? ExitCode.BAD_USAGE : ExitCode.NO_RESULTS,
                service + " refuses: " + why);
    }

    private static byte[] content(@Nullable InputStream in) throws IOException {
        if (in == null) {
            return new byte[0]; // an answer without a body
        }
        try (in) {
            return in.readNBytes(MOST_BYTES);
        }
    }
}
