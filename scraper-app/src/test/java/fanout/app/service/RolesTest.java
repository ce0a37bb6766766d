package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.http.Door;
import fanout.app.service.http.Route;
import fanout.app.store.TokenRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every operation of the OpenAPI document with a token of every role, a login of every role, and with none. */
class RolesTest {

    private static final String TOKEN = "0123456789-of-the-roles";
    private static final String UNKNOWN = "0".repeat(17);

    @TempDir
    private static Path data;
    private static RunningService service;
    private static JsonNode paths;
    private static final Map<TokenRole, String> TOKENS = new EnumMap<>(TokenRole.class);
    private static final Map<TokenRole, String> COOKIES = new EnumMap<>(TokenRole.class);

    @BeforeAll
    static void open() throws Exception {
        service = RunningService.start(data, "", Optional.of(TOKEN), Duration.ofSeconds(20));
        paths = service.get("/openapi.json", bearer(TOKEN)).json().get("paths");
        for (TokenRole role : TokenRole.values()) {
            Answer created = service.post("/api/v1/tokens",
                    "{\"name\": \"of-%s\", \"role\": \"%s\"}".formatted(role.label(), role.label()), bearer(TOKEN));
            assertThat(created.status()).isEqualTo(201);
            TOKENS.put(role, bearer(created.json().get("token").stringValue()));
            COOKIES.put(role, login(created.json().get("token").stringValue()));
        }
    }

    @AfterAll
    static void close() throws Exception {
        service.close();
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static String login(String token) throws Exception {
        String given =
                service.post("/api/v1/login", "{\"token\": \"" + token + "\"}").header("Set-Cookie").orElseThrow();
        return "Cookie: " + given.substring(0, given.indexOf(';'));
    }

    private static Optional<TokenRole> leastRole(JsonNode operation) {
        JsonNode security = operation.get("security");
        if (security.isEmpty()) {
            return Optional.empty();
        }
        assertThat(security.get(0).get("token")).isEqualTo(security.get(1).get("cookie")).hasSize(1);
        return TokenRole.of(security.get(0).get("token").get(0).stringValue());
    }

    private static Answer ask(String method, String path, String... headers) throws Exception {
        return service.send(method, path.replace("{id}", UNKNOWN).replace("{name}", "unknown"), new byte[0], headers);
    }

    @Test
    void eachOperationOpensToItsRoleAndThoseAboveIt() throws Exception {
        int refused = 0;
        int passed = 0;
        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                Optional<TokenRole> least = leastRole(operation.getValue());
                Set<Integer> documented = new TreeSet<>();
                operation.getValue()
                        .get("responses")
                        .propertyNames()
                        .forEach(status -> documented.add(Integer.valueOf(status)));
                assertThat(ask(method, path.getKey()).status() == 401).as("without a token " + path.getKey())
                        .isEqualTo(least.isPresent());
                for (TokenRole role : TokenRole.values()) {
                    for (String shown : List.of(TOKENS.get(role), COOKIES.get(role))) {
                        Answer answer = ask(method, path.getKey(), shown);
                        String row = method + " " + path.getKey() + " " + role + " " + shown.split(":", 2)[0];
                        if (least.isEmpty() || role.includes(least.get())) {
                            assertThat(answer.status()).as(row).isIn(documented).isNotIn(401, 403);
                            passed++;
                        } else {
                            assertThat(answer.status()).as(row).isEqualTo(403);
                            assertThat(answer.json().get("detail").stringValue()).as(row)
                                    .isEqualTo("the role " + least.get().label() + " is needed, and the token \"of-"
                                            + role.label() + "\" has the role " + role.label());
                            refused++;
                        }
                        if (path.getKey().equals("/api/v1/logout")) {
                            COOKIES.put(role, login(TOKENS.get(role).substring(bearer("").length())));
                        }
                    }
                }
            }
        }
        assertThat(refused).as("refused").isGreaterThan(50);
        assertThat(passed).as("passed").isGreaterThan(120);
    }

    /** What the contract says of roles, by hand: a mistake in a route and the document alike is found here. */
    @Test
    void theRolesAreThoseOfTheContract() {
        Map<TokenRole, List<String>> found = new EnumMap<>(TokenRole.class);
        List<String> open = new ArrayList<>();
        for (Route route : service.service().routes().all()) {
            boolean ofTheDashboard = route.pattern().equals("/") || route.pattern().startsWith("/assets/");
            if (ofTheDashboard) {
                assertThat(route.door()).isEqualTo(Door.PAGE);
            } else {
                route.door()
                        .leastRole()
                        .map(role -> found.computeIfAbsent(role, _ -> new ArrayList<>()))
                        .orElse(open)
                        .add(route.method() + " " + route.pattern());
            }
        }
        assertThat(open).containsExactlyInAnyOrder("POST /api/v1/login", "POST /api/v1/logout", "GET /health/live",
                "GET /health/ready");
        assertThat(found.get(TokenRole.METRICS)).containsExactly("GET /metrics");
        assertThat(found.get(TokenRole.READ)).allMatch(operation -> operation.startsWith("GET "));
        assertThat(found.get(TokenRole.RUN)).isNotEmpty()
                .allMatch(operation -> operation.matches("(POST|DELETE) " + CRAWLS + ".*"));
        assertThat(found.get(TokenRole.ADMIN)).containsExactlyInAnyOrder("POST /api/v1/tokens", "GET /api/v1/tokens",
                "DELETE /api/v1/tokens/{name}");
    }

    @Test
    void aRefusedRoleDoesNothing() throws Exception {
        byte[] job = "name: y\nstartUrls: [\"http://127.0.0.1:1/\"]\n".getBytes(UTF_8);
        for (TokenRole role : List.of(TokenRole.METRICS, TokenRole.READ)) {
            for (String shown : List.of(TOKENS.get(role), COOKIES.get(role))) {
                assertThat(service.send("POST", CRAWLS, job, "Content-Type: application/yaml", shown).status())
                        .isEqualTo(403);
            }
        }
        for (TokenRole role : List.of(TokenRole.METRICS, TokenRole.READ, TokenRole.RUN)) {
            assertThat(service.post("/api/v1/tokens", "{\"name\": \"mine\", \"role\": \"admin\"}", TOKENS.get(role))
                    .status()).isEqualTo(403);
            assertThat(service.send("DELETE", "/api/v1/tokens/of-admin", new byte[0], TOKENS.get(role)).status())
                    .isEqualTo(403);
        }
        assertThat(service.get(CRAWLS, bearer(TOKEN)).json().get("crawls")).isEmpty();
        assertThat(service.get("/api/v1/tokens", bearer(TOKEN)).json().get("tokens"))
                .extracting(token -> token.get("name").stringValue())
                .containsExactly("of-admin", "of-metrics", "of-read", "of-run");
    }

    @Test
    void theSessionSaysWhatItsTokenOpens() throws Exception {
        for (TokenRole role : List.of(TokenRole.READ, TokenRole.RUN, TokenRole.ADMIN)) {
            for (String shown : List.of(TOKENS.get(role), COOKIES.get(role))) {
                assertThat(service.get("/api/v1/session", shown).text())
                        .isEqualTo("{\"token\":\"of-%s\",\"role\":\"%s\"}".formatted(role.label(), role.label()));
            }
        }
        assertThat(service.get("/api/v1/session", bearer(TOKEN)).text())
                .isEqualTo("{\"token\":\"SCRAPER_API_TOKEN\",\"role\":\"admin\"}");
    }
}
