package fanout.okhttp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import okio.Buffer;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/** Decodes a body in brotli (RFC 7932). Confined to the fetching thread. */
final class Brotli implements WholeBody.Decoder {

    private final Watched input;
    private final BrotliInputStream decoder;

    /** @throws ProtocolException if the body asks for a window that no browser grants */
    Brotli(Buffer whole, BodyMemory memory) throws IOException {
        memory.decoderNeeds(BrotliWindow.bytes(whole));
        this.input = new Watched(whole.inputStream(), memory);
        try {
            this.decoder = new BrotliInputStream(input);
        } catch (IOException e) {
            throw input.failure == null ? e : input.failure;
        }
    }

    /** @throws ProtocolException if the body goes on behind its end */
    @Override
    public int read(byte[] into, int length) throws IOException {
        try {
            int count = decoder.read(into, 0, length);
            if (count <= 0 && input.available() > 0) { // the decoder sees what is within its own buffer
                throw new ProtocolException("bytes behind its end");
            }
            return count;
        } catch (IOException e) {
            throw input.failure == null ? e : input.failure;
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
