package fanout.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The decoder, asked about what the reference implementation of the format has encoded. */
@Timeout(120)
class ZstdDecoderTest {

    private static final int ROUNDS = Boolean.getBoolean("fanout.ci") ? 20_000 : 1_500;
    private static final byte[] TEXT = "<title>packed</title>".getBytes(UTF_8);

    private static byte[] decoded(byte[] encoded, DecoderMemory memory) throws IOException {
        ZstdDecoder decoder = new ZstdDecoder(encoded, memory);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[5_000];
        for (int count = 0; count >= 0; count = decoder.read(piece, 0, piece.length)) {
            out.write(piece, 0, count);
        }
        return out.toByteArray();
    }

    private static byte[] decoded(byte[] encoded) throws IOException {
        return decoded(encoded, bytes -> {});
    }

    private static byte[] encoded(byte[] text, int level, boolean checksum, boolean length) {
        try (ZstdCompressCtx encoder = new ZstdCompressCtx()) {
            return encoder.setLevel(level).setChecksum(checksum).setContentSize(length).compress(text);
        }
    }

    /** As a server sends what it does not yet know the end of: small blocks, no length. */
    private static byte[] streamed(byte[] text, int level, int windowLog, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer encoder = new ZstdOutputStreamNoFinalizer(out, level)) {
            encoder.setLong(windowLog).setChecksum(true);
            for (int at = 0; at < text.length; at += piece) {
                encoder.write(text, at, Math.min(piece, text.length - at));
                encoder.flush();
            }
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Text of few words, many words, noise, one byte, or all of them. */
    private static byte[] text(Random random, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int kind = random.nextInt(6);
        int words = 1 + random.nextInt(kind == 0 ? 5 : 2_000);
        while (out.size() < length) {
            switch (kind == 5 ? random.nextInt(5) : kind) {
                case 0, 1 -> out.writeBytes(
                        ("<p class=c" + random.nextInt(words) + ">" + random.nextInt(words)).getBytes(UTF_8));
                case 2 -> out.writeBytes(
                        Integer.toString(random.nextInt(words), 36).repeat(1 + random.nextInt(3)).getBytes(UTF_8));
                case 3 -> {
                    byte[] noise = new byte[1 + random.nextInt(1_000)];
                    random.nextBytes(noise);
                    out.writeBytes(noise);
                }
                default -> out.writeBytes(new byte[1 + random.nextInt(5_000)]);
            }
        }
        return Arrays.copyOf(out.toByteArray(), length);
    }

    @Test
    void whatTheReferenceEncodesIsDecoded() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < ROUNDS / 3; i++) {
            byte[] text = text(random, random.nextInt(i % 50 == 0 ? 3_000_000 : 40_000));
            int level = random.nextInt(i % 50 == 0 ? 9 : 22) - 3;
            assertThat(decoded(encoded(text, level, random.nextBoolean(), random.nextBoolean())))
                    .as("round %d", i)
                    .isEqualTo(text);
        }
    }

    @Test
    void streamsOfSmallBlocksAndNarrowWindowsAreDecoded() throws IOException {
        Random random = new Random(12);
        for (int i = 0; i < ROUNDS / 10; i++) {
            byte[] text = text(random, random.nextInt(200_000));
            byte[] encoded = streamed(text, random.nextInt(12) + 1, 10 + random.nextInt(8), 1 + random.nextInt(30_000));
            assertThat(decoded(encoded)).as("round %d", i).isEqualTo(text);
        }
    }

    @Test
    void framesFollowEachOtherWithOthersToSkipBetween() throws IOException {
        byte[] skipped = {0x5E, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
        byte[] one = encoded(TEXT, 3, true, true);
        byte[] other = streamed(TEXT, 3, 12, 4);
        assertThat(decoded(joined(skipped, one, skipped, skipped, other, one, skipped)))
                .isEqualTo(joined(TEXT, TEXT, TEXT));
        assertThat(decoded(skipped)).isEmpty();
        assertThat(decoded(encoded(new byte[0], 3, true, true))).isEmpty();
        assertThat(decoded(new byte[0])).isEmpty();
    }

    @Test
    void anythingCutShortFails() throws IOException {
        byte[] encoded = streamed(text(new Random(3), 3_000), 5, 12, 700);
        byte[] skipped = {0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
        for (int length = 1; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatExceptionOfType(IOException.class).as("%d bytes", length).isThrownBy(() -> decoded(cut));
        }
        for (int length = 1; length < skipped.length; length++) {
            byte[] cut = Arrays.copyOf(skipped, length);
            assertThatExceptionOfType(IOException.class).as("%d bytes", length).isThrownBy(() -> decoded(cut));
        }
    }

    @Test
    void brokenBytesFailOrChangeNothing() {
        Random random = new Random(13);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] text = text(random, 1 + random.nextInt(3_000));
            byte[] encoded = encoded(text, random.nextInt(22) - 2, true, true);
            for (int j = 0; j <= random.nextInt(3); j++) {
                encoded[5 + random.nextInt(encoded.length - 5)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(decoded(encoded)).as("round %d", i).isEqualTo(text);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** Without a checksum that would find it. The reference is not as strict about the end of a stream of bits. */
    @Test
    void brokenBytesThatDecodeAreDecodedAsTheReferenceDoes() {
        Random random = new Random(14);
        int both = 0;
        int referenceOnly = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] text = text(random, 1 + random.nextInt(600));
            byte[] encoded = encoded(text, random.nextInt(22) - 2, false, true);
            encoded[6 + random.nextInt(encoded.length - 6)] ^= (byte) (1 << random.nextInt(8));
            Optional<byte[]> expected = byTheReference(encoded, text.length);
            try {
                byte[] ours = decoded(encoded);
                assertThat(expected).as("round %d", i).hasValueSatisfying(theirs -> assertThat(ours).isEqualTo(theirs));
                both++;
            } catch (IOException e) {
                referenceOnly += expected.isPresent() ? 1 : 0;
            }
        }
        assertThat(both).isGreaterThan(ROUNDS / 20);
        assertThat(referenceOnly).isLessThan(ROUNDS / 100);
    }

    private static Optional<byte[]> byTheReference(byte[] encoded, int length) {
        byte[] target = new byte[length];
        try {
            Zstd.decompressByteArray(target, 0, length, encoded, 0, encoded.length);
            return Optional.of(target);
        } catch (ZstdException e) {
            return Optional.empty();
        }
    }

    @Test
    void noiseFails() {
        Random random = new Random(15);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] noise = new byte[6 + random.nextInt(300)];
            random.nextBytes(noise);
            byte[] begin = encoded(TEXT, 3, i % 2 == 0, i % 3 == 0);
            System.arraycopy(begin, 0, noise, 0, 6);
            assertThatExceptionOfType(IOException.class).as("round %d", i).isThrownBy(() -> decoded(noise));
        }
    }

    @Test
    void windowIsNoLargerThanWhatItHoldsAndThanItMayBe() throws IOException {
        AtomicLong taken = new AtomicLong();
        byte[] page = text(new Random(4), 100_000);
        decoded(streamed(page, 3, 23, 100_000), taken::addAndGet);
        assertThat(taken.get()).isBetween(100_000L, 400_000L);
        taken.set(0);
        byte[] frame = encoded(page, 3, true, false);
        byte[][] frames = new byte[50][];
        Arrays.fill(frames, frame);
        decoded(joined(frames), taken::addAndGet);
        assertThat(taken.get()).as("frames use one memory").isLessThan(400_000L);
        byte[] tooWide = streamed(page, 3, 24, 100_000);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> decoded(tooWide)).withMessageContaining("window");
    }

    @Test
    void whatTheHeaderSaysIsHeld() {
        List<byte[]> bad = new ArrayList<>();
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x28, 0, 1, 0, 0}); // a reserved bit
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x21, 7, 0, 1, 0, 0}); // dictionary 7
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x20, 1, 1, 0, 0}); // one byte, but none follows
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x20, 0, 9, 0, 0, 1}); // none, but one follows
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x20, 0, 7, 0, 0}); // a block of no type
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xE0, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0, 0});
        bad.add(new byte[]{0x28, (byte) 0xB5, 0x2F, (byte) 0xFC, 0x20, 0, 1, 0, 0}); // another magic number
        for (byte[] bytes : bad) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> decoded(bytes));
        }
    }
}
