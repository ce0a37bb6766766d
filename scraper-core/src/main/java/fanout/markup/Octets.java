package fanout.markup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes in a page, eight at a time: most of a page is text that has to be passed over. */
final class Octets {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Octets() {}

    /** The first place of a byte from some place on; the end if there is none. */
    static int find(byte octet, byte[] page, int from, int end) {
        long pattern = ONES * (octet & 0xFF);
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long differences = (long) LONGS.get(page, at) ^ pattern;
            long zeros = (differences - ONES) & ~differences & HIGH_BITS; // the lowest one set is right
            if (zeros != 0) {
                return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (at < end && page[at] != octet) {
            at++;
        }
        return at;
    }
}
