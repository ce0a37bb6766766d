package fanout.internal.fetch;

import fanout.page.ResponseHead;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The port behind which bodies become files. Thread-safe. */
public interface BodyFiles {

    /**
     * Begins a file.
     *
     * @return closed by the caller
     * @throws IOException if there is no space for it; the message names it
     */
    Incoming begin() throws IOException;

    /** A body that arrives. Confined to one thread. Closed before it was kept, it leaves nothing. */
    interface Incoming extends AutoCloseable {

        /**
         * Writes the next bytes.
         *
         * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; its flag stays set
         * @throws IOException if there is no space for them; the message names the file
         */
        void write(byte[] bytes, int length) throws IOException;

        /** Keeps what was written, and returns its SHA-256, which is its name. */
        String keep() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A body that was kept. Immutable. */
    record KeptBody(long bytes, String hash) {}

    /**
     * How a body is to be kept. Immutable.
     *
     * @param maxBytes decoded bytes
     * @param timeout how long the attempt may take from its begin
     */
    record Terms(BodyFiles files, long maxBytes, Duration timeout) {}

    /**
     * Which responses to a request are kept as files.
     *
     * @see FetchRequest
     */
    interface Choice {

        /** Keeps none. */
        Choice NONE = new Choice() {
            @Override
            public Optional<Terms> of(ResponseHead head) {
                return Optional.empty();
            }

            @Override
            public boolean isLikely() {
                return false;
            }
        };

        /** Returns how the body of a response with this head is kept; empty if it is not. */
        Optional<Terms> of(ResponseHead head);

        /** Whether the URL alone makes it likely: only encodings that are decoded in pieces are then asked for. */
        boolean isLikely();
    }

    /** A file could not be written: no fault of the response, and the end of the crawl. */
    final class NotKeptException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final IOException failure;

        /** @param failure names the file */
        public NotKeptException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        /** Returns what has failed; its message names the file. */
        public IOException failure() {
            return failure;
        }
    }
}
