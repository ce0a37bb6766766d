package fanout.internal.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of a frame's blocks (RFC 8878, section 3.1.1.3.2): so many literals, then a copy of what is that far
 * back. Confined to one thread.
 */
final class ZstdSequences {

    private static final int[] LITERAL_BASES =
            {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28,
                32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    private static final int[] LITERAL_BITS =
            {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6,
                7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int[] MATCH_BASES = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
        23,
        24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027,
        2051, 4099, 8195, 16387, 32771, 65539};
    private static final int[] MATCH_BITS =
            {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int OFFSET_SYMBOLS = 32;

    private static final FseTable PRESET_LITERAL_LENGTHS =
            FseTable.of(6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2,
                    2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1);
    private static final FseTable PRESET_MATCH_LENGTHS =
            FseTable.of(6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
                    -1, -1, -1);
    private static final FseTable PRESET_OFFSETS =
            FseTable.of(5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                    1, 1, 1, 1, -1, -1, -1, -1, -1);

    private @Nullable FseTable lastLengths;
    private @Nullable FseTable lastOffsets;
    private @Nullable FseTable lastMatches;
    /** The last three offsets, the latest first. */
    private final long[] recent = {1, 4, 8};

    /** Reads a block's sequences and does what they say. */
    void read(ZstdInput input, ZstdLiterals literals, ZstdWindow window, int most) throws IOException {
        int count = count(input);
        if (count == 0) {
            if (input.left() > 0) {
                throw new IOException("bytes behind the end of a block");
            }
            return;
        }
        int modes = input.next();
        if ((modes & 3) != 0) {
            throw new IOException("reserved bits that are set");
        }
        FseTable lengths = table(modes >> 6, input, lastLengths, LITERAL_BASES.length, 9, PRESET_LITERAL_LENGTHS);
        FseTable offsets = table(modes >> 4 & 3, input, lastOffsets, OFFSET_SYMBOLS, 8, PRESET_OFFSETS);
        FseTable matches = table(modes >> 2 & 3, input, lastMatches, MATCH_BASES.length, 9, PRESET_MATCH_LENGTHS);
        lastLengths = lengths;
        lastOffsets = offsets;
        lastMatches = matches;
        BackwardBits stream = new BackwardBits(input);
        int length = lengths.start(stream);
        int offset = offsets.start(stream);
        int match = matches.start(stream);
        long end = window.written() + most;
        for (int i = 1; i <= count; i++) {
            long distance = (1L << offsets.symbol(offset)) + stream.read(offsets.symbol(offset));
            int copied = MATCH_BASES[matches.symbol(match)] + stream.read(MATCH_BITS[matches.symbol(match)]);
            int fresh = LITERAL_BASES[lengths.symbol(length)] + stream.read(LITERAL_BITS[lengths.symbol(length)]);
            if (stream.left() < 0 || window.written() + fresh + copied > end) {
                throw new IOException("a block longer than it may be, or its sequences cut short");
            }
            literals.copyTo(window, fresh);
            window.repeat(resolved(distance, fresh == 0), copied);
            if (i < count) {
                length = lengths.next(length, stream);
                match = matches.next(match, stream);
                offset = offsets.next(offset, stream);
            }
        }
        stream.requireEnd();
    }

    private static int count(ZstdInput input) throws IOException {
        int first = input.next();
        if (first < 128) {
            return first;
        }
        return first < 255 ? ((first - 128) << 8) + input.next() : (int) input.next(2) + 0x7F00;
    }

    private static FseTable table(int mode, ZstdInput input, @Nullable FseTable last, int symbols, int mostAccuracy,
            FseTable preset) throws IOException {
        return switch (mode) {
            case 0 -> preset;
            case 1 -> {
                int symbol = input.next();
                if (symbol >= symbols) {
                    throw new IOException("an unknown symbol");
                }
                yield FseTable.of(symbol);
            }
            case 2 -> FseTable.read(input, symbols, mostAccuracy);
            default -> {
                if (last == null) {
                    throw new IOException("sequences without a table");
                }
                yield last;
            }
        };
    }

    /**
     * Values 1 to 3 name one of the last three offsets; without literals before it, the next of them, or one less than
     * the first.
     */
    private long resolved(long value, boolean noLiterals) throws IOException {
        if (value > 3) {
            return moveToFront(value - 3, 2);
        }
        int index = (int) value - 1 + (noLiterals ? 1 : 0);
        long offset = index == 3 ? recent[0] - 1 : recent[index];
        if (offset == 0) {
            throw new IOException("an offset of nothing");
        }
        return moveToFront(offset, Math.min(index, 2));
    }

    private long moveToFront(long offset, int from) {
        System.arraycopy(recent, 0, recent, 1, from);
        recent[0] = offset;
        return offset;
    }
}
