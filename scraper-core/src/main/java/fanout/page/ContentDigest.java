package fanout.page;

import fanout.internal.annotation.Internal;
import java.util.HexFormat;

/**
 * The first 96 bits of a SHA-256, by which a crawl knows a content that it has had. With a million contents the odds
 * that two have one digest are 1 to 10^17, and nobody can make a content with the digest of a given one. Immutable.
 */
@Internal
public record ContentDigest(long high, int low) {

    private static final int HIGH_DIGITS = Long.BYTES * 2;
    private static final int DIGITS = HIGH_DIGITS + Integer.BYTES * 2;

    /**
     * Returns the digest of a content.
     *
     * @param hash as {@link Content#hash}
     * @throws IllegalArgumentException if it does not begin as a SHA-256 does
     */
    public static ContentDigest of(String hash) {
        if (hash.length() < DIGITS) {
            throw new IllegalArgumentException("not a SHA-256: " + hash);
        }
        return new ContentDigest(HexFormat.fromHexDigitsToLong(hash, 0, HIGH_DIGITS),
                HexFormat.fromHexDigits(hash, HIGH_DIGITS, DIGITS));
    }
}
