package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import fanout.sink.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Crawls with {@code output.links}, and the report page that reads them. */
@Timeout(120)
class LinksCrawlTest {

    /** Two pages that link to a dead one, which also hides behind a redirect. */
    private static final Map<String, String> PAGES = Map.of(
            "/", "<a href=/b.html>  page\n <b>B</b></a><a href=/dead>menu</a><a href=http://example.org/ rel=nofollow>"
                    + "else</a><a href=/manual.pdf>=1+1</a>",
            "/b.html", "<a href=/dead><img alt='a picture' src=x></a><a href=/old>older</a><a href=/>home</a>");

    @TempDir
    private Path folder;

    private HttpServer server;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                byte[] body = PAGES.getOrDefault(path, "").getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                if (path.equals("/old")) {
                    exchange.getResponseHeaders().set("Location", "/dead");
                }
                exchange.sendResponseHeaders(PAGES.containsKey(path) ? 200 : path.equals("/old") ? 301 : 404,
                        body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void closeSite() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private String job() {
        return """
                name: test
                startUrls: ["%s"]
                politeness: {delay: 0, autoThrottle: false, perHostConcurrency: 1}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                """.formatted(url("/"));
    }

    private String links(String name) {
        return "output.links=" + folder.resolve(name);
    }

    private String text(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Compression.of(file).reading(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), UTF_8).replace(url(""), "");
        }
    }

    @Test
    void everyLinkOfEveryPageIsALine() throws IOException {
        assertThat(command.crawl(job(), "--set", links("links.jsonl"))).as(command.err()).isZero();

        assertThat(text("links.jsonl").lines()).containsExactlyInAnyOrder("""
                {"from":"/","to":"/b.html","text":"page B","rel":null,"nofollow":false,"inScope":true}""", """
                {"from":"/","to":"/dead","text":"menu","rel":null,"nofollow":false,"inScope":true}""", """
                {"from":"/","to":"http://example.org/","text":"else","rel":"nofollow","nofollow":true,"inScope":false}\
                """, """
                {"from":"/","to":"/manual.pdf","text":"=1+1","rel":null,"nofollow":false,"inScope":false}""", """
                {"from":"/b.html","to":"/dead","text":"a picture","rel":null,"nofollow":false,"inScope":true}""", """
                {"from":"/b.html","to":"/old","text":"older","rel":null,"nofollow":false,"inScope":true}""", """
                {"from":"/b.html","to":"/","text":"home","rel":null,"nofollow":false,"inScope":true}""");
    }

    @Test
    void jobWithoutTheKeyWritesNoLinks() throws IOException {
        assertThat(command.crawl(job(), "--set", "output.links=null")).isZero();

        assertThat(folder.resolve("links.jsonl")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "csv", "jsonl.gz", "csv.gz", "jsonl.zst", "csv.zst"})
    void reportNamesEveryPageWithABrokenLink(String format) throws IOException {
        assertThat(command.crawl(job(), "--set", links("links." + format))).as(command.err()).isZero();

        assertThat(command.run("report", folder.toString())).as(command.err()).isZero();

        Document page = Jsoup.parse(Files.readString(folder.resolve("report.html")));
        assertThat(page.select("#broken tbody tr")).hasSize(1);
        assertThat(page.select("#broken tbody tr li").eachText()).containsExactlyInAnyOrder(url("/") + " menu",
                url("/b.html") + " a picture", url("/b.html") + " older through " + url("/old"));
        assertThat(page.select("#broken tbody td").get(2).text()).as("pages").isEqualTo("2");
    }

    @Test
    void tableGuardsTheWordsThatASpreadsheetWouldRun() throws IOException {
        command.crawl(job(), "--set", links("links.csv"));

        assertThat(text("links.csv")).startsWith("from,to,text,rel,nofollow,inScope\r\n")
                .contains("/,/manual.pdf,'=1+1,,false,false\r\n");
    }

    @Test
    void earlierRunTakesItsLinksAlong() throws IOException {
        command.crawl(job(), "--set", links("links.jsonl"));
        String first = text("links.jsonl");
        command.crawl(job(), "--set", links("links.jsonl"));

        Path kept = Objects.requireNonNull(folder.resolve("previous").toFile().listFiles())[0].toPath();
        assertThat(kept.resolve("links.jsonl")).content().isEqualTo(first.replace("\"/", "\"" + url("/")));
    }

    @Test
    void linksBelongToTheJobThatResumes() throws IOException {
        assertThat(command.crawl(job(), "--set", links("links.jsonl"), "--set", "limits.maxPages=1")).isZero();
        CommandRun without = new CommandRun(folder);
        assertThat(without.crawl(job(), "--resume")).isEqualTo(2);
        assertThat(without.err()).contains("output.links");

        assertThat(command.crawl(job(), "--set", links("links.jsonl"), "--resume")).as(command.err()).isZero();

        List<JsonNode> rows = command.rows("links.jsonl");
        assertThat(rows).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void linksGetAFileOfTheirOwn() throws IOException {
        assertThat(command.crawl(job(), "--set", links("pages.jsonl"))).isEqualTo(2);

        assertThat(command.err()).contains("links and pages are both written to");
    }
}
