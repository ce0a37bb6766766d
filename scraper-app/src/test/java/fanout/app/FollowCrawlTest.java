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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What entries of {@code follow} ask a server for, which notes it. */
@Timeout(60)
class FollowCrawlTest {

    private static final String HOME = """
            <h1>Hoses</h1><a class=list href=/list>l</a><a class=item href=/item/1>1</a>
            <a class=item href=/item/gift>g</a><a class=item href=/item/2>2</a><a href=/about>a</a>
            <a href=mailto:a@example.org>m</a>""";

    private static final String FOLLOW = """
            concurrency: 1
            follow:
              - css: a.item
                label: item
                priority: 5
                exclude: [gift]
                data: {shelf: {css: h1}, stock: {value: 3}, none: {css: h6}}
              - {css: a.list, include: ["/list$"], label: list, priority: 7}
              - standard
            """;

    @TempDir
    private Path folder;

    private HttpServer server;
    private CommandRun command;
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        server.createContext("/", this::answer);
        server.start();
        pages.put("/", HOME);
    }

    @AfterEach
    void closeSite() {
        server.stop(0);
    }

    /** A page for each request line, or else for each path; others are pages without links. */
    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().toString();
        boolean isRobots = path.equals("/robots.txt");
        String asked = exchange.getRequestMethod().equals("GET") ? path
                : exchange.getRequestMethod() + " " + path + " " + body;
        if (!isRobots) {
            received.add(asked);
        }
        String page = pages.getOrDefault(asked, "<title>Other</title>");
        byte[] bytes = page.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", page.startsWith("{") ? "application/json" : "text/html");
        exchange.sendResponseHeaders(isRobots ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String site() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String job(String rest) {
        return """
                name: follow
                startUrls: [{url: "%s/", data: {shop: a}}]
                politeness: {delay: 0}
                network: {allowedCidrs: [127.0.0.0/8]}
                parse: {contentTypes: [text/html, application/json]}
                """.formatted(site()) + rest;
    }

    private Map<String, JsonNode> lines() throws IOException {
        return command.rows("pages.jsonl")
                .stream()
                .collect(Collectors.toMap(line -> line.get("url").asString().replaceFirst(".*:\\d+", ""),
                        line -> line));
    }

    @Test
    void eachEntrySaysWhatItsPagesAre() throws IOException {
        pages.put("/item/1", "<a href=/more>m</a>");

        assertThat(command.crawl(job(FOLLOW))).as(command.err()).isZero();

        assertThat(received).as("the highest priority first, equals as they are found")
                .startsWith("/", "/list", "/item/1", "/item/2")
                .containsExactlyInAnyOrder("/", "/list", "/item/1", "/item/2", "/item/gift", "/about", "/more");
        assertThat(lines().get("/item/1").get("label").asString()).isEqualTo("item");
        assertThat(lines().get("/item/1").get("data").toString())
                .isEqualTo("{\"shop\":\"a\",\"shelf\":\"Hoses\",\"stock\":3}");
        assertThat(lines().get("/more").get("data").toString()).as("links inherit data, not labels")
                .isEqualTo("{\"shop\":\"a\",\"shelf\":\"Hoses\",\"stock\":3}");
        assertThat(lines().get("/more").get("label").isNull()).isTrue();
        assertThat(lines().get("/list").get("data").toString()).isEqualTo("{\"shop\":\"a\"}");
        assertThat(lines().get("/item/gift").get("label").isNull()).as("the standard entry picks it").isTrue();
        assertThat(command.report().at("/follow/0/links").asInt()).isEqualTo(2);
        assertThat(command.report().at("/follow/0/noLinks").asInt()).as("what is left out is no flaw").isZero();
        assertThat(command.report().at("/follow/2/noLinks").asInt()).as("nor is a mailto link").isZero();
    }

    @Test
    void anEntryWithoutItsRequiredDataFollowsNothing() throws IOException {
        String required = """
                follow: [{css: a.item, data: {author: {css: .author, required: true}}}]
                """;

        assertThat(command.crawl(job(required))).as(command.err()).isZero();

        assertThat(received).containsExactly("/");
        assertThat(command.report().at("/follow/0/noLinks").asInt()).isEqualTo(3);
        assertThat(command.report().toString()).contains("data.author, which is required, has no value here");
    }

    @Test
    void dataThatAreTooLargeLeaveALinkUnfollowed() throws IOException {
        pages.put("/", "<h1>" + "x".repeat(9_000) + "</h1><a href=/a>a</a>");

        assertThat(command.crawl(job("follow: [{css: a, data: {head: {css: h1}}}]\n"))).isZero();

        assertThat(received).containsExactly("/");
        assertThat(command.report().toString()).contains("data must have at most 64 names and 8 KiB");
    }

    @Test
    void aResumedCrawlKeepsLabelDataAndPriority() throws IOException {
        assertThat(command.crawl(job(FOLLOW), "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(received).containsExactly("/");

        assertThat(command.crawl(job(FOLLOW), "--resume")).as(command.err()).isZero();

        assertThat(received).startsWith("/", "/list", "/item/1", "/item/2").hasSize(6);
        assertThat(lines().get("/item/2").get("label").asString()).isEqualTo("item");
        assertThat(lines().get("/item/2").get("data").toString())
                .isEqualTo("{\"shop\":\"a\",\"shelf\":\"Hoses\",\"stock\":3}");
    }

    @Test
    void anotherEntryIsAnotherJobToResume() throws IOException {
        assertThat(command.crawl(job(FOLLOW), "--set", "limits.maxPages=1")).as(command.err()).isZero();

        assertThat(command.crawl(job(FOLLOW.replace("gift", "gifts")), "--resume")).isEqualTo(2);
        assertThat(command.err()).contains("follow");
    }

    @Test
    void tryShowsWhatEachEntryMakesOfItsLinks() throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job(FOLLOW.replace("  - standard\n", "")));

        assertThat(command.run("try", "--json", file.toString(), site() + "/")).as(command.err()).isZero();

        Map<String, JsonNode> links = new JsonMapper().readTree(command.out())
                .get("links")
                .valueStream()
                .collect(Collectors.toMap(link -> link.get("href").asString(), link -> link, (first, _) -> first));
        assertThat(links.get("/item/gift").get("verdict").asString())
                .isEqualTo("left out by include or exclude of follow");
        assertThat(links.get("/item/1").get("priority").asInt()).isEqualTo(5);
        assertThat(links.get("/item/1").get("data").toString())
                .isEqualTo("{\"shop\":\"a\",\"shelf\":\"Hoses\",\"stock\":3}");
        assertThat(links.get("/about").get("verdict").asString()).isEqualTo("not picked by follow");
    }

    private static final String CURSOR = """
            follow:
              - request:
                  url: /api
                  method: POST
                  json: {after: "{cursor}", n: "{n}", text: "n{n}{{", none: null, list: [1.50, true]}
                values: {cursor: {json: /page/end}, n: {json: /page/n, type: integer}}
                label: list
            """;

    private static String api(String cursor, int n) {
        return "POST /api {\"after\":\"" + cursor + "\",\"n\":" + n + ",\"text\":\"n" + n
                + "{\",\"none\":null,\"list\":[1.50,true]}";
    }

    @Test
    void aCursorIsFollowedUntilThereIsNone() throws IOException {
        pages.put("/", "{\"page\": {\"end\": \"c1\", \"n\": 7}}");
        pages.put(api("c1", 7), "{\"page\": {\"end\": \"c \\\"2\", \"n\": 8}}");
        pages.put(api("c \\\"2", 8), "{\"page\": {\"end\": null, \"n\": 9}}");

        assertThat(command.crawl(job(CURSOR))).as(command.err()).isZero();

        assertThat(received).containsExactly("/", api("c1", 7), api("c \\\"2", 8));
        assertThat(command.rows("pages.jsonl")).extracting(line -> line.path("method").asString("GET"))
                .containsExactly("GET", "POST", "POST");
        assertThat(command.rows("pages.jsonl").getLast().get("label").asString()).isEqualTo("list");
        assertThat(command.rows("pages.jsonl").getLast().get("depth").asInt()).isEqualTo(2);
        assertThat(command.report().at("/follow/0/links").asInt()).isEqualTo(2);
        assertThat(command.report().at("/follow/0/noLinks").asInt()).as("an end is no flaw").isZero();
    }

    @Test
    void aResumedCrawlSendsTheRequestThatWaited() throws IOException {
        pages.put("/", "{\"page\": {\"end\": \"c1\", \"n\": 7}}");
        assertThat(command.crawl(job(CURSOR), "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(received).containsExactly("/");

        assertThat(command.crawl(job(CURSOR), "--resume")).as(command.err()).isZero();

        assertThat(received).containsExactly("/", api("c1", 7));
    }

    @Test
    void aCounterCountsWhileThePageHasAnArticle() throws IOException {
        String article = "<article>a</article>";
        pages.putAll(Map.of("/", article, "/list?page=2", article, "/list?page=3", article));
        String counting = """
                follow:
                  - request: {url: "/list?page={n}"}
                    values: {n: {from: data.page, add: 1, default: 2}}
                    data: {page: {from: data.page, add: 1, default: 2}}
                    when: {css: article}
                extract: [{name: all, fields: {text: {css: article}, page: {from: data.page}}}]
                """;

        assertThat(command.crawl(job(counting))).as(command.err()).isZero();

        assertThat(received).containsExactly("/", "/list?page=2", "/list?page=3", "/list?page=4");
        assertThat(lines().get("/list?page=4").get("data").toString()).isEqualTo("{\"shop\":\"a\",\"page\":4}");
        assertThat(command.rows("items.jsonl")).extracting(item -> item.get("page").toString())
                .containsExactly("null", "2", "3");
    }

    @Test
    void valuesAreEncodedForTheirPlace() throws IOException {
        pages.put("/", "<h1>a&amp;b/\u00fc c</h1><h2>/x?y=1&amp;z=2</h2><h2>/2</h2>");
        String encoding = """
                follow:
                  - {request: {url: "/s/{q}?q={q}"}, values: {q: {css: h1}}}
                  - {request: {url: "{next}"}, values: {next: {css: h2}}}
                  - {request: {url: /f, method: POST, form: {q: "{q}", two: [a, "{{b}"]}}, values: {q: {css: h1}}}
                  - {request: {url: /f, method: POST, form: {q: "{q}", two: [a, "{{b}"]}}, values: {q: {css: h1}}}
                  - {request: {url: /h, headers: {X-Q: "{q}"}}, values: {q: {css: h1}}}
                """;

        assertThat(command.crawl(job(encoding))).as(command.err()).isZero();

        assertThat(received).containsExactlyInAnyOrder("/", "/s/a%26b/%C3%BC%20c?q=a%26b%2F%C3%BC%20c",
                "/x?y=1&z=2", "POST /f q=a%26b%2F%C3%BC+c&two=a&two=%7Bb%7D");
        assertThat(command.report().toString()).as("a header that cannot be sent")
                .contains("headers.X-Q must be printable ASCII");
    }

    @Test
    void tryShowsTheRequestOrWhyThereIsNone() throws IOException {
        pages.put("/", "{\"page\": {\"end\": \"c1\", \"n\": 7}}");
        Path file = Files.writeString(folder.resolve("job.yaml"), job(CURSOR));

        assertThat(command.run("try", file.toString(), site() + "/")).as(command.err()).isZero();
        assertThat(command.out()).contains("POST " + site() + "/api  (list)", "{\"after\":\"c1\",\"n\":7,");

        pages.put("/", "{\"page\": {\"n\": 7}}");
        assertThat(command.run("try", file.toString(), site() + "/")).as(command.err()).isZero();
        assertThat(command.out())
                .contains("follow request POST /api gives no link in this page: values.cursor: no match");
    }

    @Test
    void aTokenMakesNoOtherRequestIfIdentitySaysSo() throws IOException {
        String form = "<a href=/b>b</a><i>q</i><b>token1</b>";
        pages.putAll(Map.of("/", form, "/b", form.replace("token1", "token2")));
        String searching = """
                concurrency: 1
                follow:
                  - {request: {url: "/s?q={q}&t={t}"}, values: {q: {css: i}, t: {css: b}}, identity: [q]}
                  - {request: {url: /p, method: POST, form: {q: "{q}", t: "{t}"}},
                     values: {q: {css: i}, t: {css: b}}, identity: [q]}
                  - standard
                """;

        assertThat(command.crawl(job(searching), "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(command.crawl(job(searching), "--resume")).as(command.err()).isZero();

        assertThat(received).containsExactlyInAnyOrder("/", "/b", "/s?q=q&t=token1", "POST /p q=q&t=token1");
    }
}
