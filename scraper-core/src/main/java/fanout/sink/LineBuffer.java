package fanout.sink;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Bytes that are collected for an output, of which the first {@link #whole} are whole lines. Confined to the thread
 * that writes.
 */
final class LineBuffer extends ByteArrayOutputStream {

    /**
     * So many times its usual size, it is replaced when it is empty enough: one huge line does not hold its memory for
     * ever.
     */
    private static final int HUGE = 8;

    private final int usual;
    private int whole;

    /** @param enough bytes of whole lines after which the owner writes them */
    LineBuffer(int enough) {
        super(2 * enough);
        this.usual = 2 * enough;
    }

    /** All that is here is whole lines. */
    void end() {
        whole = count;
    }

    int whole() {
        return whole;
    }

    void clear() {
        reset();
        whole = 0;
    }

    /** The whole lines; valid until something is written here. */
    ByteBuffer asBuffer() {
        return ByteBuffer.wrap(buf, 0, whole);
    }

    /** The whole lines were written; a line that was begun stays. */
    void forget() {
        System.arraycopy(buf, whole, buf, 0, count - whole);
        count -= whole;
        whole = 0;
        if (buf.length > HUGE * usual && count < usual / 2) {
            byte[] smaller = new byte[usual];
            System.arraycopy(buf, 0, smaller, 0, count);
            buf = smaller;
        }
    }
}
