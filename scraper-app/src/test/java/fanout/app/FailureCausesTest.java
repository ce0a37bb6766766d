package fanout.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways for a crawl to bring nothing: each is named with its URL, however little the user wants to see. */
@Timeout(60)
class FailureCausesTest {

    private static CountDownLatch end;
    private static HttpServer server;
    private static ExecutorService threads;
    /** Answers whatever it is asked with what is neither TLS nor HTTP. */
    private static ServerSocket babbler;
    private static Future<Void> babbling;

    @TempDir
    private Path folder;

    @BeforeAll
    static void openServer() throws IOException {
        end = new CountDownLatch(1);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", FailureCausesTest::answer);
        server.start();
        babbler = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        babbling = threads.submit(FailureCausesTest::babble);
    }

    @AfterAll
    static void closeServer() throws Exception {
        end.countDown();
        babbler.close();
        babbling.get(10, TimeUnit.SECONDS);
        server.stop(0);
        threads.close();
    }

    private static Void babble() throws IOException {
        while (!babbler.isClosed()) {
            try (Socket socket = babbler.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write("what is it\n".getBytes(US_ASCII));
            } catch (SocketException e) {
                assertThat(babbler.isClosed()).as(e.toString()).isTrue();
            }
        }
        return null;
    }

    private static String babbling(String scheme) {
        return scheme + "://127.0.0.1:" + babbler.getLocalPort() + "/";
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/robots.txt" -> send(exchange, 200, "User-agent: *\nDisallow: /forbidden\n");
                case "/loop" -> redirect(exchange, "/loop");
                case "/mail" -> redirect(exchange, "mailto:someone@example.org");
                case "/large" -> send(exchange, 200, "x".repeat(3_000));
                case "/slow" -> end.await();
                case "/401", "/403", "/407", "/429" ->
                        send(exchange, Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), "no");
                default -> send(exchange, 404, "none");
            }
        } catch (InterruptedException e) {
            throw new IOException("the server closes", e);
        }
    }

    private static void redirect(HttpExchange exchange, String target) throws IOException {
        exchange.getResponseHeaders().set("Location", target);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(US_ASCII));
    }

    private static String at(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    static Stream<Arguments> failures() {
        return ways().flatMap(way -> Stream.of("--progress=none", "--quiet", "--progress=plain")
                .map(shown -> Arguments.of(way.get(0), way.get(1), way.get(2), shown)));
    }

    /** Each has a process of its own, so a build that people wait for starts two of them. */
    static Stream<Arguments> failuresInATerminal() {
        return ways().limit(Boolean.getBoolean("fanout.ci") ? Long.MAX_VALUE : 2)
                .map(way -> Arguments.of(way.toArray()));
    }

    private static Stream<List<String>> ways() {
        return Stream.of(
                List.of(at("/none"), "http_status", "limits.maxRedirects=2"),
                List.of(at("/loop"), "too_many_redirects", "limits.maxRedirects=2"),
                List.of(at("/mail"), "bad_redirect", "limits.maxRedirects=2"),
                List.of(at("/large"), "body_too_large", "limits.maxBodySize=1KiB"),
                List.of(at("/slow"), "timeout", "limits.requestTimeout=300ms"),
                List.of(at("/forbidden"), "robots", "limits.maxRedirects=2"),
                List.of(at("/none"), "private_address", "network.allowPrivateAddresses=false"),
                List.of(babbling("https"), "tls", "limits.maxRedirects=2"),
                List.of(babbling("http"), "protocol", "limits.maxRedirects=2"),
                List.of("http://127.0.0.1:1/", "connection", "limits.maxRedirects=2"),
                List.of("http://no-such-host.invalid/", "dns", "limits.requestTimeout=20s"));
    }

    private static String job(String url) {
        return """
                name: failing
                startUrls: ["%s"]
                politeness: {delay: 0}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                """.formatted(url);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void causeStandsOnOneLineWithItsUrl(String url, String reason, String setting, String shown) throws IOException {
        CommandRun command = new CommandRun(folder);
        int code = command.crawl(job(url), "--set", setting, shown);

        assertThat(code).as(command.err()).isEqualTo(4);
        assertThat(command.err().lines())
                .anyMatch(line -> line.contains(" " + reason + " ") && line.contains(url + ": "));
        if (shown.equals("--progress=none")) {
            assertThat(command.err().lines().filter(line -> !line.startsWith("warning: "))).hasSize(1);
        }
    }

    /** No other setting opens the addresses of metadata services. */
    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/, false, http.proxy=null, 'in network.allowedCidrs, or sets network.allowPrivateAddresses: "
                + "true'",
        "http://169.254.169.254/, true, http.proxy=null, in network.allowedCidrs",
        "http://example.org/, false, http.proxy=http://127.0.0.1:1, "
                + "'in network.allowedCidrs, or sets network.allowPrivateAddresses: true; the address of http.proxy "
                + "must be allowed, too'"})
    void whatOpensAnAddressIsSaid(String url, boolean opensPrivate, String proxy, String cure) throws IOException {
        CommandRun command = new CommandRun(folder);
        int code = command.crawl(job(url), "--set", "network.allowPrivateAddresses=" + opensPrivate, "--set", proxy);

        assertThat(code).as(command.err()).isEqualTo(4);
        assertThat(command.err().lines()).anyMatch(line -> line.endsWith("a job names such addresses " + cure));
    }

    @ParameterizedTest
    @CsvSource({
        "401, 'a job logs in by session.login, or sends one in http.headers, as in Authorization: \"Bearer ${TOKEN}\"'",
        "407, 'http.proxy: \"http://user:${PASSWORD}@proxy:3128\"'", "429, raise politeness.delay",
        "403, '/403: HTTP status 403'"})
    void whatHelpsAgainstAStatusIsSaid(int status, String cure) throws IOException {
        CommandRun command = new CommandRun(folder);

        assertThat(command.crawl(job(at("/" + status)), "--quiet")).as(command.err()).isEqualTo(4);

        assertThat(command.err()).containsOnlyOnce(cure);
    }

    @ParameterizedTest
    @MethodSource("failuresInATerminal")
    void causeStandsOnOneLineBehindTheBar(String url, String reason, String setting) throws Exception {
        Path job = Files.writeString(folder.resolve("job.yaml"), job(url));
        try (PseudoTerminal terminal = PseudoTerminal.start(folder, 200, 40, Map.of(),
                MainProcess.command("crawl", job.toString(), "--progress", "bar", "--set", setting,
                        "--set", "output.pages=" + folder.resolve("pages.jsonl"), "--set",
                        "output.items=" + folder.resolve("items.jsonl"), "--report",
                        folder.resolve("report.json").toString()))) {
            assertThat(terminal.exitCode()).as(terminal.raw()).isEqualTo(4);
            assertThat(terminal.seen())
                    .anyMatch(line -> line.contains(" " + reason + " ") && line.contains(url + ": "))
                    .noneMatch(line -> line.contains("in flight"));
        }
    }
}
