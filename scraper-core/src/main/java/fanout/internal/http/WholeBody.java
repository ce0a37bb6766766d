package fanout.internal.http;

import fanout.internal.http.AttemptLimits.BodyMemory;
import fanout.internal.http.AttemptLimits.BodyOverflow;
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
 * A body that is read to its end before it is decoded. Its decoder needs megabytes for a window; it has them for some
 * milliseconds of computing and not while a slow server sends, and they come out of the room that all bodies share.
 *
 * <p>Confined to the fetching thread. Interruption and the deadline end a read within a few kilobytes that arrive, and
 * within one piece or block that is decoded.
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

    /**
     * Decodes a body in brotli (RFC 7932). Bytes behind its end are left out, as browsers leave them. The decoder
     * refuses those that lie within its own buffer, together with the last piece that it decoded; the body is then
     * decoded again with so many bytes behind it that its buffer never sees the last of them.
     *
     * <p>Confined to the fetching thread.
     */
    static final class Brotli implements Decoder {

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
            memory.decoderNeeds(Window.bytes(whole));
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

        /**
         * Decodes up to where the first decoder was. The end of the body is known to be there, so the bytes behind it
         * are never read.
         */
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

        /**
         * The encoded body, which is not read past the deadline: a stream of many small blocks takes long to decode to
         * nothing.
         */
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

        /**
         * What a brotli stream's first bits say about the memory that its decoder needs (RFC 7932, sections 9.1 and
         * 9.2). Reads its bits in their order, least significant first. Confined to one thread.
         */
        static final class Window {

            /** A prefix code, as the decoder keeps it. */
            private static final long BYTES_PER_CODE = 1_080 * Integer.BYTES;
            /** Three groups of 256. */
            private static final long MOST_CODES = 3 * 256;
            /** The decoder's own smallest window, of a stream in several blocks. */
            private static final long LEAST = 16 << 10;

            private long bits;

            private Window(long bits) {
                this.bits = bits;
            }

            /**
             * The most that the decoder allocates for a whole stream: its window, and tables of prefix codes, each of
             * which takes a byte of the stream. The window is no larger than a power of two above the length, if the
             * stream is one block and so states it.
             *
             * @throws ProtocolException if the window is a "large" one, which is an extension that browsers refuse
             */
            static long bytes(Buffer encoded) throws ProtocolException {
                long first = 0;
                for (int i = 0; i < Math.min(8, encoded.size()); i++) {
                    first |= (encoded.getByte(i) & 0xFFL) << (8 * i);
                }
                Window stream = new Window(first);
                long window = 1L << stream.windowBits();
                return Math.min(MOST_CODES, encoded.size()) * BYTES_PER_CODE
                        + Math.max(LEAST, Math.min(window, stream.length()));
            }

            private int windowBits() throws ProtocolException {
                if (next(1) == 0) {
                    return 16;
                }
                int high = next(3);
                if (high != 0) {
                    return 17 + high;
                }
                int low = next(3);
                if (low == 1) {
                    throw new ProtocolException("brotli's large window");
                }
                return low == 0 ? 17 : 8 + low;
            }

            /** Twice the length of a stream that is one block; else as much as any may have. */
            private long length() {
                boolean isLast = next(1) == 1;
                if (isLast && next(1) == 1) {
                    return 0;
                }
                int nibbles = 4 + next(2);
                return isLast && nibbles < 7 ? 2L * (next(4 * nibbles) + 1) : Long.MAX_VALUE;
            }

            private int next(int count) {
                int value = (int) (bits & ((1L << count) - 1));
                bits >>>= count;
                return value;
            }
        }
    }
}
