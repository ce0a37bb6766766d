package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
class AccessTest {

    private static final String TOKEN = "a token with spaces, and ü";
    private static final String BEARER = "Authorization: Bearer " + TOKEN;

    @TempDir
    private static Path data;
    private static RunningService service;

    @BeforeAll
    static void open() throws Exception {
        service = RunningService.start(data, "allowedHosts: [scraper.example.org]\n", Optional.of(TOKEN),
                Duration.ofSeconds(20));
    }

    @AfterAll
    static void close() throws Exception {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"/,200", "/assets/main.js,200", "/health/live,200", "/health/ready,200", "/metrics,401",
        "/api/v1/crawls,401", "/api/v1/schema,401", "/openapi.json,401", "/api/v1/crawls/x,401", "/nothing,404"})
    void withoutATokenOnlyTheDashboardsFilesAndHealthAreOpen(String path, int status) throws Exception {
        Answer answer = service.get(path);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("WWW-Authenticate").isPresent()).isEqualTo(status == 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/api/v1/crawls", "/api/v1/schema", "/openapi.json"})
    void theTokenOpensTheRest(String path) throws Exception {
        Answer basic = service.get(path, "Authorization: Basic eDp4");
        assertThat(basic.status()).isEqualTo(401);
        assertThat(basic.json().path("detail").asString()).startsWith("the API token is needed");
        assertThat(basic.header("WWW-Authenticate")).contains("Bearer realm=\"scraper\"");
        Answer wrong = service.get(path, "Authorization: Bearer wrong");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.json().path("detail").asString())
                .isEqualTo("the token in the Authorization header is not the service's");
        assertThat(wrong.header("WWW-Authenticate")).contains("Bearer realm=\"scraper\", error=\"invalid_token\"");
        assertThat(service.get(path, "Authorization: Bearer").status()).isEqualTo(401);
    }

    @Test
    void aTokenOfAsciiIsCompared() throws Exception {
        try (RunningService other = RunningService.start(data.resolve("other"), "", Optional.of("s3cret"),
                Duration.ofSeconds(20))) {
            assertThat(other.get(CRAWLS, "Authorization: Bearer s3cret").status()).isEqualTo(200);
            assertThat(other.get("/metrics", "Authorization: bearer s3cret", "Host: any.example").status())
                    .isEqualTo(200);
            assertThat(other.get(CRAWLS, "Authorization: Bearer s3cre").status()).isEqualTo(401);
            assertThat(other.get(CRAWLS, "Authorization: Bearer s3crets").status()).isEqualTo(401);
        }
    }

    @Test
    void aLoginIsACookieThatStandsForTheTokenUntilLogout() throws Exception {
        assertThat(service.post("/api/v1/login", "{\"token\": \"wrong\"}").status()).isEqualTo(401);
        Answer login = service.post("/api/v1/login", "{\"token\": \"" + TOKEN + "\"}");
        assertThat(login.status()).isEqualTo(204);
        String cookie = login.header("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("; HttpOnly", "; SameSite=Strict", "; Max-Age=43200", "; Path=/")
                .doesNotContain(TOKEN,
                        "Secure");
        String sent = "Cookie: other=1; " + cookie.substring(0, cookie.indexOf(';'));
        assertThat(service.get(CRAWLS, sent).status()).isEqualTo(200);
        assertThat(service.get(CRAWLS, sent.substring(0, sent.length() - 1)).status()).isEqualTo(401);

        assertThat(service.send("POST", "/api/v1/logout", new byte[0], sent).header("Set-Cookie").orElseThrow())
                .contains("Max-Age=0");
        assertThat(service.get(CRAWLS, sent).status()).isEqualTo(401);
    }

    @Test
    void behindHttpsTheCookieIsSecure() throws Exception {
        assertThat(service.post("/api/v1/login", "{\"token\": \"" + TOKEN + "\"}", "X-Forwarded-Proto: https")
                .header("Set-Cookie")
                .orElseThrow()).endsWith("; Secure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
        "example.org", "a.scraper.example.org", "[::2]", "10.0.0.1", "", "[", "127.0.0.1@evil.example"})
    void aNameThatIsNotTheServicesIsRefused(String host) throws Exception {
        for (String path : List.of("/", CRAWLS, "/openapi.json", "/assets/main.js")) {
            assertThat(service.get(path, "Host: " + host, BEARER).status()).as(path).isEqualTo(421);
        }
        assertThat(service.post("/api/v1/login", "{\"token\": \"x\"}", "Host: " + host).status()).isEqualTo(421);
        assertThat(service.get("/health/live", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2:9", "localhost:1", "LOCALHOST", "[::1]:80", "scraper.example.org",
        "Scraper.Example.Org.:443"})
    void loopbackAndTheConfiguredNamesAreTheServices(String host) throws Exception {
        assertThat(service.get("/", "Host: " + host).status()).isEqualTo(200);
    }

    @Test
    void requestsFromPagesOfOtherSitesAreRefused() throws Exception {
        String login = "{\"token\": \"" + TOKEN + "\"}";
        for (String header : List.of("Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1",
                "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
                "Origin: https://" + service.host() + ".x")) {
            assertThat(service.post("/api/v1/login", login, header).status()).as(header).isEqualTo(403);
            assertThat(service.get(CRAWLS, header, BEARER).status()).as(header).isEqualTo(403);
        }
        assertThat(service.post("/api/v1/login", login, "Origin: http://" + service.host(),
                "Sec-Fetch-Site: same-origin").status()).isEqualTo(204);
        assertThat(service.get("/", "Sec-Fetch-Site: cross-site").status()).as("a link to the dashboard")
                .isEqualTo(200);
    }

    @Test
    void everyAnswerForbidsWhatABrowserNeedNotDo() throws Exception {
        for (String path : List.of("/", "/assets/app.css", CRAWLS, "/nothing", "/health/live")) {
            Answer answer = service.get(path);
            assertThat(answer.header("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    @Test
    void requestsAreLoggedWithoutSecrets() throws Exception {
        service.get(CRAWLS + "?name=private-query", BEARER);
        service.get("/weird\"path", BEARER);
        service.get("/nothing/%0a", BEARER);
        String log = Files.readString(data.resolve("access.jsonl"));
        assertThat(log.lines()).allSatisfy(line -> assertThat(line).startsWith("{\"time\":\"").endsWith("}"));
        assertThat(log).contains("\"route\":\"" + CRAWLS + "\"").doesNotContain("private-query", "a token");
        assertThat(Files.readAllBytes(data.resolve("history.db"))).asString(UTF_8).doesNotContain(TOKEN);
    }
}
