package fanout.internal.codec;

import java.io.IOException;
import java.util.Arrays;

/**
 * What was decoded last: as much as later blocks may copy from, and the block that is read next. A ring that grows as
 * it fills, and so takes no more memory for a short frame with a wide window than for any other. Confined to one
 * thread.
 */
final class ZstdWindow {

    private static final int FIRST = 16 << 10;

    private final DecoderMemory memory;
    private long capacity;
    private byte[] ring = new byte[0];
    private long written;
    private long taken;

    ZstdWindow(DecoderMemory memory) {
        this.memory = memory;
    }

    /**
     * Begins with a frame, in the memory that there is.
     *
     * @param most the frame's window and a block
     */
    void restart(long most) {
        capacity = most;
        written = 0;
        taken = 0;
    }

    /** How many bytes of the frame are decoded. */
    long written() {
        return written;
    }

    int waiting() {
        return (int) (written - taken);
    }

    void append(byte[] bytes, int from, int length) throws IOException {
        grow(length);
        int at = (int) (written % Math.max(1, ring.length));
        int first = Math.min(length, ring.length - at);
        System.arraycopy(bytes, from, ring, at, first);
        System.arraycopy(bytes, from + first, ring, 0, length - first);
        written += length;
    }

    void append(ZstdInput input, int length) throws IOException {
        grow(length);
        int at = (int) (written % Math.max(1, ring.length));
        int first = Math.min(length, ring.length - at);
        input.copyTo(ring, at, first);
        input.copyTo(ring, 0, length - first);
        written += length;
    }

    void fill(int value, int length) throws IOException {
        grow(length);
        int at = (int) (written % Math.max(1, ring.length));
        int first = Math.min(length, ring.length - at);
        Arrays.fill(ring, at, at + first, (byte) value);
        Arrays.fill(ring, 0, length - first, (byte) value);
        written += length;
    }

    /** Repeats what lies {@code offset} bytes back, which may overlap with what it becomes. */
    void repeat(long offset, int length) throws IOException {
        grow(length);
        if (offset > Math.min(written, ring.length)) {
            throw new IOException("an offset before the window");
        }
        int to = (int) (written % ring.length);
        int from = (int) ((written - offset) % ring.length);
        int left = length;
        while (left > 0) {
            int run = Math.min(left, ring.length - Math.max(from, to));
            copy(from, to, run);
            from = from + run == ring.length ? 0 : from + run;
            to = to + run == ring.length ? 0 : to + run;
            left -= run;
        }
        written += length;
    }

    /** A copy that overlaps with its source repeats it, each time twice as much. */
    private void copy(int from, int to, int length) {
        int copied = 0;
        while (copied < length) {
            int run = from > to ? length : Math.min(length - copied, to + copied - from);
            System.arraycopy(ring, from, ring, to + copied, run);
            copied += run;
        }
    }

    /** Takes the next bytes out, of those that wait. */
    int take(byte[] target, int from, int length) {
        int count = Math.min(length, waiting());
        int at = (int) (taken % Math.max(1, ring.length));
        int first = Math.min(count, ring.length - at);
        System.arraycopy(ring, at, target, from, first);
        System.arraycopy(ring, 0, target, from + first, count - first);
        taken += count;
        return count;
    }

    /** Until the ring goes round, byte n lies at index n, so it can be copied as it is. */
    private void grow(int length) throws IOException {
        long wanted = written + length;
        if (wanted > ring.length && ring.length < capacity) {
            long larger = Math.min(capacity, Math.max(Math.max(FIRST, wanted), 2L * ring.length));
            memory.decoderNeeds(larger - ring.length);
            ring = Arrays.copyOf(ring, (int) larger);
        }
    }
}
