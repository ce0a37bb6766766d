package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.url.Fingerprint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Bytes of one group. Numbers are LEB128; a word is written once a group and then named by its number; a URL names how
 * many bytes it has in common with the one before. So each group can be read by itself. Confined to one thread.
 */
final class RecordWriter {

    private final Map<String, Integer> words = new HashMap<>();
    private byte[] bytes = new byte[4096];
    private int size;
    private byte[] lastUrl = {};

    /** Begins another group. */
    void clear() {
        words.clear();
        lastUrl = new byte[0];
        size = 0;
        if (bytes.length > Group.ENOUGH * 4) { // one huge step does not hold its memory for ever
            bytes = new byte[4096];
        }
    }

    int size() {
        return size;
    }

    ByteBuffer asBuffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.multiplyExact(bytes.length, 2)));
        }
    }

    RecordWriter tag(RecordTag tag) {
        room(1);
        bytes[size++] = tag.code();
        return this;
    }

    RecordWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    RecordWriter print(Fingerprint print) {
        return fixed(print.high()).fixed(print.low());
    }

    RecordWriter fixed(long value) {
        return half((int) (value >>> Integer.SIZE)).half((int) value);
    }

    /** Half of what is {@link #fixed}. */
    RecordWriter half(int value) {
        room(Integer.BYTES);
        for (int shift = Integer.SIZE - 8; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    RecordWriter text(String text) {
        return text(text.getBytes(UTF_8), 0);
    }

    private RecordWriter text(byte[] encoded, int from) {
        int length = encoded.length - from;
        number(length);
        room(length);
        System.arraycopy(encoded, from, bytes, size, length);
        size += length;
        return this;
    }

    /** A text that is likely to come again. */
    RecordWriter word(String word) {
        Integer known = words.putIfAbsent(word, words.size() + 1);
        return known == null ? number(0).text(word) : number(known);
    }

    RecordWriter url(String url) {
        byte[] encoded = url.getBytes(UTF_8);
        int mismatch = Arrays.mismatch(encoded, lastUrl);
        int common = mismatch < 0 ? encoded.length : mismatch;
        lastUrl = encoded;
        return number(common).text(encoded, common);
    }

    RecordWriter duration(Duration duration) {
        return number(duration.getSeconds()).number(duration.getNano());
    }

    RecordWriter instant(Instant instant) {
        return number(instant.getEpochSecond()).number(instant.getNano());
    }
}
