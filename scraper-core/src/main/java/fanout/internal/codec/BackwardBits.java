package fanout.internal.codec;

import java.io.IOException;

/**
 * A stream of bits that is read from its end (RFC 8878, section 4.1): its last byte's highest 1 marks the place behind
 * the first bit. Bits before the stream's begin are zeros, and counted. Confined to one thread.
 */
final class BackwardBits {

    private final ZstdInput bytes;
    private int left;

    BackwardBits(ZstdInput bytes) throws IOException {
        int length = bytes.left();
        int last = length == 0 ? 0 : (int) bytes.peekLong(length - 1) & 0xFF;
        if (last == 0) {
            throw new IOException("a stream of bits without its mark");
        }
        this.bytes = bytes;
        this.left = 8 * (length - 1) + highestBit(last);
    }

    static int highestBit(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    /** Bits not yet read; below zero if more were read than there are. */
    int left() {
        return left;
    }

    void requireEnd() throws IOException {
        if (left != 0) {
            throw new IOException("a stream of bits that does not end with its data");
        }
    }

    /** @param count at most 32 */
    int read(int count) {
        int value = peek(count);
        left -= count;
        return value;
    }

    int peek(int count) {
        int from = left - count;
        if (from >= 0) {
            return (int) (bytes.peekLong(from >>> 3) >>> (from & 7) & ((1L << count) - 1));
        }
        return left <= 0 ? 0 : (int) ((bytes.peekLong(0) & ((1L << left) - 1)) << -from);
    }

    void consume(int count) {
        left -= count;
    }
}
