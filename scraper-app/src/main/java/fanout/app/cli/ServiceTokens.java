package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.cli.TokenAccess.Listed;
import fanout.app.cli.TokenAccess.RefusedTokenException;
import fanout.app.json.Json;
import fanout.app.run.ExitCode;
import fanout.app.store.TokenRole;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
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
    private static final int MOST_BYTES = 1 << 20;
    private static final MediaType JSON = MediaType.get("application/json");
    private static final OkHttpClient CLIENT = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(30))
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .build();

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

    /** Sends a request once, and returns the answer; an empty object if it has no body. */
    private JsonNode ask(String method, String path, byte @Nullable [] body) throws RefusedTokenException {
        HttpUrl url = HttpUrl.parse(service + path);
        if (url == null) {
            throw unexpected();
        }
        Request.Builder request =
                new Request.Builder().url(url).method(method, body == null ? null : RequestBody.create(body, JSON));
        token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
        try (Response response = CLIENT.newCall(request.build()).execute()) {
            return answer(response);
        } catch (IOException e) {
            throw new RefusedTokenException(ExitCode.BAD_USAGE, "cannot ask " + service + ": " + e.getMessage());
        }
    }

    private JsonNode answer(Response response) throws IOException, RefusedTokenException {
        byte[] content = response.body().byteStream().readNBytes(MOST_BYTES);
        Optional<JsonNode> answer = Json.read(content.length == 0 ? "{}".getBytes(UTF_8) : content);
        if (response.isSuccessful()) {
            return answer.orElseThrow(this::unexpected);
        }
        String why = answer.flatMap(problem -> text(problem, "detail")).orElse("it answered " + response.code());
        throw new RefusedTokenException(response.code() == 422 ? ExitCode.BAD_USAGE : ExitCode.NO_RESULTS,
                service + " refuses: " + why);
    }
}
