package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tokens from their creation to their end, over the API of a service. */
class TokensServiceTest {

    private static final String TOKENS = "/api/v1/tokens";
    private static final String TOKEN = "0123456789-of-the-environment";

    @TempDir
    private Path data;

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private RunningService guarded() throws Exception {
        return RunningService.start(data, "", Optional.of(TOKEN), Duration.ofSeconds(20));
    }

    private static Answer create(RunningService service, String name, String role, String more, String... headers)
            throws Exception {
        return service.post(TOKENS, "{\"name\": \"%s\", \"role\": \"%s\"%s}".formatted(name, role, more), headers);
    }

    private static String created(RunningService service, String name, String role, String... headers)
            throws Exception {
        Answer answer = create(service, name, role, "", headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("token").stringValue();
    }

    private static String login(RunningService service, String token) throws Exception {
        Answer answer = service.post("/api/v1/login", "{\"token\": \"" + token + "\"}");
        assertThat(answer.status()).isEqualTo(204);
        String cookie = answer.header("Set-Cookie").orElseThrow();
        return "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    }

    @Test
    void aTokenIsShownOnceAndKeptAsItsHash() throws Exception {
        try (RunningService service = guarded()) {
            Answer answer = create(service, "ci", "run", "", bearer(TOKEN));
            JsonNode made = answer.json();
            String token = made.get("token").stringValue();
            assertThat(token).matches("fsc_[A-Za-z0-9_-]{43}");
            assertThat(made.propertyNames()).containsExactly("name", "role", "createdAt", "expiresAt", "expired",
                    "lastUsedAt", "token");
            assertThat(made.get("role").stringValue()).isEqualTo("run");
            assertThat(made.get("expiresAt").isNull()).isTrue();
            assertThat(created(service, "other", "run", bearer(TOKEN))).isNotEqualTo(token);

            assertThat(service.get(CRAWLS, bearer(token)).status()).isEqualTo(200);
            Answer list = service.get(TOKENS, bearer(TOKEN));
            assertThat(list.json().get("tokens")).hasSize(2);
            assertThat(list.text()).doesNotContain(token.substring(4));
            assertThat(list.json().at("/tokens/0/lastUsedAt").stringValue())
                    .isEqualTo(Instant.now().truncatedTo(ChronoUnit.HOURS).toString().replace("Z", ".000Z"));
            assertThat(list.json().at("/tokens/1/lastUsedAt").isNull()).as("it was not used").isTrue();
        }
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty()
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), UTF_8))
                            .doesNotContain("fsc_"));
        }
    }

    @Test
    void tokensAreThereAfterARestartAndOpenEachOtherService() throws Exception {
        String token;
        String deleted;
        try (RunningService service = guarded()) {
            token = created(service, "ci", "read", bearer(TOKEN));
            deleted = created(service, "gone", "read", bearer(TOKEN));
            assertThat(service.send("DELETE", TOKENS + "/gone", new byte[0], bearer(TOKEN)).status()).isEqualTo(204);
        }
        try (RunningService service = RunningService.start(data)) {
            assertThat(service.get(CRAWLS, bearer(token)).status()).isEqualTo(200);
            assertThat(service.get(CRAWLS, bearer(deleted)).status()).isEqualTo(401);
            assertThat(service.get(CRAWLS, bearer(TOKEN)).status()).as("of another environment").isEqualTo(401);
            assertThat(service.get(CRAWLS).status()).as("loopback, and a token exists").isEqualTo(401);
        }
    }

    /** Someone may have come in before there was a door: what they read ends, too. */
    @Test
    void onceATokenExistsLoopbackNeedsOne() throws Exception {
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/slow/"));
            service.awaitState(crawl, "running");
            String visitor = login(service, "anything");
            assertThat(service.get(CRAWLS, visitor).status()).isEqualTo(200);
            try (Socket reader = service.connect("GET " + crawl + "/events HTTP/1.1\r\nHost: " + service.host()
                    + "\r\n\r\n")) {
                InputStream events = RunningService.body(reader);
                String admin = created(service, "me", "admin");
                assertEnds(events);
                assertThat(service.get(CRAWLS).status()).isEqualTo(401);
                assertThat(service.get("/metrics").status()).isEqualTo(401);
                assertThat(service.get("/health/ready").status()).isEqualTo(200);
                assertThat(service.get(CRAWLS, visitor).status()).as("a login without a token").isEqualTo(401);
                assertThat(service.get(CRAWLS, bearer(admin)).status()).isEqualTo(200);

                assertThat(service.send("DELETE", TOKENS + "/me", new byte[0], bearer(admin)).status())
                        .as("its own")
                        .isEqualTo(204);
                assertThat(service.get(CRAWLS).status()).as("the last one is gone").isEqualTo(200);
            }
            site.release.countDown();
        }
    }

    /** The stream is cut off, and not ended in order. */
    private static void assertEnds(InputStream events) {
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            try {
                while (Answer.chunk(events).length > 0) {
                    // what was sent before
                }
                return false;
            } catch (IOException | NumberFormatException e) {
                return true;
            }
        });
    }

    @Test
    void aDeletedTokenEndsItsLoginsAndStreamsAndNoOthers() throws Exception {
        try (Site site = new Site("Docs"); RunningService service = guarded()) {
            String crawl = service.send("POST", CRAWLS, site.job("/slow/").getBytes(UTF_8),
                    "Content-Type: application/yaml", bearer(TOKEN)).header("Location").orElseThrow();
            await().until(() -> site.slowRequests.get() == 10);
            String token = created(service, "ci", "read", bearer(TOKEN));
            String cookie = login(service, token);
            String other = login(service, TOKEN);
            String request = "GET " + crawl + "%s HTTP/1.1\r\nHost: " + service.host() + "\r\n%s\r\n\r\n";
            try (Socket byToken = service.connect(request.formatted("/events", bearer(token)));
                    Socket byCookie = service.connect(request.formatted("/pages?follow=true", cookie));
                    Socket ofOther = service.connect(request.formatted("/events", other))) {
                InputStream one = RunningService.body(byToken);
                InputStream two = RunningService.body(byCookie);
                InputStream three = RunningService.body(ofOther);
                assertThat(service.get(CRAWLS, cookie).status()).isEqualTo(200);

                assertThat(service.send("DELETE", TOKENS + "/ci", new byte[0], bearer(TOKEN)).status()).isEqualTo(204);

                assertEnds(one);
                assertEnds(two);
                Answer ended = service.get(CRAWLS, cookie);
                assertThat(ended.status()).isEqualTo(401);
                assertThat(ended.json().get("detail").stringValue())
                        .isEqualTo("the token \"ci\" of this login has expired or was deleted");
                assertThat(service.get(CRAWLS, bearer(token)).status()).isEqualTo(401);
                created(service, "ci", "read", bearer(TOKEN));
                assertThat(service.get(CRAWLS, cookie).status()).as("another of its name").isEqualTo(401);
                site.release.countDown();
                StringBuilder rest = new StringBuilder();
                for (byte[] chunk = Answer.chunk(three); chunk.length > 0; chunk = Answer.chunk(three)) {
                    rest.append(new String(chunk, UTF_8));
                }
                assertThat(rest).contains("\"state\":\"finished\"");
            }
            assertThat(service.send("DELETE", TOKENS + "/none", new byte[0], bearer(TOKEN)).status()).isEqualTo(404);
        }
    }

    @Test
    void anExpiredTokenIsRefusedListedAsExpiredAndStaysNeeded() throws Exception {
        try (RunningService service = guarded()) {
            String token = create(service, "brief", "admin", ", \"expiresIn\": \"1ms\"", bearer(TOKEN)).json()
                    .get("token")
                    .stringValue();
            await().atMost(Duration.ofSeconds(5)).until(() -> service.get(CRAWLS, bearer(token)).status() == 401);
            Answer refused = service.get(CRAWLS, bearer(token));
            assertThat(refused.json().get("detail").stringValue()).isEqualTo("the token \"brief\" has expired");
            assertThat(refused.header("WWW-Authenticate"))
                    .contains("Bearer realm=\"scraper\", error=\"invalid_token\"");
            Answer login = service.post("/api/v1/login", "{\"token\": \"" + token + "\"}");
            assertThat(login.status()).isEqualTo(401);
            assertThat(login.json().get("detail").stringValue()).isEqualTo("the token has expired");
            JsonNode listed = service.get(TOKENS, bearer(TOKEN)).json().at("/tokens/0");
            assertThat(listed.get("expired").booleanValue()).isTrue();
            assertThat(Instant.parse(listed.get("expiresAt").stringValue())).isBefore(Instant.now());
        }
        try (RunningService service = RunningService.start(data)) {
            assertThat(service.get(CRAWLS).status()).as("a token exists, though an expired one").isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"role\": \"run\"}", "{\"name\": \"\", \"role\": \"run\"}",
        "{\"name\": \"a b\", \"role\": \"run\"}", "{\"name\": \"../x\", \"role\": \"run\"}",
        "{\"name\": \"-x\", \"role\": \"run\"}", "{\"name\": \"ü\", \"role\": \"run\"}",
        "{\"name\": \"a\\n\", \"role\": \"run\"}", "{\"name\": \"SCRAPER_API_TOKEN\", \"role\": \"run\"}",
        "{\"name\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"role\": \"run\"}",
        "{\"name\": \"ci\"}", "{\"name\": \"ci\", \"role\": \"root\"}", "{\"name\": \"ci\", \"role\": \"RUN\"}",
        "{\"name\": 1, \"role\": \"run\"}", "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"soon\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"0\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"-PT1H\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"3661d\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"999999999999d\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": 90}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresAt\": \"2020-01-01T00:00:00Z\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresAt\": \"tomorrow\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresAt\": \"+999999999-12-31T23:59:59Z\"}",
        "{\"name\": \"ci\", \"role\": \"run\", \"expiresIn\": \"1d\", \"expiresAt\": \"2100-01-01T00:00:00Z\"}"})
    void whatCannotBeATokenIsRefused(String body) throws Exception {
        try (RunningService service = RunningService.start(data)) {
            Answer answer = service.post(TOKENS, body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(service.post(TOKENS, body.replace("{", "{\"more\": 1, ")).status()).isEqualTo(400);
            assertThat(service.get(TOKENS).json().get("tokens")).isEmpty();
        }
    }

    @Test
    void namesAreTakenOnceAndTokensAreBounded() throws Exception {
        try (RunningService service = guarded()) {
            String longest = "a".repeat(63);
            created(service, longest, "metrics", bearer(TOKEN));
            Answer taken = create(service, longest, "admin", "", bearer(TOKEN));
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.json().get("detail").stringValue())
                    .isEqualTo("there is a token " + longest + "; delete it first");
            for (int i = 1; i < 100; i++) {
                created(service, "t." + i + "-_X", "metrics", bearer(TOKEN));
            }
            Answer full = create(service, "one-more", "metrics", "", bearer(TOKEN));
            assertThat(full.status()).isEqualTo(409);
            assertThat(full.json().get("detail").stringValue()).startsWith("there are 100 tokens, and no more may be");
            assertThat(service.send("DELETE", TOKENS + "/t.7-_X", new byte[0], bearer(TOKEN)).status()).isEqualTo(204);
            created(service, "one-more", "metrics", bearer(TOKEN));
            assertThat(service.get(TOKENS, bearer(TOKEN)).json().get("tokens")).hasSize(100);
        }
    }

    @Test
    void theAccessLogNamesTheTokenAndShowsNone() throws Exception {
        String token;
        try (RunningService service = guarded()) {
            token = created(service, "ci", "metrics", bearer(TOKEN));
            String cookie = login(service, token);
            service.get("/metrics", bearer(token));
            service.get("/metrics", cookie);
            service.get(CRAWLS, bearer(token));
            service.get(CRAWLS, bearer("fsc_wrong"));
            service.get("/health/live", bearer(token));
        }
        List<String> lines = Files.readAllLines(data.resolve("access.jsonl"));
        assertThat(lines).noneMatch(line -> line.contains("fsc_"));
        assertThat(lines.stream()
                .filter(line -> !line.contains("/health/ready"))
                .map(line -> line
                        .replaceAll("(?s)\\{\"time\":\"[^\"]*\",\"remote\":\"127.0.0.1\",(.*),\"bytes\".*", "$1")
                        .replaceAll(",\"route\":\"[^\"]*\"", "")))
                .as("a line is written when its answer was sent")
                .containsExactlyInAnyOrder("\"token\":\"SCRAPER_API_TOKEN\",\"method\":\"POST\",\"path\":\"" + TOKENS
                        + "\",\"status\":201",
                        "\"method\":\"POST\",\"path\":\"/api/v1/login\",\"status\":204",
                        "\"token\":\"ci\",\"method\":\"GET\",\"path\":\"/metrics\",\"status\":200",
                        "\"token\":\"ci\",\"method\":\"GET\",\"path\":\"/metrics\",\"status\":200",
                        "\"token\":\"ci\",\"method\":\"GET\",\"path\":\"" + CRAWLS + "\",\"status\":403",
                        "\"method\":\"GET\",\"path\":\"" + CRAWLS + "\",\"status\":401",
                        "\"method\":\"GET\",\"path\":\"/health/live\",\"status\":200");
    }
}
