package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.limit.BodyRoom;
import fanout.outcome.Failure;
import fanout.task.Ticker;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in brotli (RFC 7932), from real servers. The encoded ones were made by Google's encoder. */
@Timeout(60)
class FetchBrotliTest {

    private static final int NOISY = Boolean.getBoolean("fanout.ci") ? 200 : 40;
    private static final byte[] PAGE = bytes("GxQA+KVfeMjKpCCFkJIPbNBKOZ8A");
    private static final byte[] PAGE_IN_A_WIDE_WINDOW = bytes("HxQA+KVfeMjKpCCFkJIPbNBKOZ8A");
    private static final byte[] PAGE_IN_A_LARGE_WINDOW = bytes("EVpQAOCXfuEhK5OCFEJKPmADrSjnEw==");
    private static final String TEXT = "<title>packed</title>";

    /** 64 MiB of spaces in blocks of 16 MiB, with a window of 4 MiB. */
    private static final byte[] BOMB = bytes("y///P/glQOKxQCD3/o///3/wSwDEYRGA7v0f////4JcAiMMCAN37P/7//8EvARCHBQC6"
            + "93/8//+DXwIgDgsAdO//+P//B78EQBwWAOje//H//w9+CYA4LADQvf/L//8//BIAcVgAoHv/Bw==");

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static RawServer serving(byte[] body) {
        return RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket,
                        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: " + body.length + "\r\n\r\n");
                socket.getOutputStream().write(body);
            }
        });
    }

    /** Uncompressed, in blocks of at most 64 KiB, with a window of 64 KiB. */
    private static byte[] stored(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += 1 << 16) {
            int length = Math.min(1 << 16, text.length - at);
            int header = (length - 1) << 3 | 1 << 19; // not the last; four nibbles of length; uncompressed
            int shifted = at == 0 ? header << 1 : header; // behind the bit for the window
            out.write(shifted);
            out.write(shifted >> 8);
            out.write(shifted >> 16);
            out.write(text, at, length);
        }
        out.write(3); // the last, and empty
        return out.toByteArray();
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(5).nextBytes(noise);
        return noise;
    }

    @Test
    void bodyArrivesDecodedAndItsConnectionIsReused() throws Exception {
        for (byte[] body : new byte[][]{PAGE, PAGE_IN_A_WIDE_WINDOW, stored(TEXT.getBytes(StandardCharsets.UTF_8))}) {
            try (RawServer server = serving(body); Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/1")).body()).asString().isEqualTo(TEXT);
                assertThat(fetching.response(server.url("/2")).body()).asString().isEqualTo(TEXT);
                assertThat(server.accepted).hasValue(1);
                assertThat(fetching.traffic.bytes()).isEqualTo(2L * TEXT.length());
            }
        }
    }

    @Test
    void emptyBodyMayBeAnnouncedAsEncoded() throws Exception {
        try (RawServer server = serving(new byte[0]); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).isEmpty();
        }
    }

    @Test
    void bodyOfExactlyTheLimitIsWholeAndOneByteMoreFails() throws Exception {
        byte[] text = noise(200_000);
        try (RawServer server = serving(stored(text)); Fetching fetching = Fetching.plain()) {
            Fetch whole = fetching.get(request(server.url("/"), text.length, Overflow.FAIL), new Fetching.Log());
            Fetch tooLarge = fetching.get(request(server.url("/"), text.length - 1, Overflow.FAIL),
                    new Fetching.Log());
            Fetch cut = fetching.get(request(server.url("/"), text.length - 1, Overflow.TRUNCATE), new Fetching.Log());
            assertThat(assertResponse(whole).body()).isEqualTo(text);
            assertThat(failure(tooLarge)).isEqualTo(new Failure.BodyTooLarge(text.length - 1));
            assertThat(assertResponse(cut).body()).isEqualTo(Arrays.copyOf(text, text.length - 1));
        }
    }

    @Test
    void bombIsDecodedToTheLimitOnly() throws Exception {
        try (RawServer server = serving(BOMB); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
            assertThat(fetching.traffic.bytes()).isLessThan((1 << 20) + 2);
            Fetch.Response cut = assertResponse(fetching.get(request(server.url("/"), 1 << 20, Overflow.TRUNCATE),
                    new Fetching.Log()));
            assertThat(cut.body()).hasSize(1 << 20).containsOnly(' ');
        }
    }

    @Test
    void endlessEncodedBodyIsGivenUp() throws Exception {
        byte[] block = stored(noise(1 << 16));
        try (RawServer server = RawServer.serving((socket, in) -> {
            RawServer.readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n");
            while (true) {
                socket.getOutputStream().write(block);
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
        }
    }

    @Test
    void bodyThatIsCutOrNoBrotliIsAProtocolFailure() throws Exception {
        for (int length = 1; length < PAGE.length; length++) {
            assertProtocolFailure(Arrays.copyOf(PAGE, length));
        }
        assertProtocolFailure("<title>not packed</title>".getBytes(StandardCharsets.UTF_8));
        assertProtocolFailure(PAGE_IN_A_LARGE_WINDOW);
    }

    /**
     * The decoder refuses those that it has in its buffer of 4 KiB; the last piece that it decoded must not be lost
     * with them.
     */
    @Test
    void bytesBehindTheEndAreLeftOut() throws Exception {
        byte[] text = noise(20_000);
        byte[] body = stored(text);
        for (int more : new int[]{1, 7, 100, 4_000, 5_000, 60_000}) {
            try (RawServer page = serving(Arrays.copyOf(PAGE, PAGE.length + more));
                    RawServer longer = serving(Arrays.copyOf(body, body.length + more));
                    Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(page.url("/1")).body()).asString().isEqualTo(TEXT);
                assertThat(fetching.response(page.url("/2")).body()).asString().isEqualTo(TEXT);
                assertThat(page.accepted).as("the connection is used again").hasValue(1);
                assertThat(fetching.response(longer.url("/")).body()).isEqualTo(text);
            }
        }
    }

    private static void assertProtocolFailure(byte[] body) throws Exception {
        try (RawServer server = serving(body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class);
        }
    }

    @Test
    void noiseFailsOrIsDecodedAndNothingElse() throws Exception {
        Random random = new Random(7);
        byte[][] body = {PAGE};
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket,
                        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: " + body[0].length + "\r\n\r\n");
                socket.getOutputStream().write(body[0]);
            }
        });
                Fetching fetching = Fetching.plain()) {
            for (int i = 0; i < NOISY; i++) {
                byte[] broken = random.nextBoolean() ? BOMB.clone() : noise(1 + random.nextInt(300));
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
                body[0] = broken;
                switch (fetching.get(server.url("/"))) {
                    case Fetch.Response response -> assertThat(response.body().length).isLessThanOrEqualTo(1 << 20);
                    case Fetch.NoResponse none -> assertThat(none.failure())
                            .isInstanceOfAny(Failure.Protocol.class, Failure.BodyTooLarge.class);
                }
            }
        }
    }

    @Test
    void windowThatTheMemoryDoesNotHoldFails() throws Exception {
        try (RawServer bomb = serving(BOMB);
                RawServer page = serving(PAGE);
                Fetching fetching = Fetching.in(new BodyRoom(8 << 20, Ticker.system()), Ticker.system())) {
            assertThat(fetching.failure(bomb.url("/"))).isInstanceOfSatisfying(Failure.BodyTooLarge.class,
                    failure -> assertThat(failure.isOfMemory()).isTrue());
            assertThat(fetching.response(page.url("/")).body()).asString().isEqualTo(TEXT);
        }
    }

    @Test
    void aStreamSaysWhatItsDecoderNeeds() throws Exception {
        assertThat(WholeBody.Brotli.Window.bytes(new Buffer().write(PAGE))).isLessThan(128 << 10);
        assertThat(WholeBody.Brotli.Window.bytes(new Buffer().write(PAGE_IN_A_WIDE_WINDOW))).isLessThan(128 << 10);
        assertThat(WholeBody.Brotli.Window.bytes(new Buffer().write(BOMB))).isBetween(4L << 20, 5L << 20);
        assertThat(WholeBody.Brotli.Window.bytes(new Buffer().write(stored(noise(1 << 20))))).isBetween(3L << 20,
                4L << 20);
        assertThat(WholeBody.Brotli.Window.bytes(new Buffer().writeByte(0x06))).as("nothing").isLessThan(64 << 10);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> WholeBody.Brotli.Window.bytes(new Buffer().write(PAGE_IN_A_LARGE_WINDOW)));
    }
}
