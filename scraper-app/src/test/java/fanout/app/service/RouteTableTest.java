package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.dashboard.Assets;
import fanout.app.service.http.Route;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every path of the OpenAPI document by every method, with every kind of credentials, under every kind of Host and
 * Origin.
 */
class RouteTableTest {

    private static final String TOKEN = "0123456789-of-the-table";
    private static final String UNKNOWN = "0".repeat(17);
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    @TempDir
    private static Path data;
    private static RunningService service;
    private static JsonNode paths;
    private static String crawl;
    private static String cookie;
    private static Socket connection;
    private static InputStream answers;

    @BeforeAll
    static void open() throws Exception {
        service = RunningService.start(data, "allowedHosts: [scraper.example.org]\n", Optional.of(TOKEN),
                Duration.ofSeconds(20));
        paths = service.get("/openapi.json", bearer(TOKEN)).json().get("paths");
        crawl = service.send("POST", CRAWLS,
                "name: x\nstartUrls: [\"http://127.0.0.1:1/\"]\nretries: {maxAttempts: 1}\n".getBytes(UTF_8),
                "Content-Type: application/yaml", bearer(TOKEN)).header("Location").orElseThrow();
        connect();
        cookie = login();
    }

    private static void connect() throws IOException {
        connection = service.connect("");
        answers = new BufferedInputStream(connection.getInputStream());
    }

