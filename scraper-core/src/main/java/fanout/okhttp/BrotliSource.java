package fanout.okhttp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import okio.Buffer;
import okio.BufferedSource;
import okio.Source;
import okio.Timeout;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body without brotli's encoding (RFC 7932). The encoded body is read to its end first. So the decoder, which may need
 * sixteen megabytes for its window, has them for some milliseconds of computing and not while a slow server sends; and they
 * come out of the room that all bodies share.
 *
 * <p>Confined to the fetching thread. Interruption and the deadline end a read within a few kilobytes, encoded or decoded.
 */
final class BrotliSource implements Source {

    private static final int PIECE = 8 << 10;

    /** A page that cannot be compressed is a little longer encoded. */
    private static final long MOST_OVERHEAD = 64 << 10;

    private final BufferedSource encoded;
    private final long most;
    private final BodyMemory memory;
    private final byte[] piece = new byte[PIECE];
    private @Nullable Watched input;
    private @Nullable BrotliInputStream decoder;

    /** Decodes no more than {@code most} bytes and a few. */
    BrotliSource(BufferedSource encoded, long most, BodyMemory memory) {
        this.encoded = encoded;
        this.most = most;
        this.memory = memory;
    }

    /**
     * @throws ProtocolException if the body asks for a window that no browser grants, or goes on behind its end
     * @throws BodyOverflow if it is longer than allowed, or the memory does not hold its window
     */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        memory.requireTime();
        BrotliInputStream from = decoder;
        try {
            if (from == null) {
                input = new Watched(whole().inputStream());
                from = new BrotliInputStream(input);
                decoder = from;
            }
            int count = from.read(piece, 0, (int) Math.min(byteCount, PIECE));
            if (count > 0) {
                sink.write(piece, 0, count);
            } else if (input != null && input.available() > 0) { // the decoder sees what is within its own buffer
                throw new ProtocolException("bytes behind its end");
            }
            return count;
        } catch (IOException e) {
            throw input == null || input.failure == null ? e : input.failure;
        }
    }

    private Buffer whole() throws IOException {
        Buffer whole = new Buffer();
        for (long count = 0; count >= 0; count = encoded.read(whole, PIECE)) {
            memory.buffered(count);
            if (whole.size() > most + MOST_OVERHEAD) {
                throw new BodyOverflow(most, false);
            }
        }
        memory.decoderNeeds(BrotliWindow.bytes(whole));
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

    /** The encoded body, which is not read past the deadline: a stream of many small blocks takes long to decode to nothing. */
    private final class Watched extends FilterInputStream {

        private @Nullable IOException failure;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                memory.requireTime();
            } catch (IOException e) {
                failure = e; // The decoder throws another in its place.
                throw e;
            }
            return super.read(into, offset, length);
        }
    }
}
