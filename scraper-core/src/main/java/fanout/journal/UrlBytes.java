package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.url.Fingerprint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A URL of a journal as the bytes that it is there. Of most URLs a replay asks only whether they are settled, for which
 * no string is made: the next one takes their place. Confined to one thread.
 */
final class UrlBytes {

    private byte[] bytes = new byte[256];
    private int length;

    /** Keeps the first bytes, which the next URL has in common with this one, and reads the others. */
    void next(int common, int more, ByteBuffer from) {
        length = Math.addExact(common, more);
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
        }
        from.get(bytes, common, more);
    }

    /** Becomes the same as another. */
    void set(UrlBytes other) {
        length = 0;
        next(0, other.length, ByteBuffer.wrap(other.bytes));
    }

    int length() {
        return length;
    }

    boolean isSameAs(UrlBytes other) {
        return Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
    }

    /** That of the URL as a text: canonical URLs are ASCII. */
    Fingerprint print(Fingerprint.Seed seed) {
        return Fingerprint.ofAscii(bytes, length, seed);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, UTF_8);
    }
}
