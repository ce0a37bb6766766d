package fanout.url;

import fanout.internal.annotation.Internal;
import java.security.SecureRandom;

/**
 * 128 bits that stand for a text; never both zero. Two texts with one fingerprint would be taken for the same. With a
 * million texts the odds are 1 to 10^26, and the hash is seeded at random, so no site can arrange for it. Fingerprints
 * are compared with those of the same {@link Seed} only. Immutable.
 */
@Internal
public record Fingerprint(long high, long low) {

    private static final Seed OF_THIS_PROCESS = Seed.random();
    private static final long MIX_HIGH = 0xFF51_AFD7_ED55_8CCDL; // MurmurHash3's finalizer, public domain
    private static final long MIX_LOW = 0xC4CE_B9FE_1A85_EC53L;

    /** With a seed that all fingerprints of this process share that name no other. */
    public static Fingerprint of(String text) {
        return of(text, OF_THIS_PROCESS);
    }

    /** With this seed: for fingerprints that outlive the process. */
    public static Fingerprint of(String text, Seed seed) {
        long high = seed.high;
        long low = seed.low;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            high = mixHigh(high, c);
            low = mixLow(low, c);
        }
        return new Fingerprint(high, low == 0 ? 1 : low);
    }

    /** As {@link #of(String, Seed)} of a text that is so many bytes in ASCII. */
    public static Fingerprint ofAscii(byte[] bytes, int length, Seed seed) {
        long high = seed.high;
        long low = seed.low;
        for (int i = 0; i < length; i++) {
            high = mixHigh(high, bytes[i]);
            low = mixLow(low, bytes[i]);
        }
        return new Fingerprint(high, low == 0 ? 1 : low);
    }

    private static long mixHigh(long high, int c) {
        long mixed = (high ^ c) * MIX_HIGH;
        return mixed ^ mixed >>> 32;
    }

    private static long mixLow(long low, int c) {
        long mixed = (low ^ c) * MIX_LOW;
        return mixed ^ mixed >>> 29;
    }

    /** What makes a hash one that no site can foresee. Secret. Immutable. */
    public record Seed(long high, long low) {

        /** A new seed. */
        public static Seed random() {
            SecureRandom random = new SecureRandom();
            return new Seed(random.nextLong(), random.nextLong());
        }
    }
}
