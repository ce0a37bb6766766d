package fanout.url;

import fanout.annotation.Internal;

/**
 * A set of {@link Fingerprint}s in open-addressed arrays: 16 to 64 bytes an element, where a set of strings takes 150. There are
 * 256 arrays, and each grows by itself: no single call copies the whole set, and the set holds more elements than one
 * array could.
 *
 * <p>Not thread-safe.
 */
@Internal
public final class FingerprintSet {

    private static final int SEGMENTS = 256;
    private static final int FEWEST_SLOTS = 16;

    private final Segment[] segments = new Segment[SEGMENTS];

    /** An empty set. */
    public FingerprintSet() {
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment();
        }
    }

    /** Adds an element; returns whether it was new. */
    public boolean add(Fingerprint print) {
        return segmentOf(print).add(print);
    }

    public boolean contains(Fingerprint print) {
        return segmentOf(print).contains(print);
    }

    /** Elements. */
    public long size() {
        long size = 0;
        for (Segment segment : segments) {
            size += segment.size;
        }
        return size;
    }

    /** By the highest bits, since the lowest choose the slot. */
    private Segment segmentOf(Fingerprint print) {
        return segments[(int) (print.high() >>> (Long.SIZE - 8))];
    }

    /** A table of pairs; a pair whose second half is zero is free. At most half full. */
    private static final class Segment {

        private long[] table = new long[2 * FEWEST_SLOTS];
        private int size;

        boolean add(Fingerprint print) {
            int slot = slotOf(table, print.high(), print.low());
            if (table[slot + 1] != 0) {
                return false;
            }
            table[slot] = print.high();
            table[slot + 1] = print.low();
            if (++size > table.length / 4) {
                grow();
            }
            return true;
        }

        boolean contains(Fingerprint print) {
            return table[slotOf(table, print.high(), print.low()) + 1] != 0;
        }

        /** The slot that holds the fingerprint, or the free one where it belongs. */
        private static int slotOf(long[] table, long high, long low) {
            int mask = table.length - 1;
            int slot = (int) (high << 1) & mask;
            while (table[slot + 1] != 0 && (table[slot] != high || table[slot + 1] != low)) {
                slot = (slot + 2) & mask;
            }
            return slot;
        }

        private void grow() {
            long[] larger = new long[Math.multiplyExact(table.length, 2)];
            for (int i = 0; i < table.length; i += 2) {
                if (table[i + 1] != 0) {
                    int slot = slotOf(larger, table[i], table[i + 1]);
                    larger[slot] = table[i];
                    larger[slot + 1] = table[i + 1];
                }
            }
            table = larger;
        }
    }
}
