package fanout.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SHA-256 (FIPS 180-4) in lower-case hexadecimal.
 *
 * <p>The JDK's is fast once its optimizing compiler has seen it for a while: a crawl of a second is over by then. So it is asked for
 * only if there is no {@link OpenSsl}, and for what is long: a call into a library lets no collection begin.
 *
 * <p>Thread-safe.
 */
public final class Sha256 {

    /** So many bytes take the library less than a millisecond or so. */
    static final int MOST_AT_ONCE = 1 << 20;

    private static final int HASH_BYTES = 32;

    private static final Optional<OpenSsl> OPEN_SSL = OpenSsl.find().filter(Sha256::isRight);

    private Sha256() {}

    /** The hash of these bytes. */
    public static String hex(byte[] bytes) {
        byte[] hash = new byte[HASH_BYTES];
        boolean isDone = bytes.length <= MOST_AT_ONCE && OPEN_SSL.isPresent() && OPEN_SSL.get().sha256(bytes, hash);
        return HexFormat.of().formatHex(isDone ? hash : byJdk(bytes));
    }

    /** Whether a library of the right name does what is expected of it. */
    private static boolean isRight(OpenSsl library) {
        byte[] sample = {1, 2, 3};
        byte[] hash = new byte[HASH_BYTES];
        return library.sha256(sample, hash) && Arrays.equals(hash, byJdk(sample));
    }

    private static byte[] byJdk(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
