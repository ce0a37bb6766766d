package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs that log in, against a site whose sessions end after some pages. */
@Timeout(60)
class SessionCrawlTest {

    private static final int PAGES_OF_A_SESSION = 8;

    @TempDir
    private Path folder;

    private HttpServer server;
    private CommandRun command;
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void closeSite() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        received.add(method + " " + path + (body.isEmpty() ? "" : " " + body));
        boolean isMember = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Cookie"), "")
                .contains("sid=" + sessions.get() + "x");
        switch (path) {
            case "/robots.txt" -> respond(exchange, 200, "text/plain", "User-agent: *\nDisallow: /login\n");
            case "/login" -> {
                if (method.equals("POST") && body.equals("csrf=n1&user=ann&password=p%26w")) {
                    served.set(0);
                    exchange.getResponseHeaders().set("Set-Cookie", "sid=" + sessions.incrementAndGet() + "x; Path=/");
                    exchange.getResponseHeaders().set("Location", "/account");
                    respond(exchange, 302, "text/plain", "");
                } else {
                    respond(exchange, 200, "text/html", "<form id=login><input name=csrf value=n1></form>");
                }
            }
            case "/account" -> respond(exchange, 200, "text/html", isMember ? "<a class=logout>x</a>" : "");
            default -> {
                if (isMember && served.incrementAndGet() <= PAGES_OF_A_SESSION) {
                    respond(exchange, 200, "text/html", "<title>" + path + "</title>"
                            + Stream.iterate(1, n -> n <= 20, n -> n + 1)
                                    .map(n -> "<a href=/p" + n + ">p</a>")
                                    .toList());
                } else {
                    respond(exchange, 200, "text/html", "<form id=login></form><a href=/lost>l</a>");
                }
            }
        }
    }

    private static void respond(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String job(String more) {
        return """
                name: members
                startUrls: ["@/p0"]
                concurrency: 4
                politeness: {delay: 0, perHostConcurrency: 4}
                retries: {maxAttempts: 2, backoff: 1ms, maxBackoff: 1ms}
                network: {allowedCidrs: [127.0.0.0/8]}
                session:
                  login:
                    - {url: "@/login", values: {csrf: {css: "input[name=csrf]", attr: value}}}
                    - {url: /login, method: POST, form: {csrf: "{csrf}", user: ann, password: "p&w"}}
                  success: {css: a.logout, url: /account, status: [200]}
                  expired: {css: "form#login"}
                %s""".formatted(more).replace("@", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private List<String> paths() throws IOException {
        return command.rows("pages.jsonl")
                .stream()
                .map(line -> line.get("outcome").asString() + " "
                        + line.get("url").asString().replaceFirst(".*:\\d+", ""))
                .toList();
    }

    @Test
    void crawlLogsInAgainAndKeepsNoLoginScreen() throws IOException {
        int code = command.crawl(job(""));

        assertThat(code).as(command.err()).isZero();
        assertThat(paths()).hasSize(21).doesNotHaveDuplicates().allMatch(line -> line.startsWith("ok /p"));
        assertThat(received.stream().filter(line -> line.startsWith("POST"))).hasSize(3);
        assertThat(received.stream().filter(line -> !line.contains("robots")).limit(3))
                .containsExactly("GET /login", "POST /login csrf=n1&user=ann&password=p%26w", "GET /account");
        JsonNode logins = command.report().get("auxiliary").get("logins");
        assertThat(logins.get("ok").asInt()).isEqualTo(3);
        assertThat(logins.get("failed").asInt()).isZero();
    }

    @Test
    void resumedCrawlLogsInAgain() throws IOException {
        assertThat(command.crawl(job("limits: {maxPages: 5}"))).as(command.err()).isZero();
        int earlier = sessions.get();
        assertThat(command.crawl(job(""), "--resume")).as(command.err()).isZero();

        assertThat(sessions.get()).isGreaterThan(earlier);
        assertThat(paths()).hasSize(21).doesNotHaveDuplicates().allMatch(line -> line.startsWith("ok /p"));
    }

    /** A session of the shop ends after 20 pages. The hidden token of its form is good once. */
    @Test
    void ordersOfTheDemoShopAreReadByItsForm() throws IOException {
        try (DemoShop shop = DemoShop.open(0)) {
            String job = """
                    name: orders
                    startUrls: ["@/account/orders"]
                    network: {allowedCidrs: [127.0.0.0/8]}
                    politeness: {delay: 0, perHostConcurrency: 4}
                    session:
                      login:
                        - {url: "@/login"}
                        - {form: "form#login", fields: {user: demo, password: garden-gate}, submit: "button[name=go]"}
                      success: {css: "a.logout"}
                      expired: {css: "form#login", url: "/login"}
                    follow: [{css: "table.orders a, li.next a", include: [/account/]}]
                    extract: [{name: orders, match: "/orders/", fields: {total: {css: p.price, type: number}}}]
                    """.replace("@", shop.origin());

            assertThat(command.crawl(job)).as(command.err()).isZero();

            assertThat(command.rows("pages.jsonl")).extracting(page -> page.get("outcome").asString()
                    + " " + page.get("url").asString())
                    .hasSize(24 + 6)
                    .doesNotHaveDuplicates()
                    .allMatch(
                            line -> line.startsWith("ok " + shop.origin() + "/account/orders"));
            assertThat(command.rows("items.jsonl")).hasSize(24);
            assertThat(command.report().at("/auxiliary/logins/ok").asInt()).isGreaterThan(1);

            assertThat(command.crawl(job.replace("garden-gate", "wrong"))).isEqualTo(4);
            assertThat(command.err()).contains("step 2 of session.login (form form#login)");
            assertThat(command.crawl(job.replace("#login", "#signup")
                    .replace("expired: {css: \"form#signup\"", ""
                            + "expired: {css: \"form#login\"")))
                    .isEqualTo(4);
            assertThat(command.err()).contains("form#signup");
        }
    }

    @Test
    void failedLoginEndsWithCodeFourAndNamesTheStep() throws IOException {
        int code = command.crawl(job("").replace("p&w", "wrong-value"));

        assertThat(code).isEqualTo(4);
        assertThat(command.err()).contains("step 2 of session.login (POST /login)", "success.css matches nothing")
                .doesNotContain("wrong-value");
        assertThat(command.report().get("finishReason").asString()).isEqualTo("failed");
        assertThat(command.report().get("failure").asString()).contains("step 2 of session.login");
        assertThat(paths()).containsExactly("cancelled /p0");
    }

    @Test
    void trialOfAPageLogsInToo() throws IOException {
        Path job = Files.writeString(folder.resolve("members.yaml"), job(""));
        StringWriter out = new StringWriter();

        int code = Main.run(new PrintWriter(out, true), new PrintWriter(out, true), "try", job.toString(),
                "http://127.0.0.1:" + server.getAddress().getPort() + "/p7");

        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).contains("/p7", "/p20").doesNotContain("/lost");
        assertThat(sessions.get()).isEqualTo(1);
    }
}
