package fanout.internal.codec;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The literals of a frame's blocks (RFC 8878, section 3.1.1.3.1). Confined to one thread. */
final class ZstdLiterals {

    private static final int RAW = 0;
    private static final int REPEATED_BYTE = 1;
    private static final int COMPRESSED = 2;

    /** No smaller section is in four streams. */
    private static final int LEAST_OF_FOUR = 6;

    private final DecoderMemory memory;
    private byte[] bytes = new byte[0];
    private int size;
    private int at;
    private @Nullable HuffmanTable table;

    ZstdLiterals(DecoderMemory memory) {
        this.memory = memory;
    }

    /** Begins with a frame, which knows no table of an earlier one. */
    void restart() {
        table = null;
    }

    /** Reads a block's literals, and stands behind them. */
    void read(ZstdInput input, int most) throws IOException {
        at = 0;
        int first = input.next();
        int type = first & 3;
        if (type == RAW || type == REPEATED_BYTE) {
            int moreBytes = switch (first >> 2 & 3) {
                case 1 -> 1;
                case 3 -> 2;
                default -> 0;
            };
            long header = first | input.next(moreBytes) << 8;
            allocate((int) (header >> (moreBytes == 0 ? 3 : 4)), most);
            if (type == RAW) {
                input.copyTo(bytes, 0, size);
            } else {
                Arrays.fill(bytes, 0, size, (byte) input.next());
            }
        } else {
            readCoded(input, first, most);
        }
    }

    private void readCoded(ZstdInput input, int first, int most) throws IOException {
        int format = first >> 2 & 3;
        int width = format < 2 ? 10 : format == 2 ? 14 : 18;
        long header = (first | input.next(width == 10 ? 2 : width == 14 ? 3 : 4) << 8) >> 4;
        allocate((int) header & ((1 << width) - 1), most);
        ZstdInput coded = input.slice((int) (header >> width) & ((1 << width) - 1));
        if ((first & 3) == COMPRESSED) {
            table = HuffmanTable.read(coded);
        }
        HuffmanTable codes = table;
        if (codes == null) {
            throw new IOException("literals without a table");
        }
        if (format == 0) {
            codes.decode(coded, bytes, 0, size);
            return;
        }
        if (size < LEAST_OF_FOUR) {
            throw new IOException("too few literals for four streams");
        }
        int[] lengths = {(int) coded.next(2), (int) coded.next(2), (int) coded.next(2)};
        int part = (size + 3) / 4;
        for (int i = 0; i < 3; i++) {
            codes.decode(coded.slice(lengths[i]), bytes, i * part, part);
        }
        codes.decode(coded, bytes, 3 * part, size - 3 * part);
    }

    private void allocate(int length, int most) throws IOException {
        if (length > most) {
            throw new IOException("literals longer than a block");
        }
        if (length > bytes.length) {
            int larger = Math.min(most, Math.max(length, 2 * bytes.length));
            memory.decoderNeeds(larger);
            bytes = new byte[larger];
        }
        size = length;
    }

    int left() {
        return size - at;
    }

    /** Appends the next of them to what is decoded. */
    void copyTo(ZstdWindow window, int length) throws IOException {
        if (length > size - at) {
            throw new IOException("more literals used than there are");
        }
        window.append(bytes, at, length);
        at += length;
    }
}
