package fanout.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** XXH64 with seed 0, of which a frame ends with the lower half (RFC 8878, section 3.1.1). Confined to one thread. */
final class ZstdChecksum {

    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;
    private static final long P1_AND_P2 = 0x60EA27EEADC0B5D6L;
    private static final int STRIPE = 32;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] lanes = {P1_AND_P2, P2, 0, -P1};
    private final byte[] pending = new byte[STRIPE];
    private int waiting;
    private long length;

    void update(byte[] bytes, int from, int count) {
        length += count;
        int at = from;
        int end = from + count;
        if (waiting > 0) {
            int filled = Math.min(count, STRIPE - waiting);
            System.arraycopy(bytes, at, pending, waiting, filled);
            waiting += filled;
            at += filled;
            if (waiting < STRIPE) {
                return;
            }
            stripe(pending, 0);
            waiting = 0;
        }
        for (; end - at >= STRIPE; at += STRIPE) {
            stripe(bytes, at);
        }
        System.arraycopy(bytes, at, pending, 0, end - at);
        waiting = end - at;
    }

    private void stripe(byte[] bytes, int at) {
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = round(lanes[i], (long) LONG.get(bytes, at + 8 * i));
        }
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * P2, 31) * P1;
    }

    int value() {
        long hash = P5;
        if (length >= STRIPE) {
            hash = Long.rotateLeft(lanes[0], 1) + Long.rotateLeft(lanes[1], 7) + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                hash = (hash ^ round(0, lane)) * P1 + P4;
            }
        }
        hash += length;
        int at = 0;
        for (; waiting - at >= Long.BYTES; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(pending, at)), 27) * P1 + P4;
        }
        if (waiting - at >= Integer.BYTES) {
            hash = Long.rotateLeft(hash ^ (((int) INT.get(pending, at) & 0xFFFFFFFFL) * P1), 23) * P2 + P3;
            at += Integer.BYTES;
        }
        for (; at < waiting; at++) {
            hash = Long.rotateLeft(hash ^ ((pending[at] & 0xFF) * P5), 11) * P1;
        }
        hash = (hash ^ (hash >>> 33)) * P2;
        hash = (hash ^ (hash >>> 29)) * P3;
        return (int) (hash ^ (hash >>> 32));
    }
}
