package fanout.internal.codec;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Encoded bytes, read forward within bounds. Confined to one thread. */
final class ZstdInput {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    ZstdInput(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ZstdInput(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    int left() {
        return end - at;
    }

    /** The next {@code length} bytes, which are then behind this input. */
    ZstdInput slice(int length) throws IOException {
        require(length);
        at += length;
        return new ZstdInput(bytes, at - length, at);
    }

    int next() throws IOException {
        require(1);
        return bytes[at++] & 0xFF;
    }

    /** A number of up to eight bytes, the least significant first. */
    long next(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    void copyTo(byte[] target, int from, int length) throws IOException {
        require(length);
        System.arraycopy(bytes, at, target, from, length);
        at += length;
    }

    void skip(long count) throws IOException {
        if (count > left()) {
            throw new EOFException("cut short");
        }
        at += (int) count;
    }

    /** Eight bytes at an index that counts from here, least significant first; zeros behind the end. */
    long peekLong(int index) {
        int from = at + index;
        if (from + Long.BYTES <= bytes.length) {
            return (long) LONG.get(bytes, from);
        }
        long value = 0;
        for (int i = from; i < bytes.length; i++) {
            value |= (bytes[i] & 0xFFL) << (8 * (i - from));
        }
        return value;
    }

    private void require(int length) throws IOException {
        if (length > end - at) {
            throw new EOFException("cut short");
        }
    }
}
