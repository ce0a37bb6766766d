package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static fanout.internal.http.RawServer.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.outcome.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static byte[] encodedAs(String coding, byte[] bytes) {
        return switch (coding) {
            case "gzip" -> encoded(bytes, GZIPOutputStream::new);
            case "deflate" -> encoded(bytes, DeflaterOutputStream::new);
            case "zstd" -> Zstd.compress(bytes, 3);
            case "br" -> brotli(bytes);
            default -> bytes;
        };
    }

    /** In blocks of 64 KiB that are not compressed. */
    private static byte[] brotli(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += 1 << 16) {
            int length = Math.min(1 << 16, bytes.length - at);
            int block = ((length - 1) << 3 | 1 << 19) << (at == 0 ? 1 : 0); // behind the bit for the window
            out.write(block);
            out.write(block >> 8);
            out.write(block >> 16);
            out.write(bytes, at, length);
        }
        out.write(3); // the last, and empty
        return out.toByteArray();
    }

    /** RFC 9110, sections 5.3 and 8.4: the lines are one list, in the order in which the codings were applied. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"gzip, br | gzip br", "br, gzip | br gzip", "gzip,gzip | gzip gzip",
        "deflate, gzip | deflate gzip", "zstd, br | zstd br", "br, zstd, gzip | br zstd gzip", "gzip, identity | gzip",
        "identity, GZip | gzip", ", gzip ,, | gzip", "gzip,gzip,gzip,gzip,gzip | gzip gzip gzip gzip gzip",
        "identity | none", "',' | none", "none | none", "utf-8 | none", "iso-8859-1 | none", "gzip, x-other | none",
        "identity, text/html | none", "gzip; q=1 | none"})
    void codingsAreUndoneFromTheLastToTheFirst(String header, String applied) throws Exception {
        byte[] body = TEXT;
        for (String coding : applied.split(" ", -1)) {
            body = encodedAs(coding, body);
        }
        for (String lines : List.of(header, header.replace(",", "\r\nContent-Encoding: "))) {
            try (RawServer server = serving("Content-Encoding: " + lines + "\r\n", body);
                    Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/1")).body()).isEqualTo(TEXT);
                assertThat(fetching.response(server.url("/2")).body()).isEqualTo(TEXT);
                assertThat(server.accepted).as("the connection is used again").hasValue(1);
            }
        }
    }

    @Test
    void bodyOfMoreCodingsThanFiveIsNotDecoded() throws Exception {
        try (RawServer server = serving("Content-Encoding: " + "gzip,".repeat(6) + "\r\n", TEXT);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(
                    new Failure.Protocol("Content-Encoding of 6 codings; at most 5 are decoded"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gzip, gzip", "gzip, br", "deflate, zstd", "zstd, gzip", "br, gzip", "gzip, gzip, gzip, gzip"})
    void limitHoldsThroughAllLayers(String header) throws Exception {
        byte[] bomb = new byte[4 << 20];
        for (String coding : header.split(", ", -1)) {
            bomb = encodedAs(coding, bomb);
        }
        try (RawServer server = serving("Content-Encoding: " + header + "\r\n", bomb);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
            assertThat(fetching.traffic.bytes()).isLessThan((1 << 20) + 2);
        }
    }

    /** Its last layer decodes to nothing, and the one before to what no limit on the page would meet. */
    @Test
    void layerThatDecodesToNothingIsBoundedAsWell() throws Exception {
        byte[] emptyBlocks = new byte[4 << 20];
        for (int i = 0; i < emptyBlocks.length; i += 5) {
            emptyBlocks[Math.min(i + 3, emptyBlocks.length - 1)] = (byte) 0xFF;
            emptyBlocks[Math.min(i + 4, emptyBlocks.length - 1)] = (byte) 0xFF;
        }
        byte[] body = encoded(emptyBlocks, GZIPOutputStream::new);
        try (RawServer server = serving("Content-Encoding: deflate, gzip\r\n", body);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Magic, flags of every optional part, and these parts. */
    private static byte[] gzipWithAllParts(byte[] bytes, int checksum) {
        byte[] head = {0x1F, (byte) 0x8B, 8, 0b1_1110, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 0, 'c', 0};
        CRC32 crc = new CRC32();
        crc.update(head);
        int sum = (int) crc.getValue() + checksum;
        byte[] rest = encoded(bytes, GZIPOutputStream::new);
        return joined(head, new byte[]{(byte) sum, (byte) (sum >> 8)}, Arrays.copyOfRange(rest, 10, rest.length));
    }

    private static Stream<Arguments> bodiesOfGzip() {
        byte[] gzip = encoded(TEXT, GZIPOutputStream::new);
        byte[] nothing = encoded(new byte[0], GZIPOutputStream::new);
        byte[] longer = encoded(new byte[300_000], GZIPOutputStream::new);
        return Stream.of(
                Arguments.of("two members", joined(gzip, gzip), 2 * TEXT.length),
                Arguments.of("members of nothing", joined(nothing, gzip, nothing), TEXT.length),
                Arguments.of("a thousand members", joined(Stream.generate(() -> nothing)
                        .limit(1000)
                        .toArray(byte[][]::new)), 0),
                Arguments.of("a long member behind a short one", joined(gzip, longer), TEXT.length + 300_000),
                Arguments.of("zeros behind it", joined(gzip, new byte[512]), TEXT.length),
                Arguments.of("one byte behind it", joined(gzip, new byte[]{0x1F}), TEXT.length),
                Arguments.of("garbage behind it", joined(gzip, gzip, "garbage".getBytes(StandardCharsets.UTF_8)),
                        2 * TEXT.length),
                Arguments.of("much behind it", joined(gzip, new byte[100_000]), TEXT.length),
                Arguments.of("all parts of a header", gzipWithAllParts(TEXT, 0), TEXT.length));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodiesOfGzip")
    void gzipIsReadAsBrowsersAndGzipReadIt(String what, byte[] body, int length) throws Exception {
        try (RawServer server = serving("Content-Encoding: gzip\r\n", body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/1")).body()).as(what).hasSize(length);
            assertThat(fetching.response(server.url("/2")).body()).as(what).hasSize(length);
            assertThat(server.accepted).as("the connection is used again").hasValue(1);
        }
    }

    private static Stream<Arguments> brokenBodies() {
        byte[] gzip = encoded(TEXT, GZIPOutputStream::new);
        byte[] wrong = gzip.clone();
        wrong[wrong.length - 8] ^= 1;
        byte[] wrongLength = gzip.clone();
        wrongLength[wrongLength.length - 1] ^= 1;
        byte[] dictionary = encoded(TEXT, out -> {
            Deflater deflater = new Deflater();
            deflater.setDictionary(new byte[]{1, 2, 3});
            return new DeflaterOutputStream(out, deflater);
        });
        return Stream.of(
                Arguments.of("gzip", Arrays.copyOf(gzip, gzip.length - 1), "cut short"),
                Arguments.of("gzip", Arrays.copyOf(gzip, gzip.length - 20), "cut short"),
                Arguments.of("gzip", Arrays.copyOf(gzip, 5), "cut short"),
                Arguments.of("gzip", wrong, "checksum"),
                Arguments.of("gzip", wrongLength, "length"),
                Arguments.of("gzip", gzipWithAllParts(TEXT, 1), "checksum of the header"),
                Arguments.of("gzip", joined(gzip, Arrays.copyOf(gzip, 12)), "cut short"),
                Arguments.of("gzip", joined(gzip, wrong), "checksum"),
                Arguments.of("gzip", TEXT, "no member"),
                Arguments.of("gzip, gzip", gzip, "no member"),
                Arguments.of("deflate, gzip", joined(encoded(encoded(TEXT, DeflaterOutputStream::new),
                        GZIPOutputStream::new), Arrays.copyOf(gzip, 12)), "cut short"),
                Arguments.of("deflate", dictionary, "dictionary"));
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void bodyThatIsNotWholeIsAProtocolFailure(String header, byte[] body, String detail) throws Exception {
        try (RawServer server = serving("Content-Encoding: " + header + "\r\n", body);
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                    failure -> assertThat(failure.detail()).startsWith("body is not valid " + header + ": ")
                            .contains(detail));
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
