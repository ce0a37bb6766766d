package fanout.okhttp;

import java.io.IOException;
import okio.Buffer;
import okio.BufferedSource;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read to its end before it is decoded. Its decoder needs megabytes for a window; it has them for some milliseconds
 * of computing and not while a slow server sends, and they come out of the room that all bodies share.
 *
 * <p>Confined to the fetching thread. Interruption and the deadline end a read within a few kilobytes that arrive, and within one
 * piece or block that is decoded.
 */
final class WholeBody implements Source {

    private static final int PIECE = 8 << 10;

    private final BufferedSource encoded;
    private final BodyMemory memory;
    private final Format format;
    private final byte[] piece = new byte[PIECE];
    private @Nullable Decoder decoder;

    /** @param encoded bounds how much of it is read */
    WholeBody(BufferedSource encoded, BodyMemory memory, Format format) {
        this.encoded = encoded;
        this.memory = memory;
        this.format = format;
    }

    /** How such bodies are encoded. */
    @FunctionalInterface
    interface Format {

        /**
         * Begins to decode a body.
         *
         * @throws IOException if it does not begin as it should, or the memory does not hold its decoder
         */
        Decoder open(Buffer whole, BodyMemory memory) throws IOException;
    }

    /** Decodes one body. */
    @FunctionalInterface
    interface Decoder {

        /**
         * Decodes on.
         *
         * @return how many bytes; 0 if there are none yet; -1 at the end
         * @throws IOException if the body is not encoded that way
         */
        int read(byte[] into, int length) throws IOException;
    }

    /**
     * @throws IOException if the body is not encoded that way
     * @throws BodyOverflow if it is longer than allowed, or the memory does not hold its window
     */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        Decoder from = decoder;
        if (from == null) {
            memory.requireTime();
            Buffer whole = whole();
            from = whole.exhausted() ? (into, length) -> -1 : format.open(whole, memory);
            decoder = from;
        }
        int count;
        do {
            memory.requireTime();
            count = from.read(piece, (int) Math.min(byteCount, PIECE));
        } while (count == 0);
        if (count > 0) {
            sink.write(piece, 0, count);
        }
        return count;
    }

    private Buffer whole() throws IOException {
        Buffer whole = new Buffer();
        for (long count = 0; count >= 0; count = encoded.read(whole, PIECE)) {
            memory.buffered(count);
        }
        return whole;
    }

    @Override
    public Timeout timeout() {
        return encoded.timeout();
    }

    @Override
    public void close() throws IOException {
        encoded.close();
    }
}
