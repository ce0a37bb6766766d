package fanout.okhttp;

import java.net.ProtocolException;
import okio.Buffer;

/**
 * What a brotli stream's first bits say about the memory that its decoder needs (RFC 7932, sections 9.1 and 9.2). Reads its
 * bits in their order, least significant first. Confined to one thread.
 */
final class BrotliWindow {

    /** A prefix code, as the decoder keeps it. */
    private static final long BYTES_PER_CODE = 1_080 * Integer.BYTES;
    /** Three groups of 256. */
    private static final long MOST_CODES = 3 * 256;
    /** The decoder's own smallest window, of a stream in several blocks. */
    private static final long LEAST = 16 << 10;

    private long bits;

    private BrotliWindow(long bits) {
        this.bits = bits;
    }

    /**
     * The most that the decoder allocates for a whole stream: its window, and tables of prefix codes, each of which takes a
     * byte of the stream. The window is no larger than a power of two above the length, if the stream is one block and so
     * tells it.
     *
     * @throws ProtocolException if the window is a "large" one, which is an extension that browsers refuse
     */
    static long bytes(Buffer encoded) throws ProtocolException {
        long first = 0;
        for (int i = 0; i < Math.min(8, encoded.size()); i++) {
            first |= (encoded.getByte(i) & 0xFFL) << (8 * i);
        }
        BrotliWindow stream = new BrotliWindow(first);
        long window = 1L << stream.windowBits();
        return Math.min(MOST_CODES, encoded.size()) * BYTES_PER_CODE
                + Math.max(LEAST, Math.min(window, stream.length()));
    }

    private int windowBits() throws ProtocolException {
        if (next(1) == 0) {
            return 16;
        }
        int high = next(3);
        if (high != 0) {
            return 17 + high;
        }
        int low = next(3);
        if (low == 1) {
            throw new ProtocolException("brotli's large window");
        }
        return low == 0 ? 17 : 8 + low;
    }

    /** Twice the length of a stream that is one block; else as much as any may have. */
    private long length() {
        boolean isLast = next(1) == 1;
        if (isLast && next(1) == 1) {
            return 0;
        }
        int nibbles = 4 + next(2);
        return isLast && nibbles < 7 ? 2L * (next(4 * nibbles) + 1) : Long.MAX_VALUE;
    }

    private int next(int count) {
        int value = (int) (bits & ((1L << count) - 1));
        bits >>>= count;
        return value;
    }
}
