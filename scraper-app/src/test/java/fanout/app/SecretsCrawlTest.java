package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.page.Request.Body;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of a job on their way to one server, with another that must not get them. */
@Timeout(120)
class SecretsCrawlTest {

    private static final String HUSH = "hush-4711&x";
    private static final String CRUMB = "crumb-0815";

    private final List<String> here = new CopyOnWriteArrayList<>();
    private final List<String> elsewhere = new CopyOnWriteArrayList<>();
    private final List<String> cookies = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer server;
    private HttpServer other;

    @BeforeEach
    void openSites() throws IOException {
        other = open(exchange -> answer(exchange, elsewhere));
        server = open(exchange -> answer(exchange, here));
    }

    @AfterEach
    void closeSites() {
        server.stop(0);
        other.stop(0);
    }

    private static HttpServer open(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        opened.createContext("/", handler);
        opened.start();
        return opened;
    }

    private static String at(HttpServer site, String path) {
        return "http://127.0.0.1:" + site.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, List<String> seen) throws IOException {
        String path = exchange.getRequestURI().getPath();
        cookies.add(path + " " + exchange.getRequestHeaders().getFirst("Cookie"));
        seen.add(exchange.getRequestMethod() + " " + path + " " + exchange.getRequestHeaders().getFirst("X-Key") + " "
                + exchange.getRequestHeaders().getFirst("X-Own") + " "
                + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        if (path.equals("/302") || path.equals("/307")) {
            exchange.getResponseHeaders().set("Location", at(other, "/to" + path.substring(1)));
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
        } else {
            byte[] page = path.equals("/login")
                    ? ("<form id=own action=/posted method=post><input name=csrf value=n1></form>"
                            + "<form id=query action=/posted></form><form id=moved action=/307 method=post></form>"
                            + "<form id=foreign action='" + at(other, "/posted") + "' method=post></form>")
                            .getBytes(UTF_8)
                    : ("<title>t</title><p>${KEY}</p><a href='" + at(other, "/link") + "'>l</a><a href='/own'>o</a>")
                            .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(path.equals("/robots.txt") ? 404 : 200, page.length);
            exchange.getResponseBody().write(page);
        }
        exchange.close();
    }

    /** Runs a command with the secret in its environment, and returns its exit code; what it says is in files. */
    private int run(String name, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(MainProcess.command(words))
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile());
        builder.environment().put("KEY", HUSH);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String job() {
        return """
                name: secrets
                startUrls:
                  - {url: "%1$s/form", method: POST, form: {a: "${KEY}", b: "$${KEY}"}}
                  - {url: "%1$s/json", method: POST, json: {a: "${KEY}"}, headers: {X-Own: "own ${KEY}"}}
                  - {url: "%1$s/302", headers: {X-Own: "${KEY}"}}
                  - {url: "%1$s/307", method: POST, body: "${KEY}", contentType: text/plain}
                http: {headers: {X-Key: "key ${KEY}"}, cookiesFile: given/cookies.txt}
                scope: {allowedDomains: [127.0.0.1], maxDepth: 1}
                follow:
                  - standard
                  - {request: {url: /template, method: POST, body: "{p} ${KEY}", contentType: text/plain}, values: {p: {css: p}}}
                concurrency: 1
                politeness: {delay: 0, obeyRobots: false}
                network: {allowedCidrs: [127.0.0.0/8]}
                extract: [{name: page, fields: {status: {from: status}, title: {from: title}}}]
                output: {pages: %2$s/pages.jsonl, items: %2$s/items.jsonl, report: %2$s/report.json}
                """
                .formatted(at(server, ""), folder);
    }

    @Test
    void aSecretIsOnTheWayToItsServerAndNowhereElse() throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("job.yaml"), job()).toString();
        Path given = Files.createDirectory(folder.resolve("given")).resolve("cookies.txt");
        Files.writeString(given, "127.0.0.1\tFALSE\t/own\tFALSE\t0\tsid\t" + CRUMB + "\n");

        assertThat(run("first", "crawl", file, "--set", "limits.maxPages=1")).as(said("first")).isZero();
        assertThat(folder.resolve("crawl.journal")).exists();
        assertThatNothingHas(HUSH);
        assertThat(run("resumed", "crawl", file, "--resume")).as(said("resumed")).isZero();
        assertThat(run("try", "try", "--json", file, at(server, "/json"))).as(said("try")).isZero();

