package fanout.url;

import fanout.internal.annotation.Internal;

/**
 * A set of {@link Fingerprint}s in open-addressed arrays: 27 to 40 bytes an element, where a set of strings takes 150.
 * There are 256 arrays, and each grows by itself: no single call copies the whole set, and the set holds more elements
 * than one array could.
 *
 * <p>Not thread-safe.
 */
@Internal
public final class FingerprintSet {

    private static final int SEGMENTS = 256;
    private static final int FEWEST_SLOTS = 16;
    /** The bits that choose the slot. */
    private static final long LOWEST = 0xffff_ffffL;

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

    /** A table of pairs, a slot each; a pair whose second half is zero is free. At most three fifths full. */
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
            if (++size > table.length / 10 * 3) {
                grow();
            }
            return true;
        }

        boolean contains(Fingerprint print) {
            return table[slotOf(table, print.high(), print.low()) + 1] != 0;
        }

        /** Where the slot begins that holds the fingerprint, or the free one where it belongs. */
        private static int slotOf(long[] table, long high, long low) {
            int slots = table.length / 2;
            // an even share for each, whatever their number
            int slot = 2 * (int) (((high & LOWEST) * slots) >>> Integer.SIZE);
            while (table[slot + 1] != 0 && (table[slot] != high || table[slot + 1] != low)) {
                slot = slot + 2 == table.length ? 0 : slot + 2;
            }
            return slot;
        }

        /** By half: a table that doubled would have up to two thirds of it free. */
        private void grow() {
            long[] larger = new long[Math.addExact(table.length, table.length / 4 * 2)];
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
