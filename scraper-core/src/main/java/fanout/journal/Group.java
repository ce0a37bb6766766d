package fanout.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frame of a group: what is written, and lost, as one. Its header is a mark, the length of what follows, the
 * group's number, and a checksum of all the rest. Groups are numbered from 0 and without a gap, and each was on the
 * disk before the next one was begun.
 *
 * @param at where it begins in the file
 * @param content what follows the header
 */
record Group(long at, ByteBuffer content) {

    /** Bytes of a group that are written without waiting for the second to end. */
    static final int ENOUGH = 1 << 20;
    static final int HEADER = 4 + Integer.BYTES + Long.BYTES + Integer.BYTES;
    /** In ASCII: FJG1. */
    static final int MARK = 0x464A_4731;
    /** A step of 10,000 links of 8 KiB is shorter. */
    static final int LONGEST = 1 << 28;

    long end() {
        return at + HEADER + content.limit();
    }

    /** The header of a group. */
    static ByteBuffer header(long number, ByteBuffer content) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putInt(MARK).putInt(content.remaining()).putLong(number);
        return header.putInt(checksum(content.remaining(), number, content)).flip();
    }

    static int checksum(int length, long number, ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(length).putLong(number).flip());
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }
}