        assertThat(here).contains("POST /form key " + HUSH + " null a=hush-4711%26x&b=%24%7BKEY%7D",
                "POST /json key " + HUSH + " own " + HUSH + " {\"a\":\"" + HUSH + "\"}",
                "GET /302 key " + HUSH + " " + HUSH + " ",
                "POST /307 key " + HUSH + " null " + HUSH,
                "POST /template key " + HUSH + " null ${KEY} " + HUSH,
                "GET /own key " + HUSH + " null ");
        assertThat(elsewhere).contains("GET /to302 null null ", "GET /link null null ")
                .noneMatch(request -> request.contains("hush"));
        assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).anyMatch(line -> line.contains("/to307")
                && line.contains("\"outcome\":\"skipped\",\"reason\":\"refused\"")
                && line.contains("the secret KEY of its body does not go to " + at(other, "")));
        assertThat(cookies).contains("/own sid=" + CRUMB, "/link null");
        Files.delete(given);
        assertThatNothingHas("hush-4711");
        assertThatNothingHas(CRUMB);
    }

    @Test
    void aFormOfAPageSendsASecretToItsServerAndNowhereElse() throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("job.yaml"), """
                name: forms
                startUrls: ["%1$s/login"]
                follow:
                  - {form: "#own", fields: {user: "$${KEY}", key: "${KEY}"}}
                  - {form: "#query", fields: {key: "${KEY}"}}
                  - {form: "#moved", fields: {key: "${KEY}"}}
                  - {form: "#foreign", fields: {key: "${KEY}"}}
                scope: {allowedDomains: [127.0.0.1], maxDepth: 1}
                politeness: {delay: 0, obeyRobots: false}
                network: {allowedCidrs: [127.0.0.0/8]}
                output: {pages: %2$s/pages.jsonl, items: %2$s/items.jsonl, report: %2$s/report.json}
                """.formatted(at(server, ""), folder)).toString();

        assertThat(run("first", "crawl", file, "--set", "limits.maxPages=1")).as(said("first")).isZero();
        assertThat(folder.resolve("crawl.journal")).exists();
        assertThatNothingHas("hush-4711");
        assertThat(here).hasSize(1);
        assertThat(run("resumed", "crawl", file, "--resume")).as(said("resumed")).isZero();
        assertThat(run("try", "try", file, at(server, "/login"))).as(said("try")).isZero();

        assertThat(here).contains("POST /posted null null csrf=n1&user=%24%7BKEY%7D&key=hush-4711%26x",
                "POST /307 null null key=hush-4711%26x").noneMatch(request -> request.startsWith("GET /posted"));
        assertThat(elsewhere).isEmpty();
        List<String> lines = Files.readAllLines(folder.resolve("pages.jsonl"));
        String hash = new Body("text/plain", "csrf=n1&user=%24%7BKEY%7D&key=${KEY}").hash();
        assertThat(lines).hasSize(5)
                .anyMatch(line -> line.contains(hash))
                .filteredOn(line -> line.contains("refused"))
                .hasSize(2)
                .allMatch(line -> line.contains("the secret KEY of its body does not go to " + at(other, "")));
        assertThat(Files.readString(folder.resolve("try.out"))).contains("csrf=n1&user=%24%7BKEY%7D&key=${KEY}",
                "follow form #query gives no link in this page: the form sends its fields in its URL");
        assertThatNothingHas("hush-4711");
    }

    private String memberJob(String form) {
        return """
                name: members
                startUrls: ["%1$s/page"]
                session:
                  login:
                    - {url: "%1$s/login", headers: {X-Own: "${KEY}"}}
                    - {form: "%3$s", fields: {user: "$${KEY}", password: "${KEY}"}}
                    - {url: /token, method: POST, json: {key: "${KEY}"}}
                politeness: {delay: 0, obeyRobots: false}
                network: {allowedCidrs: [127.0.0.0/8]}
                follow: []
                output: {pages: %2$s/pages.jsonl, items: %2$s/items.jsonl, report: %2$s/report.json}
                """
                .formatted(at(server, ""), folder, form);
    }

    @Test
    void aLoginSendsSecretsInFormsAndRequests() throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("job.yaml"), memberJob("#own")).toString();

        assertThat(run("first", "crawl", file)).as(said("first")).isZero();
        assertThat(run("try", "try", "--json", file, at(server, "/page"))).as(said("try")).isZero();
        assertThat(run("text", "try", file, at(server, "/page"))).as(said("text")).isZero();

        assertThat(here).startsWith("GET /login null " + HUSH + " ",
                "POST /posted null null csrf=n1&user=%24%7BKEY%7D&password=hush-4711%26x",
                "POST /token null null {\"key\":\"" + HUSH + "\"}", "GET /page null null ");
        assertThatNothingHas("hush-4711");
    }

    @Test
    void aPageCannotHaveALoginSentElsewhere() throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("job.yaml"), memberJob("#foreign")).toString();

        assertThat(run("first", "crawl", file)).isEqualTo(4);

        assertThat(said("first")).contains("step 2 of session.login (form #foreign)",
                "the secret KEY of its body does not go to " + at(other, ""));
        assertThat(elsewhere).isEmpty();
        assertThatNothingHas("hush-4711");
    }

    @Test
    void aFormThatWouldShowASecretOrSendItOnIsNoLogin() throws IOException, InterruptedException {
        for (String form : List.of("#query", "#moved")) {
            String file = Files.writeString(folder.resolve("job.yaml"), memberJob(form)).toString();

            assertThat(run("first", "crawl", file)).isEqualTo(4);
            assertThat(said("first")).contains("step 2 of session.login (form " + form + ")", form.equals("#query")
                    ? "the form sends its fields in its URL"
                    : "a redirect that would send a secret of the form to " + at(other, ""));
            assertThatNothingHas("hush-4711");
        }
        assertThat(elsewhere).isEmpty();
        assertThat(here).noneMatch(request -> request.startsWith("GET /posted"));
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".err"));
    }

    private void assertThatNothingHas(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(4)
                    .allSatisfy(file -> assertThat(
                            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain(text));
        }
    }
}
