package fanout.okhttp;

import static fanout.okhttp.Fetching.assertResponse;
import static fanout.okhttp.Fetching.failure;
import static fanout.okhttp.Fetching.request;
import static fanout.okhttp.RawServer.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest.Overflow;
import fanout.outcome.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchBodyTest {

    private static final byte[] TEXT = "all work and no play ".repeat(500).getBytes(StandardCharsets.UTF_8);

    private interface Encoding {
        OutputStream on(OutputStream out) throws IOException;
    }

    private static byte[] encoded(byte[] bytes, Encoding encoding) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoder = encoding.on(out)) {
            encoder.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static RawServer serving(String headers, byte[] body) {
        return RawServer.serving((socket, in) -> {
            while (readHead(in)) {
                RawServer.send(socket, "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n");
                socket.getOutputStream().write(body);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"gzip,gzip", "GZIP,gzip", "x-gzip,gzip", "deflate,zlib", "deflate,raw", "identity,none"})
    void bodyArrivesDecodedAndItsConnectionIsReused(String header, String format) throws Exception {
        byte[] body = switch (format) {
            case "gzip" -> encoded(TEXT, GZIPOutputStream::new);
            case "zlib" -> encoded(TEXT, DeflaterOutputStream::new);
            case "raw" -> encoded(TEXT, out -> new DeflaterOutputStream(out, new Deflater(9, true)));
            default -> TEXT;
        };
        try (RawServer server = serving("Content-Encoding: " + header + "\r\n", body);
                Fetching fetching = Fetching.plain()) {
            for (int i = 0; i < 3; i++) {
                Fetch.Response response = fetching.response(server.url("/"));
                assertThat(response.body()).isEqualTo(TEXT);
                assertThat(response.headers().get("Content-Encoding")).isEqualTo(header);
            }
            assertThat(server.accepted).hasValue(1);
            assertThat(fetching.traffic.bytes()).isEqualTo(3L * TEXT.length);
        }
    }

    /** RFC 9110, 5.3: the lines of a list are one list. Two encodings were not asked for, and the last alone would give no text. */
    @Test
    void encodingsOfSeveralLinesAreOneList() throws Exception {
        byte[] body = encoded(encoded(TEXT, DeflaterOutputStream::new), GZIPOutputStream::new);
        try (RawServer server = serving("Content-Encoding: deflate\r\nContent-Encoding: gzip\r\n", body);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/")).detail()).endsWith("not asked for: deflate, gzip");
        }
    }

    /** A body that is not wanted is drained if that is cheaper than a new connection. */
    @ParameterizedTest
    @CsvSource({"65536, 1", "65537, 2"})
    void unreadBodyIsDiscardedUpToALimit(int length, int connections) throws Exception {
        try (RawServer server = serving("", new byte[length]); Fetching fetching = Fetching.plain()) {
            for (int i = 0; i < 2; i++) {
                assertResponse(fetching.get(Fetching.headOnly(server.url("/")), new Fetching.Log()));
            }
            assertThat(server.accepted).hasValue(connections);
        }
    }

    @Test
    void emptyBodyMayBeAnnouncedAsEncoded() throws Exception {
        try (RawServer server = serving("Content-Encoding: gzip\r\n", new byte[0]);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).isEmpty();
        }
    }

    @Test
    void whatCanBeDecodedIsAskedFor() throws Exception {
        AtomicReference<String> head = new AtomicReference<>("");
        try (RawServer server = RawServer.serving((socket, in) -> {
            byte[] bytes = new byte[4096];
            head.set(new String(bytes, 0, in.read(bytes), StandardCharsets.ISO_8859_1));
            RawServer.send(socket, "HTTP/1.1 200 OK\r\n\r\n");
        });
                Fetching fetching = Fetching.plain()) {
            fetching.response(server.url("/"));
            assertThat(head.get()).containsOnlyOnce("Accept-Encoding: gzip, deflate, br, zstd\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"identity", "gzip", "chunked", "close"})
    void bodyOfExactlyTheLimitIsWholeAndOneByteMoreFails(String how) throws Exception {
        String headers = how.equals("gzip") ? "Content-Encoding: gzip\r\n" : "";
        byte[] body = how.equals("gzip") ? encoded(TEXT, GZIPOutputStream::new) : TEXT;
        try (RawServer server = switch (how) {
            case "chunked" -> RawServer.answering("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(TEXT.length) + "\r\n"
                    + new String(TEXT, StandardCharsets.UTF_8)
                    + "\r\n0\r\n\r\n");
            case "close" -> RawServer.answering("HTTP/1.1 200 OK\r\n\r\n" + new String(TEXT, StandardCharsets.UTF_8));
            default -> serving(headers, body);
        };
                Fetching fetching = Fetching.plain()) {
            Fetch whole = fetching.get(request(server.url("/"), TEXT.length, Overflow.FAIL), new Fetching.Log());
            Fetch tooLarge = fetching.get(request(server.url("/"), TEXT.length - 1, Overflow.FAIL),
                    new Fetching.Log());
            Fetch cut = fetching.get(request(server.url("/"), TEXT.length - 1, Overflow.TRUNCATE), new Fetching.Log());

            assertThat(assertResponse(whole).body()).isEqualTo(TEXT);
            assertThat(failure(tooLarge)).isEqualTo(new Failure.BodyTooLarge(TEXT.length - 1));
            assertThat(tooLarge.attempt().head()).isPresent();
            assertThat(assertResponse(cut).body()).isEqualTo(java.util.Arrays.copyOf(TEXT, TEXT.length - 1));
        }
    }

    @Test
    void announcedLengthBeyondTheLimitIsNotRead() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n");
            RawServer.untilClosed(in); // Never sends a byte of it.
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
        }
    }

    @Test
    void gzipBombIsReadToTheLimitOnly() throws Exception {
        byte[] bomb = encoded(new byte[64 << 20], GZIPOutputStream::new);
        try (RawServer server = serving("Content-Encoding: gzip\r\n", bomb); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
            assertThat(fetching.traffic.bytes()).isLessThan((1 << 20) + 2);

            Fetch.Response cut = assertResponse(fetching.get(request(server.url("/"), 1 << 20, Overflow.TRUNCATE),
                    new Fetching.Log()));
            assertThat(cut.body()).hasSize(1 << 20);
        }
    }

    @Test
    void endlessBodyIsCutAndItsConnectionGivenUp() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                socket.getOutputStream().write(new byte[8192]);
                sent.incrementAndGet();
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(assertResponse(fetching.get(request(server.url("/"), 100_000, Overflow.TRUNCATE),
                    new Fetching.Log())).body()).hasSize(100_000);
            org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void largeBinaryBodyArrivesUnchanged() throws Exception {
        byte[] body = new byte[1 << 20];
        new Random(7).nextBytes(body);
        try (RawServer server = serving("", body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).isEqualTo(body);
        }
    }
}
