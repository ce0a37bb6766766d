package fanout.url;

import fanout.annotation.Internal;
import java.security.SecureRandom;

/**
 * 128 bits that stand for a text; never both zero. Two texts with one fingerprint would be taken for the same. With a million
 * texts the odds are 1 to 10^26, and the hash is seeded at random, so no site can arrange for it. Immutable.
 */
@Internal
public record Fingerprint(long high, long low) {

    private static final long SEED_HIGH = new SecureRandom().nextLong();
    private static final long SEED_LOW = new SecureRandom().nextLong();
    private static final long MIX_HIGH = 0xFF51_AFD7_ED55_8CCDL; // MurmurHash3's finalizer, public domain
    private static final long MIX_LOW = 0xC4CE_B9FE_1A85_EC53L;

    public static Fingerprint of(String text) {
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
}
