package fanout.internal.codec;

import java.io.IOException;
import java.util.Arrays;

/** A decoding table of prefix codes (RFC 8878, section 4.2), looked up by the next bits. Immutable. */
final class HuffmanTable {

    private static final int MOST_BITS = 11;
    private static final int MOST_SYMBOLS = 256;
    private static final int MOST_ACCURACY = 6;

    private final int width;
    /** A symbol in the lower byte, the length of its code in the upper. */
    private final short[] entries;

    private HuffmanTable(int width, short[] entries) {
        this.width = width;
        this.entries = entries;
    }

    /** Reads a table's description, and stands behind it. */
    static HuffmanTable read(ZstdInput input) throws IOException {
        int header = input.next();
        int[] weights = new int[MOST_SYMBOLS];
        int count;
        if (header >= 128) {
            count = header - 127;
            for (int i = 0; i < count; i += 2) {
                int two = input.next();
                weights[i] = two >> 4;
                weights[i + 1] = two & 0xF;
            }
            weights[count] = 0; // of an odd number, the last byte's other half
        } else {
            count = readCompressed(input.slice(header), weights);
        }
        return of(weights, count);
    }

    /** Two states take turns until the bits are used up; then each has one more symbol to say. */
    private static int readCompressed(ZstdInput input, int[] weights) throws IOException {
        FseTable table = FseTable.read(input, MOST_BITS + 2, MOST_ACCURACY);
        BackwardBits stream = new BackwardBits(input);
        int state = table.start(stream);
        int other = table.start(stream);
        if (stream.left() < 0) {
            throw new IOException("weights cut short");
        }
        for (int count = 0; count < MOST_SYMBOLS - 2; count++) {
            weights[count] = table.symbol(state);
            if (stream.left() < table.bits(state)) {
                weights[count + 1] = table.symbol(other);
                return count + 2;
            }
            int next = table.next(state, stream);
            state = other;
            other = next;
        }
        throw new IOException("too many weights");
    }

    /** The last symbol's weight is not said: it is what the others leave of a power of two. */
    private static HuffmanTable of(int[] weights, int count) throws IOException {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
        }
        int width = sum == 0 ? 0 : BackwardBits.highestBit(sum) + 1;
        int rest = (1 << width) - sum;
        if (width == 0 || width > MOST_BITS || Integer.bitCount(rest) != 1) {
            throw new IOException("weights that make no prefix code");
        }
        weights[count] = BackwardBits.highestBit(rest) + 1;
        short[] entries = new short[1 << width];
        int at = 0;
        for (int weight = 1; weight <= width; weight++) {
            for (int symbol = 0; symbol <= count; symbol++) {
                if (weights[symbol] == weight) {
                    short entry = (short) ((width + 1 - weight) << 8 | symbol);
                    Arrays.fill(entries, at, at + (1 << (weight - 1)), entry);
                    at += 1 << (weight - 1);
                }
            }
        }
        return new HuffmanTable(width, entries);
    }

    /** Decodes one stream, which must hold exactly these symbols. */
    void decode(ZstdInput input, byte[] target, int from, int length) throws IOException {
        BackwardBits stream = new BackwardBits(input);
        for (int i = from; i < from + length; i++) {
            int entry = entries[stream.peek(width)];
            stream.consume(entry >>> 8);
            target[i] = (byte) entry;
        }
        stream.requireEnd();
    }
}
