package fanout.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.fetch.Fetch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(MediaTypes.essence(List.of())).isEmpty();
        assertThat(MediaTypes.essence(List.of(" ", ";"))).isEmpty();
        assertThat(MediaTypes.essence(List.of("text/plain", "text/html"))).isEqualTo(Optional.of("text/html"));
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

    @Test
    void theLocationIsThatOfItsOwnAnswer() throws Exception {
        List<String> answers = new CopyOnWriteArrayList<>(List.of("/\u00e9", "/\u00e8"));
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, "HTTP/1.1 302 Found\r\nLocation: " + answers.removeFirst() + "\r\n" + EMPTY);
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).headers().get("Location")).isEqualTo("/%E9");
            assertThat(fetching.response(server.url("/")).headers().get("Location")).isEqualTo("/%E8");
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
