package fanout.internal.http;

import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.limit.BodyRoom;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in zstd (RFC 8878), from real servers. */
@Timeout(60)
class FetchZstdTest extends EncodedBodies {

    private static final byte[] PAGE = Zstd.compress(TEXT.getBytes(UTF_8), 3);
    private static final byte[] SKIPPED = {0x5F, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
    private static final int BLOCK = 128 << 10;
    private static final int WINDOW_2_MIB = 11 << 3;
    private static final int WINDOW_8_MIB = 13 << 3;
    private static final int WINDOW_2_GIB = 21 << 3;

    FetchZstdTest() {
        super("zstd", PAGE, bomb(WINDOW_2_MIB, 8_192));
    }

    private static byte[] begin(int window) {
        return new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) window};
    }

    private static byte[] block(int type, int size, boolean isLast) {
        int header = size << 3 | type << 1 | (isLast ? 1 : 0);
        return new byte[]{(byte) header, (byte) (header >> 8), (byte) (header >> 16)};
    }

    /** Spaces in blocks of one repeated byte: four bytes for 128 KiB. */
    private static byte[] bomb(int window, int blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin(window));
        for (int i = 1; i <= blocks; i++) {
            out.writeBytes(block(1, BLOCK, i == blocks));
            out.write(' ');
        }
        return out.toByteArray();
    }

    @Override
    byte[] stored(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin(WINDOW_2_MIB));
        for (int at = 0; at < text.length; at += BLOCK) {
            out.writeBytes(block(0, Math.min(BLOCK, text.length - at), false));
            out.write(text, at, Math.min(BLOCK, text.length - at));
        }
        out.writeBytes(block(0, 0, true));
        return out.toByteArray();
    }

    @Override
    List<byte[]> otherPages() {
        return List.of(joined(SKIPPED, PAGE, SKIPPED));
    }

    @Override
    List<byte[]> emptyBodies() {
        return List.of(new byte[0], SKIPPED, Zstd.compress(new byte[0]));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void framesFollowEachOther() throws Exception {
        try (RawServer server = serving(joined(PAGE, PAGE, SKIPPED, PAGE)); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).asString().isEqualTo(TEXT + TEXT + TEXT);
        }
    }

    @Test
    void manyFramesShareOneWindow() throws Exception {
        byte[][] frames = new byte[1_000][];
        Arrays.fill(frames, PAGE);
        try (RawServer server = serving(joined(frames));
                Fetching fetching = Fetching.in(new BodyRoom(1 << 20, Ticker.system()), Ticker.system())) {
            assertThat(fetching.response(server.url("/")).body()).hasSize(1_000 * TEXT.length());
        }
    }

    @Test
    void frameThatIsCutBehindAnotherIsAProtocolFailure() throws Exception {
        assertProtocolFailure(joined(PAGE, Arrays.copyOf(SKIPPED, 9)), "not valid zstd");
        assertProtocolFailure(joined(SKIPPED, "garbage".getBytes(UTF_8)), "not valid zstd");
        assertProtocolFailure(joined(PAGE, Arrays.copyOf(PAGE, 9)), "not valid zstd");
    }

    @Test
    void bytesBehindTheLastFrameAreLeftOut() throws Exception {
        for (byte[] more : new byte[][]{"garbage".getBytes(UTF_8), {1}, {0x28, (byte) 0xB5}, new byte[10_000]}) {
            try (RawServer server = serving(joined(PAGE, PAGE, more)); Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/1")).body()).asString().isEqualTo(TEXT + TEXT);
                assertThat(fetching.response(server.url("/2")).body()).asString().isEqualTo(TEXT + TEXT);
                assertThat(server.accepted).as("the connection is used again").hasValue(1);
            }
        }
    }

    @Test
    void windowThatNoBrowserGrantsIsAProtocolFailure() throws Exception {
        assertProtocolFailure(bomb(WINDOW_2_GIB, 1), "window");
        assertProtocolFailure(bomb(WINDOW_8_MIB + 1, 1), "window");
        try (RawServer server = serving(bomb(WINDOW_8_MIB, 1)); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).hasSize(BLOCK);
        }
    }

    @Test
    void windowThatTheMemoryDoesNotHoldFails() throws Exception {
        try (RawServer bomb = serving(bomb(WINDOW_8_MIB, 80));
                RawServer page = serving(PAGE);
                Fetching fetching = Fetching.in(new BodyRoom(2 << 20, Ticker.system()), Ticker.system())) {
            assertThat(failure(fetching.get(request(bomb.url("/"), 16 << 20, Overflow.FAIL), new Fetching.Log())))
                    .isInstanceOfSatisfying(Failure.BodyTooLarge.class,
                            failure -> assertThat(failure.isOfMemory()).isTrue());
            assertThat(fetching.response(page.url("/")).body()).asString().isEqualTo(TEXT);
        }
    }

    /** Four bytes decode to nothing, and no read of the network ends that. */
    @Test
    void blocksOfNothingEndWithTheirBody() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin(WINDOW_2_MIB));
        for (int i = 0; i < 300_000; i++) {
            out.writeBytes(block(0, 0, false));
        }
        try (RawServer server = serving(out.toByteArray()); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class);
        }
    }
}
