package fanout.internal.codec;

import java.io.IOException;

/**
 * A decoding table of finite state entropy (RFC 8878, section 4.1.1): each state says a symbol, and how the next state
 * follows from the next bits. Immutable.
 */
final class FseTable {

    private final byte[] symbols;
    private final byte[] bits;
    private final short[] bases;
    private final int accuracy;

    private FseTable(int accuracy) {
        this.accuracy = accuracy;
        this.symbols = new byte[1 << accuracy];
        this.bits = new byte[1 << accuracy];
        this.bases = new short[1 << accuracy];
    }

    /** A table that always says the same. */
    static FseTable of(int symbol) {
        FseTable table = new FseTable(0);
        table.symbols[0] = (byte) symbol;
        return table;
    }

    /** @param shares of each symbol in the states, which they fill; -1 is "less than one" */
    static FseTable of(int accuracy, int... shares) {
        FseTable table = new FseTable(accuracy);
        int[] next = new int[shares.length];
        int high = 1 << accuracy;
        for (int symbol = 0; symbol < shares.length; symbol++) {
            next[symbol] = Math.abs(shares[symbol]);
            if (shares[symbol] == -1) {
                table.symbols[--high] = (byte) symbol;
            }
        }
        table.spread(shares, high);
        for (int state = 0; state < 1 << accuracy; state++) {
            int position = next[table.symbols[state]]++;
            int count = accuracy - BackwardBits.highestBit(position);
            table.bits[state] = (byte) count;
            table.bases[state] = (short) ((position << count) - (1 << accuracy));
        }
        return table;
    }

    /** The step and the table's size have no common divisor, so it comes to each state once. */
    private void spread(int[] shares, int high) {
        int mask = (1 << accuracy) - 1;
        int step = ((1 << accuracy) >> 1) + ((1 << accuracy) >> 3) + 3;
        int at = 0;
        for (int symbol = 0; symbol < shares.length; symbol++) {
            for (int i = 0; i < shares[symbol]; i++) {
                symbols[at] = (byte) symbol;
                do {
                    at = (at + step) & mask;
                } while (at >= high);
            }
        }
    }

    /** Reads a table's description, and stands behind it. */
    static FseTable read(ZstdInput input, int mostSymbols, int mostAccuracy) throws IOException {
        long at = 4;
        int accuracy = ((int) input.peekLong(0) & 0xF) + 5;
        if (input.left() == 0 || accuracy > mostAccuracy) {
            throw new IOException("a table too large");
        }
        int[] shares = new int[mostSymbols];
        int left = 1 << accuracy;
        int symbol = 0;
        while (left > 0) {
            if (symbol >= mostSymbols || at > 8L * input.left()) {
                throw new IOException("shares that do not fill a table");
            }
            int width = BackwardBits.highestBit(left + 1) + 1;
            int value = bits(input, at, width);
            int low = value & ((1 << (width - 1)) - 1);
            int spare = (1 << width) - left - 2;
            if (low < spare) {
                at += width - 1;
                value = low;
            } else {
                at += width;
                value -= value >= 1 << (width - 1) ? spare : 0;
            }
            shares[symbol++] = value - 1;
            left -= Math.abs(value - 1);
            if (value == 1) {
                int zeros;
                do {
                    zeros = bits(input, at, 2);
                    at += 2;
                    symbol += zeros;
                } while (zeros == 3 && symbol < mostSymbols);
            }
        }
        input.skip((at + 7) / 8);
        return of(accuracy, shares);
    }

    private static int bits(ZstdInput input, long at, int count) {
        return (int) (input.peekLong((int) (at >>> 3)) >>> (at & 7) & ((1L << count) - 1));
    }

    int start(BackwardBits stream) {
        return stream.read(accuracy);
    }

    int symbol(int state) {
        return symbols[state] & 0xFF;
    }

    int bits(int state) {
        return bits[state];
    }

    int next(int state, BackwardBits stream) {
        return bases[state] + stream.read(bits[state]);
    }
}
