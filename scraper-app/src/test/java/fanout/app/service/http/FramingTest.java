package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import fanout.app.service.http.RequestListener.Answered;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a request ends, and what it asks for, byte by byte. A request that hides in the body of another one, for a
 * reader that counts differently, is never executed.
 */
class FramingTest {

    private static final String HOST = "Host: service.example\r\n";
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\n" + HOST + "\r\n";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\r\n]+\r\n");
    private static final List<Answered> HEARD = new CopyOnWriteArrayList<>();
    private static HttpService service;

    @BeforeAll
    static void open() throws IOException {
        List<Route> routes = List.of(
                Route.of(Door.READ, "GET", "/", request -> Reply.of(200, "text/plain", new byte[]{'/'})),
                Route.of(Door.READ, "GET", "/hidden", request -> Reply.of(200, "text/plain", new byte[]{'!'})),
                Route.of(Door.READ, "GET", "/stream",
                        request -> new Reply.Streamed(200, Map.of(),
                                out -> out.write("streamed".getBytes(ISO_8859_1)))),
                Route.of(Door.READ, "GET", "/large", request -> Reply.of(200, "text/plain", new byte[3_000_000])),
                new Route(Door.READ, "GET", "/query", Set.of("a"),
                        request -> Reply.of(200, "text/plain",
                                request.query().text("a").orElse("none").getBytes(ISO_8859_1))),
                Route.of(Door.READ, "GET", "/error", _ -> {
                    throw new OutOfMemoryError("for the test");
                }),
                Route.of(Door.READ, "GET", "/deep", _ -> {
                    throw new StackOverflowError("for the test");
                }),
                Route.of(Door.READ, "GET", "/interrupted", _ -> {
                    throw new UncheckedIOException(new InterruptedIOException("for the test"));
                }),
                Route.of(Door.READ, "GET", "/error-in-the-stream",
                        request -> new Reply.Streamed(200, Map.of(), out -> {
                            out.write("streamed".getBytes(ISO_8859_1));
                            out.flush();
                            throw new OutOfMemoryError("for the test");
                        })),
                Route.of(Door.READ, "POST", "/ignore", request -> Reply.empty(204)),
                Route.of(Door.READ, "POST", "/refuse", request -> {
                    request.body(Set.of("text/plain"), 1_000);
                    throw new RefusedException(422, "for the test");
                }),
                Route.of(Door.READ, "POST", "/echo",
                        request -> Reply.of(200, "text/plain", request.body(Set.of("text/plain"), 1_000))));
        service = HttpService.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new HttpService.Limits(100, 50, Duration.ofSeconds(10)), new Routes(routes), (_, _) -> {}, HEARD::add);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void forget() {
        HEARD.clear();
    }

    /** Sends bytes and no more, and reads all that the service answers before it closes the connection. */
    private static String exchange(String sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static List<Integer> statuses(String answer) {
        return STATUS_LINE.matcher(answer)
                .results()
                .map(MatchResult::group)
                .map(line -> line.substring(9, 12))
                .map(Integer::valueOf)
                .toList();
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + String.join("", headers) + "\r\n";
    }

    private static String post(String headers, String body) {
        return "POST /echo HTTP/1.1\r\n" + HOST + "Content-Type: text/plain\r\n" + headers + "\r\n" + body;
    }

    private static String chunked(String body) {
        return post("Transfer-Encoding: chunked\r\n", body);
    }

    /** What is sent, and the end of the answer. */
    static Stream<List<String>> good() {
        return Stream.of(
                List.of(get("/"), "\r\n\r\n/"),
                List.of("\r\n" + get("/"), "\r\n\r\n/"),
                List.of(get("http://service.example/"), "\r\n\r\n/"),
                List.of(get("http://service.example"), "\r\n\r\n/"),
                List.of(get("HTTPS://Service.EXAMPLE/query?a=x"), "\r\n\r\nx"),
                List.of("GET / HTTP/1.0\r\n\r\n", "\r\n\r\n/"),
                List.of("GET /stream HTTP/1.0\r\n\r\n", "\r\n\r\nstreamed"),
                List.of(get("/stream"), "\r\n\r\n8\r\nstreamed\r\n0\r\n\r\n"),
                List.of("HEAD /stream HTTP/1.1\r\n" + HOST + "\r\n", "\r\n\r\n"),
                List.of(get("/query?a=%41%2F:@!$&'()*+,;=-._~/?[]".replace("&", "")), "\r\n\r\nA/:@!$'()* ,;=-._~/?[]"),
                List.of(get("/", "X-Text: caf\u00e9\t\u00ff\r\n", "x-EMPTY:\r\n"), "\r\n\r\n/"),
                List.of(post("Content-Length: 5\r\n", "hello"), "\r\n\r\nhello"),
                List.of(post("Content-Length: 0005\r\n", "hello"), "\r\n\r\nhello"),
                List.of(post("", ""), "\r\n\r\n"),
                List.of(chunked("5\r\nhello\r\n0\r\n\r\n"), "\r\n\r\nhello"),
                List.of(chunked("0\r\n\r\n"), "\r\n\r\n"),
                List.of(chunked("00000002\r\nhe\r\n003;name=\"a value\"\r\nllo\r\n0 ;x\r\nTrailer: yes\r\n\r\n"),
                        "\r\n\r\nhello"),
                List.of(chunked("A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"), "\r\n\r\n01234567890123456789a"),
                List.of(post("Transfer-Encoding: CHUNKED\r\nExpect: 100-Continue\r\n", "1\r\nx\r\n0\r\n\r\n"),
                        "\r\n\r\nx"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatTheStandardAllowsIsRead(List<String> row) throws IOException {
        String answer = exchange(row.getFirst());
        assertThat(statuses(answer).getLast()).as(answer).isEqualTo(200);
        assertThat(answer).endsWith(row.getLast());

        boolean last = row.getFirst().contains("HTTP/1.0");
        List<Integer> both = statuses(exchange(row.getFirst() + get("/query?a=next")));
        both = both.stream().filter(status -> status != 100).toList();
        assertThat(both).as("with a second request behind it").isEqualTo(last ? List.of(200) : List.of(200, 200));
    }

    /** The status, and what is sent, with a request hidden where a looser reader would see one. */
    static Stream<Map.Entry<Integer, String>> bad() {
        List<Map.Entry<Integer, String>> rows = new ArrayList<>();
        for (String line : List.of("GET //hidden HTTP/1.1", "GET hidden HTTP/1.1",
                "GET http://evil.example/hidden HTTP/1.1",
                "GET http://service.example:81/hidden HTTP/1.1", "GET ftp://service.example/hidden HTTP/1.1",
                "GET http://service.example//hidden HTTP/1.1", "GET http://a@service.example/hidden HTTP/1.1",
                "OPTIONS * HTTP/1.1", "CONNECT service.example:80 HTTP/1.1", "GET  /hidden HTTP/1.1",
                "GET /hidden  HTTP/1.1", "GET\t/hidden HTTP/1.1", "GET /hidden\tHTTP/1.1", " GET /hidden HTTP/1.1",
                "GET /hidden HTTP/1.1 ", "GET /hid den HTTP/1.1", "get /hidden HTTP/1.1", "G@T /hidden HTTP/1.1",
                "GET /hidden", "GET /hidden http/1.1", "GET /hidden HTTP/1.10", "GET /hidden HTTP/11",
                "GET /hidden#x HTTP/1.1", "GET /hidden\\ HTTP/1.1", "GET /hidden%zz HTTP/1.1", "GET /hidden% HTTP/1.1",
                "GET /hidden%4 HTTP/1.1", "GET /hidden\" HTTP/1.1", "GET /hidden? HTTP/1.1?a=<x>",
                "GET /h\u00e4 HTTP/1.1",
                "GET /hidden\u0000 HTTP/1.1", "GET /hidden\u007f HTTP/1.1", "\u0016\u0003\u0001\u0002")) {
            rows.add(Map.entry(400, line + "\r\n" + HOST + "\r\n" + HIDDEN));
        }
        for (String version : List.of("HTTP/2.0", "HTTP/0.9", "HTTP/3.0")) {
            rows.add(Map.entry(505, "GET /hidden " + version + "\r\n" + HOST + "\r\n" + HIDDEN));
        }
        for (String headers : List.of("", HOST + HOST, HOST + "Host: evil.example\r\n", HOST + "X : y\r\n",
                HOST + " X: y\r\n", HOST + "X: y\r\n folded\r\n", HOST + "X: y\r\n\tfolded\r\n", HOST + ": y\r\n",
                HOST + "no colon\r\n", HOST + "X: a\u0000b\r\n", HOST + "X: a\rb\r\n", HOST + "X: a\nb: c\r\n",
                HOST + "X\u00e9: y\r\n", HOST + "X(y): z\r\n", "Host: service.example\n", HOST + "\n" + HOST,
                HOST + "X: y\r\r\n")) {
            rows.add(Map.entry(400, "GET /hidden HTTP/1.1\r\n" + headers + "\r\n" + HIDDEN));
        }
        for (String length : List.of("+13", "-1", "0x5", "5 5", "5,5", "5, 5", "", "five", "1e1", "5.0", "\u0665",
                "9999999999999999999", "18446744073709551621", "5;")) {
            rows.add(Map.entry(400, post("Content-Length: " + length + "\r\n", "hello" + HIDDEN)));
        }
        rows.add(Map.entry(400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello" + HIDDEN)));
        rows.add(Map.entry(400, post("Content-Length: 5\r\ncontent-length: 50\r\n", "hello" + HIDDEN)));
        rows.add(Map.entry(400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, "POST /echo HTTP/1.0\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n" + HIDDEN));
        for (String coding : List.of("gzip", "gzip, chunked", "chunked, chunked", "chunked, identity", "identity",
                "xchunked",
                "chunked;q=1", "")) {
            rows.add(Map.entry(501, post("Transfer-Encoding: " + coding + "\r\n", "0\r\n\r\n" + HIDDEN)));
        }
        rows.add(Map.entry(501,
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + HIDDEN)));
        for (String size : List.of("10000000d", "FFFFFFFFFFFFFFFF", "ffffffffffffffff5", "000000005", "-5", "+5", "0x5",
                "5g",
                " 5", "5 5", "", "five", "5,", "\"5\"")) {
            rows.add(Map.entry(400, chunked(size + "\r\nhello\r\n0\r\n\r\n" + HIDDEN)));
        }
        rows.add(Map.entry(400, chunked("5\nhello\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5\rhello\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5\r\nhello\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5\r\nhelloX\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5\r\nhell\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5;a\nb\r\nhello\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("5;" + "x".repeat(400) + "\r\nhello\r\n0\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("0\r\nbad trailer\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(400, chunked("0\r\n" + " X: y\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(431, chunked("0\r\nX: " + "x".repeat(9_000) + "\r\n\r\n" + HIDDEN)));
        rows.add(Map.entry(417, post("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello" + HIDDEN)));
        rows.add(Map.entry(431, get("/hidden", "X: " + "x".repeat(17_000) + "\r\n") + HIDDEN));
        rows.add(Map.entry(431, get("/hidden?" + "x".repeat(17_000)) + HIDDEN));
        rows.add(Map.entry(431, get("/hidden", "X: y\r\n".repeat(100)) + HIDDEN));
        String header = "X: " + "x".repeat(997) + "\r\n"; // none is too long, and all of them together are
        rows.add(Map.entry(431, get("/hidden", header.repeat(17)) + HIDDEN));
        rows.add(Map.entry(431, get("/hidden?" + "x".repeat(9_000), header.repeat(8)) + HIDDEN));
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatReadersCouldUnderstandDifferentlyIsRefused(Map.Entry<Integer, String> row) throws IOException {
        assertThat(row.getValue()).contains("hidden");
        String answer = exchange(row.getValue());
        assertThat(statuses(answer)).as(answer).containsExactly(row.getKey());
        assertThat(answer).contains("\r\nContent-Type: application/problem+json\r\n", "\r\nConnection: close\r\n",
                "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nContent-Security-Policy: default-src 'none'");
        assertThat(HEARD).singleElement().satisfies(heard -> assertThat(heard.status()).isEqualTo(row.getKey()));
        assertThat(HEARD.getFirst().bytes()).isPositive();
    }

    /** What an answer leaves unread, or follows a body that was refused, is not looked at again. */
    @ParameterizedTest
    @MethodSource("unread")
    void aBodyThatWasNotReadOrRefusedEndsTheConnection(Map.Entry<Integer, String> row) throws IOException {
        assertThat(statuses(exchange(row.getValue()))).containsExactly(row.getKey());
        assertThat(HEARD).hasSize(1);
    }

    static Stream<Map.Entry<Integer, String>> unread() {
        return Stream.of(
                Map.entry(404,
                        "POST /nothing HTTP/1.1\r\n" + HOST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n"
                                + HIDDEN),
                Map.entry(405,
                        "PUT / HTTP/1.1\r\n" + HOST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN),
                Map.entry(204,
                        "POST /ignore HTTP/1.1\r\n" + HOST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n"
                                + HIDDEN),
                Map.entry(200, get("/", "Content-Length: " + HIDDEN.length() + "\r\n") + HIDDEN),
                Map.entry(200, get("/", "Transfer-Encoding: chunked\r\n") + HIDDEN),
                Map.entry(415,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN),
                Map.entry(413, post("Content-Length: 1001\r\n", "x".repeat(1_001) + HIDDEN)),
                Map.entry(413, chunked("3ea\r\n" + "x".repeat(1_002) + "\r\n0\r\n\r\n" + HIDDEN)),
                Map.entry(400, post("Content-Length: 99\r\n", HIDDEN)),
                Map.entry(422,
                        "POST /refuse HTTP/1.1\r\n" + HOST + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
                                + "hello" + HIDDEN)); // read to its end, and not what the service takes
    }

    @Test
    void anAnswerIsNotLostWhileTheBodyStillComes() throws IOException {
        String body = "x".repeat(3_000_000);
        String answer = exchange(post("Content-Length: " + body.length() + "\r\n", body));
        assertThat(statuses(answer)).containsExactly(413);
        assertThat(answer).endsWith("}");
    }

    @Test
    void clientsThatWaitForItAreToldToSendTheBody() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(post("Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n", "")
                            .getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readNBytes(25), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("hello".getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1)).startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HT", "POST /echo HTTP/1.1\r\nHost: service.example\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 5\r\n\r\nhel"})
    void aClientThatGoesAwayIsNoFailureOfTheService(String begun) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.getOutputStream().write(begun.getBytes(ISO_8859_1));
            await().until(() -> service.connections() > 0);
            socket.setSoLinger(true, 0); // which resets the connection
        }
        await().until(() -> !HEARD.isEmpty());
        assertThat(HEARD).extracting(Answered::status, Answered::complete).containsExactly(tuple(0, false));
    }

    @Test
    void anErrorOfOneRequestIsAnsweredAndEndsItsConnection() throws IOException {
        for (String path : List.of("/error", "/deep")) {
            String answer = exchange(get(path) + HIDDEN);
            assertThat(statuses(answer)).containsExactly(500);
            assertThat(answer).contains("application/problem+json", "\r\nConnection: close\r\n")
                    .doesNotContain("for the test");
        }
        String cut = exchange(get("/error-in-the-stream") + HIDDEN);
        assertThat(statuses(cut)).containsExactly(200);
        assertThat(cut).as("an answer that failed half way does not look whole").endsWith("8\r\nstreamed\r\n");
        assertThat(HEARD).extracting(Answered::complete).containsExactly(true, true, false);
        assertThat(statuses(exchange(get("/")))).containsExactly(200);
    }

    @Test
    void aRequestThatIsInterruptedHasNoAnswer() throws IOException {
        assertThat(exchange(get("/interrupted"))).isEmpty();
        assertThat(HEARD).extracting(Answered::status, Answered::complete).containsExactly(tuple(0, false));
    }

    /** Anybody may send them, without a token: their cost must not grow with the square of their length. */
    @Test
    void headsOfWhiteSpaceCostNoMoreThanOthers() {
        String head = get("/", "Connection: a" + " ".repeat(15_000) + "b\r\n");
        String sent = head.repeat(100) + get("/", "Connection: x ,\t close\t\r\n");
        String answer = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> exchange(sent));
        assertThat(statuses(answer)).hasSize(101).containsOnly(200);
    }

    @Test
    void aLargeAnswerIsSentWhole() throws IOException {
        String answer = exchange(get("/large"));
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(3_000_000);
        assertThat(answer).contains("\r\nContent-Length: 3000000\r\n", "\r\nDate: ");
        assertThat(HEARD.getFirst().bytes()).isEqualTo(3_000_000);
    }

    @Test
    void aRefusalIsLoggedWithWhatWasRead() throws IOException {
        exchange("nonsense\r\n\r\n");
        exchange(get("//hidden?a=secret"));
        assertThat(HEARD).extracting(Answered::method, Answered::path, Answered::route)
                .containsExactly(tuple("-", "-", "unmatched"),
                        tuple("GET", "//hidden", "unmatched"));
    }
}
