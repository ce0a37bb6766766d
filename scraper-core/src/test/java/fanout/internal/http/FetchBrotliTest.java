package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.BodyRoom;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in brotli (RFC 7932), from real servers. The encoded ones were made by Google's encoder. */
@Timeout(60)
class FetchBrotliTest extends EncodedBodies {

    private static final byte[] PAGE = bytes("GxQA+KVfeMjKpCCFkJIPbNBKOZ8A");
    private static final byte[] PAGE_IN_A_WIDE_WINDOW = bytes("HxQA+KVfeMjKpCCFkJIPbNBKOZ8A");
    private static final byte[] PAGE_IN_A_LARGE_WINDOW = bytes("EVpQAOCXfuEhK5OCFEJKPmADrSjnEw==");

    /** 64 MiB of spaces in blocks of 16 MiB, with a window of 4 MiB. */
    private static final byte[] BOMB = bytes("y///P/glQOKxQCD3/o///3/wSwDEYRGA7v0f////4JcAiMMCAN37P/7//8EvARCHBQC6"
            + "93/8//+DXwIgDgsAdO//+P//B78EQBwWAOje//H//w9+CYA4LADQvf/L//8//BIAcVgAoHv/Bw==");

    FetchBrotliTest() {
        super("br", PAGE, BOMB);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    /** Uncompressed, in blocks of at most 64 KiB, with a window of 64 KiB. */
    @Override
    byte[] stored(byte[] text) {
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

    @Override
    List<byte[]> otherPages() {
        return List.of(PAGE_IN_A_WIDE_WINDOW);
    }

    @Override
    List<byte[]> emptyBodies() {
        return List.of(new byte[0]);
    }

    @Test
    void windowBeyondTheStandardIsAProtocolFailure() throws Exception {
        assertProtocolFailure(PAGE_IN_A_LARGE_WINDOW, "large window");
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
