package fanout.admission;

import fanout.url.CanonicalUrl;
import java.security.SecureRandom;

/**
 * The URLs a crawl has admitted, as 128-bit fingerprints in one open-addressed array: 16 to 64 bytes a URL, where a set of
 * strings takes 150.
 *
 * <p>Two URLs with one fingerprint would be taken for the same. With a million URLs the odds are 1 to 10^26, and the hash
 * is seeded at random, so that no site can arrange for it.
 *
 * <p>Guarded by the frontier's lock; {@link #fingerprint} is pure and may be computed before taking it.
 */
final class SeenUrls {

    private static final long SEED_HIGH = new SecureRandom().nextLong();
    private static final long SEED_LOW = new SecureRandom().nextLong();
    private static final long MIX_HIGH = 0xFF51_AFD7_ED55_8CCDL; // MurmurHash3's finalizer, public domain
    private static final long MIX_LOW = 0xC4CE_B9FE_1A85_EC53L;

    private long[] table = new long[2 << 10]; // pairs; both halves zero: free
    private int size;

    /** A URL's fingerprint; never both halves zero. */
    record Fingerprint(long high, long low) {}

    static Fingerprint fingerprint(CanonicalUrl url) {
        String text = url.toString();
        long high = SEED_HIGH;
        long low = SEED_LOW;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            high = (high ^ c) * MIX_HIGH;
            high ^= high >>> 32;
            low = (low ^ c) * MIX_LOW;
            low ^= low >>> 29;
        }
        return new Fingerprint(high, low == 0 ? 1 : low);
    }

    /** Adds a URL; returns whether it was new. */
    boolean add(Fingerprint print) {
        int slot = slotOf(table, print);
        if (table[slot + 1] != 0) {
            return false;
        }
        table[slot] = print.high;
        table[slot + 1] = print.low;
        if (++size > table.length / 4) {
            grow();
        }
        return true;
    }

    boolean contains(Fingerprint print) {
        return table[slotOf(table, print) + 1] != 0;
    }

    /** The slot that holds the fingerprint, or the free one where it belongs. The table is at most half full. */
    private static int slotOf(long[] table, Fingerprint print) {
        int mask = table.length - 1;
        int slot = (int) (print.high << 1) & mask;
        while (table[slot + 1] != 0 && (table[slot] != print.high || table[slot + 1] != print.low)) {
            slot = (slot + 2) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (int i = 0; i < table.length; i += 2) {
            if (table[i + 1] != 0) {
                int slot = slotOf(larger, new Fingerprint(table[i], table[i + 1]));
                larger[slot] = table[i];
                larger[slot + 1] = table[i + 1];
            }
        }
        table = larger;
    }
}
