package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs whose requests have methods, headers and bodies, against a server that notes what it gets. */
@Timeout(60)
class RequestsCrawlTest {

    @TempDir
    private Path folder;

    private HttpServer server;
    private CommandRun command;
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void closeSite() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().getPath();
        String seen = exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + exchange.getRequestHeaders().getFirst("X-Key") + " " + body;
        received.computeIfAbsent(path, _ -> new ArrayList<>()).add(seen);
        byte[] page = ("<title>" + path + "</title><a href='/link'>l</a>").getBytes(UTF_8);
        if (path.equals("/303") || path.equals("/307")) {
            exchange.getResponseHeaders().set("Location", "/to" + path.substring(1));
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
        } else {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(path.equals("/robots.txt") ? 404 : path.equals("/busy") ? 503 : 200,
                    hasBody ? page.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(page);
            }
        }
        exchange.close();
    }

    private String job(String starts) {
        return """
                name: requests
                startUrls:
                %s
                politeness: {delay: 0}
                retries: {maxAttempts: 2, backoff: 1ms, maxBackoff: 1ms}
                http: {headers: {X-Key: job}}
                network: {allowedCidrs: [127.0.0.0/8]}
                """.formatted(starts.strip()
                .indent(2)
                .replace("@", "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private Map<String, JsonNode> lines() throws IOException {
        return command.rows("pages.jsonl")
                .stream()
                .collect(Collectors.toMap(line -> line.path("method").asString("GET") + " "
                        + line.get("url").asString().replaceFirst(".*:\\d+", "")
                        + (line.hasNonNull("bodyHash") ? " " + line.get("bodyHash").asString().substring(0, 4) : ""),
                        line -> line));
    }

    @Test
    void everyRequestIsSentAsTheJobSays() throws IOException {
        int code = command.crawl(job("""
                - {url: "@/form", method: POST, form: {q: "a b&", "n ü": 1, many: [x, true]}}
                - {url: "@/json", method: PUT, json: {a: [1, 2.50, null, yes], "b": {c: "é\\n"}}}
                - {url: "@/text", method: PATCH, body: "l1\\nl2", contentType: "text/plain; charset=utf-8"}
                - {url: "@/head", method: HEAD, headers: {X-Key: own}}
                - {url: "@/delete", method: DELETE}
                - {url: "@/typed", method: POST, json: {}, headers: {content-type: application/vnd.api+json}}
                """));

        assertThat(code).as(command.err()).isZero();
        assertThat(received).containsEntry("/form", List.of(
                "POST application/x-www-form-urlencoded job q=a+b%26&n+%C3%BC=1&many=x&many=true"))
                .containsEntry("/json",
                        List.of("PUT application/json job {\"a\":[1,2.50,null,\"yes\"],\"b\":{\"c\":\"é\\n\"}}"))
                .containsEntry("/text", List.of("PATCH text/plain; charset=utf-8 job l1\nl2"))
                .containsEntry("/head", List.of("HEAD null own "))
                .containsEntry("/delete", List.of("DELETE null job "))
                .containsEntry("/typed", List.of("POST application/vnd.api+json job {}"))
                .containsEntry("/link", List.of("GET null job "));
        assertThat(lines().values()).extracting(line -> line.get("outcome").asString()).containsOnly("ok").hasSize(7);
    }

    @Test
    void oneUrlIsFetchedForEachBodyAndDataGoAlong() throws IOException {
        int code = command.crawl(job("""
                - {url: "@/search", method: POST, form: {q: abc}, data: {page: 1, exact: true}, label: list}
                - {url: "@/search", method: POST, form: {q: abc}, data: {page: 2}, headers: {X-Key: other}}
                - {url: "@/search", method: POST, form: {q: abd}}
                - "@/search"
                """));

        assertThat(code).as(command.err()).isZero();
        assertThat(received.get("/search")).containsExactlyInAnyOrder(
                "POST application/x-www-form-urlencoded job q=abc", "POST application/x-www-form-urlencoded job q=abd",
                "GET null job ");
        JsonNode first = command.rows("pages.jsonl")
                .stream()
                .filter(line -> line.path("data").path("page").asInt() == 1
                        && line.path("method").asString().equals("POST"))
                .findFirst()
                .orElseThrow();
        assertThat(first.get("data").toString()).isEqualTo("{\"page\":1,\"exact\":true}");
        assertThat(first.get("label").asString()).isEqualTo("list");
        assertThat(first.get("bodyHash").asString()).hasSize(64);
        assertThat(lines()).hasSize(4).containsKeys("GET /search", "GET /link");
    }

    @Test
    void aRedirectKeepsTheMethodOrMakesItGet() throws IOException {
        int code = command.crawl(job("""
                - {url: "@/303", method: POST, form: {q: abc}, data: {n: 1}, label: a}
                - {url: "@/307", method: POST, form: {q: abc}, label: b}
                """) + "follow: []\n");

        assertThat(code).as(command.err()).isZero();
        assertThat(received.get("/to303")).containsExactly("GET null job ");
        assertThat(received.get("/to307")).containsExactly("POST application/x-www-form-urlencoded job q=abc");
        assertThat(lines().get("GET /to303").get("label").asString()).isEqualTo("a");
        assertThat(lines().get("GET /to303").get("data").toString()).isEqualTo("{\"n\":1}");
    }

    @Test
    void aPostThatTheServerHasSeenIsSentAgainOnlyIfTheJobSaysSo() throws IOException {
        String starts = """
                - {url: "@/busy", method: POST, form: {q: abc}}
                """;
        assertThat(command.crawl(job(starts))).isEqualTo(4);
        assertThat(received.get("/busy")).hasSize(1);

        assertThat(command.crawl(job(starts), "--set", "retries.unsafeMethods=true")).isEqualTo(4);
        assertThat(received.get("/busy")).hasSize(3);
    }

    @Test
    void aResumedCrawlSendsWhatHasNoLineWhateverItsMethod() throws IOException {
        String job = job("""
                - {url: "@/a", method: POST, form: {q: a}, priority: 2, data: {n: 1}}
                - {url: "@/a", method: POST, form: {q: b}, priority: 1, data: {n: 2}, headers: {X-Key: own}}
                - {url: "@/a", method: PUT, json: {q: c}}
                """) + "follow: []\nconcurrency: 1\n";
        assertThat(command.crawl(job, "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(received.get("/a")).containsExactly("POST application/x-www-form-urlencoded job q=a");

        assertThat(command.crawl(job, "--resume")).as(command.err()).isZero();

        assertThat(received.get("/a")).containsExactly("POST application/x-www-form-urlencoded job q=a",
                "POST application/x-www-form-urlencoded own q=b", "PUT application/json job {\"q\":\"c\"}");
        assertThat(command.rows("pages.jsonl")).extracting(line -> line.get("outcome").asString())
                .containsExactly("ok", "ok", "ok");
        assertThat(command.rows("pages.jsonl")).extracting(line -> line.get("data").toString())
                .containsExactly("{\"n\":1}", "{\"n\":2}", "null");
    }

    @Test
    void tryAsksForAStartUrlAsTheJobDoes() throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job("""
                - {url: "@/form", method: POST, form: {q: abc}, label: list}
                """));

        int code = command.run("try", "--json", file.toString(),
                "http://127.0.0.1:" + server.getAddress().getPort() + "/form");

        assertThat(code).as(command.err()).isZero();
        assertThat(received.get("/form")).containsExactly("POST application/x-www-form-urlencoded job q=abc");
        assertThat(command.out()).contains("\"method\":\"POST\"", "\"label\":\"list\"");
    }

    @Test
    void linesThatRepeatARequestAreCountedAsDuplicates() throws IOException {
        String line = "http://127.0.0.1:" + server.getAddress().getPort() + "/a,";
        Path list = folder.resolve("list.csv");
        String job = job("[]").replace("startUrls:\n  []\n", "startUrlsFile: " + list + "\n");

        Files.writeString(list, "url,shelf\n" + line + "1\n");
        assertThat(command.crawl(job)).as(command.err()).isZero();
        int without = command.report().at("/duplicates").asInt();
        Files.writeString(list, "url,shelf\n" + line + "1\n" + line + "2\n" + line + "3\n");
        assertThat(command.crawl(job)).as(command.err()).isZero();

        assertThat(command.rows("pages.jsonl").getFirst().get("data").toString()).isEqualTo("{\"shelf\":\"1\"}");
        assertThat(command.report().at("/duplicates").asInt()).isEqualTo(without + 2);
    }

    @Test
    void skippedLinesOfAListAreInTheReportAndTheSummary() throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), "url,shelf\nno,1\nhttp://127.0.0.1:"
                + server.getAddress().getPort() + "/a,2\nno,3\n");

        int code = command.crawl(job("[]").replace("startUrls:\n  []\n",
                "startUrlsFile: {path: " + list + ", onError: skip}\n"));

        assertThat(code).as(command.err()).isZero();
        assertThat(command.report().at("/startList/skipped").asInt()).isEqualTo(2);
        assertThat(command.report().at("/startList/first/0").asString()).startsWith(list + ", line 2: url must be");
        assertThat(command.err()).contains("2 lines of startUrlsFile skipped, the first is " + list + ", line 2: ");
        assertThat(command.rows("pages.jsonl")).hasSize(2)
                .allMatch(line -> line.get("data").toString().equals("{\"shelf\":\"2\"}"));
    }
}