    @AfterAll
    static void close() throws Exception {
        connection.close();
        service.close();
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static String login() throws Exception {
        String given =
                service.post("/api/v1/login", "{\"token\": \"" + TOKEN + "\"}").header("Set-Cookie").orElseThrow();
        return "Cookie: a=b; " + given.substring(0, given.indexOf(';')) + "; c=d";
    }

    /** What a client shows, and whether it opens the API. */
    private enum Credentials {
        TOKEN_OF_THE_SERVICE(true),
        SCHEME_IN_CAPITALS(true),
        COOKIE(true),
        /** A header decides alone. */
        WRONG_TOKEN_AND_COOKIE(false),
        NONE(false),
        WRONG_TOKEN(false),
        TOKEN_AND_MORE(false),
        EMPTY_TOKEN(false),
        OTHER_SCHEME(false),
        WRONG_COOKIE(false),
        COOKIE_THAT_HAS_LOGGED_OUT(false);

        private final boolean right;

        Credentials(boolean right) {
            this.right = right;
        }

        private List<String> headers() throws Exception {
            return switch (this) {
                case TOKEN_OF_THE_SERVICE -> List.of(bearer(TOKEN));
                case SCHEME_IN_CAPITALS -> List.of("authorization: BEARER " + TOKEN);
                case COOKIE -> List.of(cookie);
                case WRONG_TOKEN_AND_COOKIE -> List.of(bearer("x"), cookie);
                case NONE -> List.of();
                case WRONG_TOKEN -> List.of(bearer(TOKEN.substring(1)));
                case TOKEN_AND_MORE -> List.of(bearer(TOKEN + "x"));
                case EMPTY_TOKEN -> List.of("Authorization: Bearer");
                case OTHER_SCHEME -> List.of("Authorization: Basic " + TOKEN);
                case WRONG_COOKIE -> List.of("Cookie: scraper_session=" + TOKEN);
                case COOKIE_THAT_HAS_LOGGED_OUT -> {
                    String left = login();
                    service.send("POST", "/api/v1/logout", new byte[0], left);
                    yield List.of(left);
                }
            };
        }
    }

    /** What a browser says of the page that a request comes from, and whether it is one of the service's own. */
    private record From(boolean own, List<String> headers) {}

    private static List<From> origins() {
        return List.of(new From(true, List.of()), new From(true, List.of("Origin: http://%s")),
                new From(true, List.of("Origin: HTTPS://%s", "Sec-Fetch-Site: same-origin")),
                new From(true, List.of("Sec-Fetch-Site: none")),
                new From(false, List.of("Origin: http://evil.example")), new From(false, List.of("Origin: null")),
                new From(false, List.of("Origin: ftp://%s")), new From(false, List.of("Sec-Fetch-Site: cross-site")),
                new From(false, List.of("Sec-Fetch-Site: same-site", "Origin: http://%s")));
    }

    private static Set<String> methods(JsonNode path) {
        Set<String> methods = new TreeSet<>();
        path.propertyNames().forEach(name -> methods.add(name.toUpperCase(Locale.ROOT)));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    /** Sends a request on one connection as long as the service keeps it: a table of hundreds is asked in a second. */
    @SafeVarargs
    private static Answer send(String method, String path, String host, List<String>... headers) throws Exception {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (List<String> some : headers) {
            some.forEach(header -> request.append(header.formatted(host)).append("\r\n"));
        }
        if (connection.isClosed()) {
            connect();
        }
        connection.getOutputStream().write(request.append("\r\n").toString().getBytes(UTF_8));
        Answer answer = method.equals("HEAD") ? Answer.head(answers) : Answer.read(answers);
        if (answer.header("Connection").isPresent()) {
            connection.close();
        }
        return answer;
    }

    /**
     * What the document and the contract say of the answer to someone who may not, or empty if it is the operation's
     * own.
     */
    private static Optional<Integer> refusal(String path, boolean open, boolean ownHost, From from, Credentials shown) {
        boolean anyHost = path.equals("/metrics") || path.startsWith("/health/");
        if (!ownHost && !anyHost) {
            return Optional.of(421);
        }
        if (!from.own && !anyHost) {
            return Optional.of(403);
        }
        return open || shown.right ? Optional.empty() : Optional.of(401);
    }

    @Test
    void onlyWhoMayGetsThrough() throws Exception {
        int asked = 0;
        for (var path : paths.properties()) {
            String target = path.getKey().replace("{id}", UNKNOWN).replace("{name}", "unknown");
            for (String method : methods(path.getValue())) {
                JsonNode operation =
                        path.getValue().get(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
                Set<Integer> documented = new TreeSet<>();
                operation.get("responses").propertyNames().forEach(status -> documented.add(Integer.valueOf(status)));
                boolean open = operation.get("security").isEmpty();
                for (Credentials shown : Credentials.values()) {
                    for (From from : shown == Credentials.COOKIE || shown == Credentials.NONE ? origins()
                            : origins().subList(0, 1)) {
                        for (String host : from.own ? List.of(service.host(), "evil.example")
                                : List.of(service.host())) {
                            Answer answer = send(method, target, host, shown.headers(), from.headers);
                            if (target.equals("/api/v1/logout")) {
                                cookie = login();
                            }
                            String row = method + " " + path.getKey() + " " + shown + " " + from.headers + " " + host;
                            Optional<Integer> refusal =
                                    refusal(path.getKey(), open, host.equals(service.host()), from, shown);
                            if (refusal.isPresent()) {
                                assertThat(answer.status()).as(row).isEqualTo(refusal.get());
                                assertThat(answer.header("Content-Type")).as(row).contains("application/problem+json");
                            } else {
                                assertThat(answer.status()).as(row).isIn(documented).isNotIn(401, 403, 421);
                            }
                            assertThat(answer.header("WWW-Authenticate").isPresent()).as(row)
                                    .isEqualTo(answer.status() == 401);
                            assertThat(answer.header("X-Frame-Options")).as(row).contains("DENY");
                            asked++;
                        }
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(1_000);
    }

    @Test
    void otherMethodsAreToldWhichThereAre() throws Exception {
        for (var path : paths.properties()) {
            Set<String> known = methods(path.getValue());
            for (String method : METHODS) {
                if (!known.contains(method)) {
                    for (Credentials shown : List.of(Credentials.TOKEN_OF_THE_SERVICE, Credentials.NONE)) {
                        Answer answer =
                                send(method, path.getKey().replace("{id}", UNKNOWN).replace("{name}", "unknown"),
                                        service.host(), shown.headers());
                        assertThat(answer.status()).as(method + " " + path.getKey()).isEqualTo(405);
                        assertThat(Set.of(answer.header("Allow").orElseThrow().split(", ", -1))).as(path.getKey())
                                .isEqualTo(known);
                    }
                }
            }
        }
    }

    /** Refused requests have done nothing: the crawl is there, and nothing else is. */
    @Test
    void aRefusedRequestDoesNothing() throws Exception {
        for (var path : paths.properties()) {
            for (String method : methods(path.getValue())) {
                if (!method.equals("HEAD") && !path.getKey().matches("/health/.*|/api/v1/log(in|out)")) {
                    String target = path.getKey().replace("/api/v1/crawls/{id}", crawl).replace("{name}", "ci");
                    String job = "name: y\nstartUrls: [\"http://127.0.0.1:1/\"]\n";
                    for (String[] headers : List.of(new String[]{"Content-Type: application/yaml"},
                            new String[]{"Content-Type: application/yaml", bearer("wrong")},
                            new String[]{"Content-Type: application/yaml", bearer(TOKEN), "Origin: http://evil.example",
                                "Host: evil.example"})) {
                        byte[] body =
                                method.equals("POST") && target.equals(CRAWLS) ? job.getBytes(UTF_8) : new byte[0];
                        int status = service.send(method, target, body, headers).status();
                        assertThat(status).as(method + " " + target).isIn(401, 421, 200);
                        assertThat(status == 200).as(method + " " + target)
                                .isEqualTo(target.equals("/metrics") && Arrays.asList(headers).contains(bearer(TOKEN)));
                    }
                }
            }
        }
        JsonNode crawls = service.get(CRAWLS, bearer(TOKEN)).json().get("crawls");
        assertThat(crawls).hasSize(1);
        assertThat(crawls.get(0).get("state").stringValue()).isNotEqualTo("cancelled");
        assertThat(CRAWLS + "/" + crawls.get(0).get("id").stringValue()).isEqualTo(crawl);
    }

    @Test
    void theDashboardsFilesAreOpenUnderTheServicesNames() throws Exception {
        for (Route asset : Assets.routes()) {
            for (String host : List.of(service.host(), "localhost", "scraper.example.org:81")) {
                assertThat(send("GET", asset.pattern(), host).status()).isEqualTo(200);
                assertThat(send("HEAD", asset.pattern(), host, List.of("Sec-Fetch-Site: cross-site")).status())
                        .isEqualTo(200);
            }
            assertThat(send("GET", asset.pattern(), "evil.example", List.of(bearer(TOKEN))).status()).isEqualTo(421);
            assertThat(send("POST", asset.pattern(), service.host(), List.of(bearer(TOKEN))).status()).isEqualTo(405);
        }
    }

    @Test
    void theDocumentSaysOfEachOperationWhatMayBeRefused() {
        var missing = new TreeMap<String, Set<String>>();
        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                boolean open = operation.getValue().get("security").isEmpty();
                boolean anyHost = path.getKey().equals("/metrics") || path.getKey().startsWith("/health/");
                Set<String> needed = new TreeSet<>();
                Stream.of("401").filter(_ -> !open).forEach(needed::add);
                Stream.of("403", "421").filter(_ -> !anyHost).forEach(needed::add);
                Stream.of("404").filter(_ -> path.getKey().contains("{")).forEach(needed::add);
                operation.getValue().get("responses").propertyNames().forEach(needed::remove);
                if (!needed.isEmpty()) {
                    missing.put(operation.getKey() + " " + path.getKey(), needed);
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
