package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.outcome.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of bodies in each encoding whose decoder is not the JDK's, from real servers. */
abstract class EncodedBodies {

    static final String TEXT = "<title>packed</title>";
    private static final int NOISY = Boolean.getBoolean("fanout.ci") ? 200 : 40;

    private final String encoding;
    private final byte[] page;
    private final byte[] bomb;

    /**
     * @param encoding as Content-Encoding names it
     * @param page {@link #TEXT}
     * @param bomb at least 64 MiB of spaces
     */
    EncodedBodies(String encoding, byte[] page, byte[] bomb) {
        this.encoding = encoding;
        this.page = page;
        this.bomb = bomb;
    }

    /** Encodes without compression. */
    abstract byte[] stored(byte[] text);

    /** Other forms of {@link #TEXT}. */
    abstract List<byte[]> otherPages();

    /** Bodies without a byte of text. */
    abstract List<byte[]> emptyBodies();

    private String head(String more) {
        return "HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + "\r\n" + more + "\r\n";
    }

    RawServer serving(byte[] body) {
        return RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, head("Content-Length: " + body.length + "\r\n"));
                socket.getOutputStream().write(body);
            }
        });
    }

    static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(5).nextBytes(noise);
        return noise;
    }

    void assertProtocolFailure(byte[] body, String detail) throws Exception {
        try (RawServer server = serving(body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                    failure -> assertThat(failure.detail()).contains(detail));
        }
    }

    @Test
    void bodyArrivesDecodedAndItsConnectionIsReused() throws Exception {
        assertArrives(page);
        assertArrives(stored(TEXT.getBytes(UTF_8)));
        for (byte[] body : otherPages()) {
            assertArrives(body);
        }
    }

    private void assertArrives(byte[] body) throws Exception {
        try (RawServer server = serving(body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/1")).body()).asString().isEqualTo(TEXT);
            assertThat(fetching.response(server.url("/2")).body()).asString().isEqualTo(TEXT);
            assertThat(server.accepted).hasValue(1);
            assertThat(fetching.traffic.bytes()).isEqualTo(2L * TEXT.length());
        }
    }

    @Test
    void emptyBodyMayBeAnnouncedAsEncoded() throws Exception {
        for (byte[] body : emptyBodies()) {
            try (RawServer server = serving(body); Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/")).body()).isEmpty();
            }
        }
    }

    @Test
    void bodyOfExactlyTheLimitIsWholeAndOneByteMoreFails() throws Exception {
        byte[] text = noise(300_000);
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
        try (RawServer server = serving(bomb); Fetching fetching = Fetching.plain()) {
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
            RawServer.send(socket, head(""));
            while (true) {
                socket.getOutputStream().write(block);
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(new Failure.BodyTooLarge(1 << 20));
        }
    }

    @Test
    void bodyThatIsCutOrNotEncodedIsAProtocolFailure() throws Exception {
        for (int length = 1; length < page.length; length++) {
            assertProtocolFailure(Arrays.copyOf(page, length), "not valid " + encoding);
        }
        assertProtocolFailure("<title>not packed</title>".getBytes(UTF_8), "not valid " + encoding);
    }

    @Test
    void noiseFailsOrIsDecodedAndNothingElse() throws Exception {
        Random random = new Random(7);
        byte[][] body = {page};
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, head("Content-Length: " + body[0].length + "\r\n"));
                socket.getOutputStream().write(body[0]);
            }
        });
                Fetching fetching = Fetching.plain()) {
            for (int i = 0; i < NOISY; i++) {
                byte[] broken = random.nextBoolean() ? bomb.clone() : noise(1 + random.nextInt(300));
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
}
