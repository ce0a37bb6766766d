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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Crawls with {@code scope.checkExternal}: a site, and another that it links to. */
@Timeout(120)
class ExternalLinksTest {

    private static final List<String> LINKS = List.of("/fine", "/gone", "/noHead", "/noHeadGone", "/moved", "/back",
            "/private", "/fine#again");

    @TempDir
    private Path folder;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer own;
    private HttpServer other;
    private CommandRun command;

    @BeforeEach
    void openSites() throws IOException {
        command = new CommandRun(folder);
        own = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        own.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String markup = switch (path) {
                case "/" -> LINKS.stream()
                        .map(link -> "<a href='" + other(link) + "'>x</a>")
                        .collect(Collectors.joining("", "<a href=/b>b</a><a href=/a.pdf>a</a>"
                                + "<a rel=nofollow href='" + other("/nofollow") + "'>n</a>", ""));
                case "/b" -> "<a href='" + other("/fine") + "'>again</a><a href=/out>out</a>";
                default -> "";
            };
            answer(exchange, path.equals("/out") ? 302 : path.equals("/a.pdf") || !markup.isEmpty() ? 200 : 404,
                    other("/afar"), markup);
        });
        other.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean head = exchange.getRequestMethod().equals("HEAD");
            asked.add(exchange.getRequestMethod() + " " + path);
            switch (path) {
                case "/robots.txt" -> answer(exchange, 200, "", "User-agent: *\nDisallow: /private\n");
                case "/gone" -> answer(exchange, 410, "", "");
                case "/noHead" -> answer(exchange, head ? 405 : 200, "", "<a href='/never'>never</a>");
                case "/noHeadGone" -> answer(exchange, head ? 501 : 410, "", "");
                case "/moved" -> answer(exchange, 301, "/end", "");
                case "/back" -> answer(exchange, 302, own("/back"), "");
                default -> answer(exchange, 200, "", "<a href='/never'>never</a>");
            }
        });
        own.start();
        other.start();
    }

    @AfterEach
    void closeSites() {
        own.stop(0);
        other.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String location, String markup) throws IOException {
        try (exchange) {
            byte[] body = markup.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", location);
            }
            boolean bare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, bare ? -1 : body.length);
            if (!bare) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private String own(String path) {
        return "http://127.0.0.1:" + own.getAddress().getPort() + path;
    }

    private String other(String path) {
        return "http://127.0.0.1:" + other.getAddress().getPort() + path;
    }

    private String job() {
        return """
                name: test
                startUrls: ["%s"]
                scope: {checkExternal: true}
                politeness: {delay: 0, autoThrottle: false, perHostConcurrency: 1}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                """.formatted(own("/"));
    }

    private Map<String, JsonNode> lines() throws IOException {
        return command.rows("pages.jsonl")
                .stream()
                .collect(Collectors.toMap(row -> row.get("url")
                        .stringValue()
                        .replace(own(""), "own:")
                        .replace(other(""), ""), row -> row));
    }

    @Test
    void eachLinkOutOfScopeIsAskedOnceAndNothingThereIsFollowed() throws IOException {
        assertThat(command.crawl(job())).as(command.err()).isZero();

        Map<String, JsonNode> lines = lines();
        assertThat(lines.entrySet()
                .stream()
                .map(line -> line.getKey() + " " + line.getValue()
                        .get("outcome")
                        .stringValue() + " " + line.getValue().get("method").stringValue() + " "
                        + line.getValue().has("external")))
                .containsExactlyInAnyOrder("own:/ ok GET false", "own:/b ok GET false", "own:/out redirected GET false",
                        "own:/a.pdf ok HEAD true", "/fine ok HEAD true", "/gone failed HEAD true",
                        "/noHead ok GET true", "/noHeadGone failed GET true", "/moved redirected HEAD true",
                        "/end ok HEAD true", "/back redirected HEAD true", "/private skipped HEAD true",
                        "/afar ok HEAD true");
        assertThat(asked).containsExactlyInAnyOrder("GET /robots.txt", "HEAD /fine", "HEAD /gone", "HEAD /noHead",
                "GET /noHead", "HEAD /noHeadGone", "GET /noHeadGone", "HEAD /moved", "HEAD /end", "HEAD /back",
                "HEAD /afar");
        assertThat(lines.get("/private").get("reason").stringValue()).isEqualTo("robots");
        assertThat(lines.get("/noHead").get("attempts").asInt()).isEqualTo(2);
        assertThat(lines.get("/noHead").get("bytes").asInt()).as("which are not read").isZero();
        JsonNode report = command.report();
        assertThat(report.at("/accounting/discovered").asInt()).isEqualTo(13);
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(7);
        assertThat(report.at("/outOfScope").asInt()).as("nothing is left unasked").isZero();
    }

    @Test
    void linksOutOfScopeAreNoPagesOfALimit() throws IOException {
        assertThat(command.crawl(job(), "--set", "limits.maxPages=2", "--set", "concurrency=1")).isZero();

        assertThat(lines().values()
                .stream()
                .filter(line -> line.get("outcome").stringValue().equals("ok")
                        && !line.has("external")))
                .hasSize(2);
        assertThat(command.report().at("/finishReason").stringValue()).isEqualTo("maxPages");
        assertThat(command.crawl(job(), "--resume")).as(command.err()).isZero();
        assertThat(lines()).hasSize(13);
        assertThat(command.report().at("/accounting/ok").asInt()).isEqualTo(7);
        assertThat(asked).doesNotHaveDuplicates();
    }

    @Test
    void linksOutOfScopeAreNoPagesThatAJobExpects() throws IOException {
        assertThat(command.crawl(job(), "--set", "expect.minPages=2")).as(command.err()).isZero();
        assertThat(command.report().at("/externalOk").asInt()).isEqualTo(5);
        assertThat(command.crawl(job(), "--set", "expect.minPages=3")).isEqualTo(6);
        assertThat(command.err()).contains("2 pages, wanted at least 3");
    }

    @Test
    void theyCountInMaxFailedPercent() throws IOException {
        assertThat(command.crawl(job(), "--set", "limits.maxFailedPercent=10")).isEqualTo(4);
    }

    @Test
    void depthDoesNotKeepThemFromBeingAsked() throws IOException {
        assertThat(command.crawl(job(), "--set", "scope.maxDepth=0")).isZero();

        assertThat(lines()).containsKeys("own:/", "/fine", "own:/a.pdf").doesNotContainKeys("own:/b", "/afar");
    }

    @Test
    void nofollowKeepsThemFromBeingAskedIfTheJobObeys() throws IOException {
        assertThat(command.crawl(job(), "--set", "politeness.obeyNofollow=false")).isZero();

        assertThat(asked).contains("HEAD /nofollow");
    }

    @Test
    void tableHasAColumnThatSaysWhichTheyAre() throws IOException {
        assertThat(command.crawl(job(), "--set", "output.pages=" + folder.resolve("pages.csv"))).isZero();

        List<String> rows = Files.readAllLines(folder.resolve("pages.csv"));
        assertThat(rows.getFirst()).endsWith(",data,duplicateOf,external");
        assertThat(rows).filteredOn(row -> row.endsWith(",true")).hasSize(10);
    }

    @Test
    void reportPageSaysWhichBrokenLinksLeadElsewhere() throws IOException {
        command.crawl(job(), "--set", "output.links=" + folder.resolve("links.jsonl"));
        command.run("report", folder.toString());

        var broken = Jsoup.parse(Files.readString(folder.resolve("report.html"))).select("#broken tbody tr");
        assertThat(broken.eachText()).hasSize(2).allMatch(row -> row.contains("another site"));
        assertThat(broken.select("li").eachText()).containsOnly(own("/") + " x");
    }
}
