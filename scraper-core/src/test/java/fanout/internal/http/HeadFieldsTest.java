package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.outcome.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of a response's head that are not as the standards have them, and what browsers make of them. */
@Timeout(60)
class HeadFieldsTest {

    private static final String EMPTY = "Content-Length: 0\r\n\r\n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"text/html charset=utf-8 | text/html", "text/html,charset=utf-8 | text/html",
        "text/html, text/html | text/html", "TEXT/HTML;charset=x | text/html", "text/html, text/plain | text/plain",
        "text/plain; a=\",image/png\" | text/plain", "text/html, */* | text/html", "text/html, | text/html",
        "html | html", "text/html(comment) | text/html"})
    void aContentTypeIsReadAsBrowsersReadIt(String header, String mediaType) throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Type: " + header + "\r\n" + EMPTY);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).head().contentType()).contains(mediaType);
        }
    }

    @Test
    void noContentTypeIsNone() {
        assertThat(ReceivedHead.mediaType(List.of())).isEmpty();
        assertThat(ReceivedHead.mediaType(List.of(" ", ";"))).isEmpty();
        assertThat(ReceivedHead.mediaType(List.of("text/plain", "text/html"))).isEqualTo(Optional.of("text/html"));
    }

    private static Optional<String> location(String head) throws Exception {
        try (RawServer server = RawServer.answering(head); Fetching fetching = Fetching.plain()) {
            Fetch.Response response = fetching.response(server.url("/"));
            return Optional.ofNullable(response.headers().get("Location"));
        }
    }

    @Test
    void aLocationKeepsItsBytes() throws Exception {
        String moved = "HTTP/1.1 302 Found\r\nLOCATION:  ";
        assertThat(location(moved + "/t/a\u00e7\u00e3o\r\n" + EMPTY)).contains("/t/a%E7%E3o");
        assertThat(location("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + moved + "/\u00e9?\u00ff\r\n" + EMPTY))
                .contains("/%E9?%FF");
        String utf8 = new String("/caf\u00e9".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(location(moved + utf8 + "\r\n" + EMPTY)).contains("/caf\u00e9");
        assertThat(location("HTTP/1.1 201 Created\r\nLocation: /\u00e9\r\n" + EMPTY)).contains("/%E9");
        assertThat(location("HTTP/1.1 302 Found\r\nLocation: /1\r\n" + EMPTY + "\r\nLocation: /2\r\n\r\n"))
                .contains("/1");
    }

    @Test
    void aLocationKeepsItsBytesWhateverPiecesItComesIn() throws Exception {
        String head = "HTTP/1.1 302 Found\r\nLocation: /\u00e9\r\n" + EMPTY;
        try (RawServer server = RawServer.serving((socket, in) -> {
            RawServer.readHead(in);
            for (int i = 0; i < head.length(); i++) {
                RawServer.send(socket, head.substring(i, i + 1));
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).headers().get("Location")).isEqualTo("/%E9");
        }
    }

    /** RFC 9112, section 5.2: what a field is folded by is white space. */
    @ParameterizedTest
    @ValueSource(strings = {"X: a|  b", "X: a|\tb", "X:|  a b", "X: a|  |\tb", "X: a| |  b|\t", "x: a|\tb|Y: c",
        "X: a| b|Y:| d|  e: f"})
    void foldedFieldsAreJoined(String fields) throws Exception {
        for (String end : List.of("\r\n", "\n")) {
            String head =
                    "HTTP/1.1 200 OK" + end + fields.replace("|", end) + end + "Content-Length:" + end + " 2" + end
                            + end + "ok";
            for (int piece : new int[]{1, 2, 3, 1_000}) {
                try (RawServer server = inPieces(head, piece); Fetching fetching = Fetching.plain()) {
                    for (int i = 0; i < 2; i++) {
                        Fetch.Response response = fetching.response(server.url("/" + i));
                        assertThat(response.headers().get("X").split("[ \t]+")).containsExactly("a", "b");
                        assertThat(response.headers().names()).doesNotContain("");
                        assertThat(response.body()).asString().isEqualTo("ok");
                    }
                    assertThat(server.accepted).as("the length that was folded counts").hasValue(1);
                }
            }
        }
    }

    private static RawServer inPieces(String answer, int length) {
        return RawServer.serving((socket, in) -> {
            socket.setTcpNoDelay(true);
            while (RawServer.readHead(in)) {
                for (int i = 0; i < answer.length(); i += length) {
                    RawServer.send(socket, answer.substring(i, Math.min(answer.length(), i + length)));
                }
            }
        });
    }

    @Test
    void foldedFieldsCountWhereverTheyStand() throws Exception {
        String chunked = """
                HTTP/1.1 100 Go on
                X: a
                 b

                HTTP/1.1 200 OK
                 of course
                Transfer-Encoding:
                \tchunked

                2
                ok
                0

                """.replace("\n", "\r\n");
        try (RawServer server = RawServer.answering(chunked); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).asString().isEqualTo("ok");
        }
        String type = "HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n charset=utf-16\r\n" + EMPTY;
        try (RawServer server = RawServer.answering(type); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).contentType()).matches("text/html; +charset=utf-16");
        }
        assertThat(location("HTTP/1.1 302 Found\r\nLocation:\r\n http://example.org/a\r\n" + EMPTY))
                .contains("http://example.org/a");
        assertThat(location("HTTP/1.1 302 Found\r\nLocation:\r\n /\u00e9\r\n" + EMPTY)).contains("/%E9");
    }

    @Test
    void aBodyIsNoHeadAndStaysAsItIs() throws Exception {
        String body = "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\nmore\r\n less";
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        for (int piece : new int[]{1, 1_000}) {
            try (RawServer server = inPieces(answer, piece); Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/1")).body()).asString().isEqualTo(body);
                assertThat(fetching.response(server.url("/2")).body()).asString().isEqualTo(body);
                assertThat(server.accepted).hasValue(1);
            }
        }
    }

    @Test
    void lineWithoutEndIsAProtocolFailure() throws Exception {
        for (String begin : List.of("", "HTTP/1.1 ", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nX: a\r\n ")) {
            try (RawServer server = RawServer.serving((socket, in) -> {
                RawServer.readHead(in);
                RawServer.send(socket, begin);
                while (true) {
                    RawServer.send(socket, "x\u00e9".repeat(4_000));
                }
            });
                    Fetching fetching = Fetching.plain()) {
                assertThat(fetching.failure(server.url("/"))).as(begin).isInstanceOf(Failure.Protocol.class);
            }
        }
    }

    @Test
    void theLocationIsThatOfItsOwnAnswer() throws Exception {
        List<String> answers = new CopyOnWriteArrayList<>(List.of("302 Found\r\nLocation: /\u00e9\r\n",
                "302 Found\r\nLocation: /\u00e8\r\n", "200 OK\r\n",
                "103 Early Hints\r\nLocation: /\u00ea\r\n\r\nHTTP/1.1 200 OK\r\n"));
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, "HTTP/1.1 " + answers.removeFirst() + EMPTY);
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).headers().get("Location")).isEqualTo("/%E9");
            assertThat(fetching.response(server.url("/")).headers().get("Location")).isEqualTo("/%E8");
            for (String after : List.of("a redirect", "a hint")) {
                assertThat(fetching.response(server.url("/")).headers().names()).as("after %s", after)
                        .containsExactly("Content-Length");
            }
            assertThat(server.accepted).hasValue(1);
        }
    }

    @Test
    void aCookieComesBackWithItsBytes() throws Exception {
        String utf8 = new String("n\u00e4me=caf\u00e9".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        List<String> cookies = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.serving((socket, in) -> {
            StringBuilder request = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                request.append((char) b);
                if (request.toString().endsWith("\r\n\r\n")) {
                    request.toString().lines().filter(line -> line.startsWith("Cookie")).forEach(cookies::add);
                    request.setLength(0);
                    RawServer.send(socket, "HTTP/1.1 200 OK\r\nSet-Cookie: " + utf8 + "; Path=/\r\n" + EMPTY);
                }
            }
        });
                Fetching fetching = Fetching.plain()) {
            fetching.response(server.url("/1"));
            fetching.response(server.url("/2"));
        }
        assertThat(cookies).containsExactly("Cookie: " + utf8);
    }
}
