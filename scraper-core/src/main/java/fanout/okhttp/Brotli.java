package fanout.okhttp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import okio.Buffer;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a body in brotli (RFC 7932). Bytes behind its end are left out, as browsers leave them. The decoder refuses those that
 * lie within its own buffer, together with the last piece that it decoded; the body is then decoded again with so many bytes
 * behind it that its buffer never sees the last of them.
 *
 * <p>Confined to the fetching thread.
 */
final class Brotli implements WholeBody.Decoder {

    private static final String BYTES_BEHIND_THE_END = "Unused bytes after end";
    /** More than the decoder reads ahead. */
    private static final int READ_AHEAD = 16 << 10;

    private final Buffer whole;
    private final BodyMemory memory;
    private Watched input;
    private BrotliInputStream decoder;
    private long decoded;
    private boolean isSecondTime;

    /** @throws ProtocolException if the body asks for a window that no browser grants */
    Brotli(Buffer whole, BodyMemory memory) throws IOException {
        memory.decoderNeeds(BrotliWindow.bytes(whole));
        this.whole = whole;
        this.memory = memory;
        this.input = new Watched(whole.copy().inputStream(), memory);
        this.decoder = opened(input);
    }

    private static BrotliInputStream opened(Watched input) throws IOException {
        try {
            return new BrotliInputStream(input);
        } catch (IOException e) {
            throw input.failure == null ? e : input.failure;
        }
    }

    @Override
    public int read(byte[] into, int length) throws IOException {
        try {
            int count = decoder.read(into, 0, length);
            decoded += Math.max(0, count);
            return count;
        } catch (IOException e) {
            if (input.failure != null) {
                throw input.failure;
            }
            if (isSecondTime || !refusesBytesBehindTheEnd(e)) {
                throw e;
            }
            isSecondTime = true;
            decodeAgain(into, length);
            return read(into, length);
        }
    }

    private static boolean refusesBytesBehindTheEnd(IOException e) {
        return e.getCause() != null && BYTES_BEHIND_THE_END.equals(e.getCause().getMessage());
    }

    /** Decodes up to where the first decoder was. The end of the body is known to be there, so the bytes behind it are never read. */
    private void decodeAgain(byte[] scratch, int length) throws IOException {
        input = new Watched(whole.copy().write(new byte[READ_AHEAD]).inputStream(), memory);
        decoder = opened(input);
        long left = decoded;
        while (left > 0) {
            int count = decoder.read(scratch, 0, (int) Math.min(left, length));
            if (count < 0) {
                throw new ProtocolException("decodes to another body the second time");
            }
            left -= count;
        }
    }

    /** The encoded body, which is not read past the deadline: a stream of many small blocks takes long to decode to nothing. */
    private static final class Watched extends FilterInputStream {

        private final BodyMemory memory;
        private @Nullable IOException failure;

        Watched(InputStream in, BodyMemory memory) {
            super(in);
            this.memory = memory;
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
