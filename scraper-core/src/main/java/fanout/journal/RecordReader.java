package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what a {@link RecordWriter} has written, and believes nothing of it. Confined to one thread. */
final class RecordReader {

    private final ByteBuffer bytes;
    private final List<String> words = new ArrayList<>();
    private final UrlBytes lastUrl = new UrlBytes();

    /** @param bytes of one group */
    RecordReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    RecordTag tag() throws DamageException {
        return RecordTag.of(nextByte());
    }

    private int nextByte() throws DamageException {
        if (!bytes.hasRemaining()) {
            throw new DamageException("a record is not complete");
        }
        return bytes.get();
    }

    long number() throws DamageException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = nextByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new DamageException("a number is too long");
    }

    /** A count or a size. */
    int smallNumber() throws DamageException {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new DamageException("no count: " + value);
        }
        return (int) value;
    }

    long fixed() throws DamageException {
        if (bytes.remaining() < Long.BYTES) {
            throw new DamageException("a record is not complete");
        }
        return bytes.getLong();
    }

    int half() throws DamageException {
        if (bytes.remaining() < Integer.BYTES) {
            throw new DamageException("a record is not complete");
        }
        return bytes.getInt();
    }

    Fingerprint print() throws DamageException {
        return new Fingerprint(fixed(), fixed());
    }

    String text() throws DamageException {
        int length = smallNumber();
        if (length > bytes.remaining()) {
            throw new DamageException("a text is not complete");
        }
        String text = new String(bytes.array(), bytes.arrayOffset() + bytes.position(), length, UTF_8);
        bytes.position(bytes.position() + length);
        return text;
    }

    String word() throws DamageException {
        int number = smallNumber();
        if (number == 0) {
            words.add(text());
            return words.getLast();
        }
        if (number > words.size()) {
            throw new DamageException("there is no word " + number);
        }
        return words.get(number - 1);
    }

    /** A URL, until the next one is read. */
    UrlBytes url() throws DamageException {
        int common = smallNumber();
        if (common > lastUrl.length()) {
            throw new DamageException("a URL has more in common with the one before than that has");
        }
        int more = smallNumber();
        if (more > bytes.remaining()) {
            throw new DamageException("a URL is not complete");
        }
        lastUrl.next(common, more, bytes);
        return lastUrl;
    }

    CanonicalUrl canonicalUrl() throws DamageException {
        return canonical(url().toString());
    }

    /** A URL that was canonical when it was written. */
    static CanonicalUrl canonical(String url) throws DamageException {
        return CanonicalUrl.parse(url).orElseThrow(() -> new DamageException("not a URL"));
    }

    /** The same, quick if it is of the same origin as a URL that is known. */
    static CanonicalUrl canonical(String url, CanonicalUrl known) throws DamageException {
        return known.near(url).orElseThrow(() -> new DamageException("not a URL"));
    }

    Duration duration() throws DamageException {
        try {
            return Duration.ofSeconds(number(), smallNumber());
        } catch (ArithmeticException e) {
            throw new DamageException("not a duration", e);
        }
    }

    Instant instant() throws DamageException {
        try {
            return Instant.ofEpochSecond(number(), smallNumber());
        } catch (ArithmeticException | DateTimeException e) {
            throw new DamageException("not a time", e);
        }
    }
}
