package fanout.internal.codec;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * What a frame says of itself (RFC 8878, section 3.1.1.1).
 *
 * @param window bytes that its blocks may reach back
 * @param length bytes that it decodes to, if it says so
 */
record FrameHeader(long window, OptionalLong length, boolean hasChecksum) {

    private static final int SINGLE_SEGMENT = 1 << 5;
    private static final int RESERVED = 1 << 3;
    private static final int CHECKSUM = 1 << 2;

    /** Reads on behind the magic number. */
    static FrameHeader read(ZstdInput input) throws IOException {
        int flags = input.next();
        if ((flags & RESERVED) != 0) {
            throw new IOException("reserved bits that are set");
        }
        boolean isSingle = (flags & SINGLE_SEGMENT) != 0;
        long window = isSingle ? 0 : window(input.next());
        int dictionary = flags & 3;
        if (input.next(dictionary == 3 ? 4 : dictionary) != 0) {
            throw new IOException("a dictionary is needed");
        }
        int width = flags >> 6 == 0 ? isSingle ? 1 : 0 : 1 << (flags >> 6);
        long value = input.next(width) + (width == 2 ? 256 : 0);
        OptionalLong length = width == 0 ? OptionalLong.empty() : OptionalLong.of(value);
        return new FrameHeader(isSingle ? value : window, length, (flags & CHECKSUM) != 0);
    }

    private static long window(int descriptor) {
        long base = 1L << (10 + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }
}
