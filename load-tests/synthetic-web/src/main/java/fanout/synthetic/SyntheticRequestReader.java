package fanout.synthetic;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Reads one connection's requests. Not thread-safe: it is the connection's thread's. */
final class SyntheticRequestReader {

    private static final int LARGEST_HEAD = 64 * 1024;

    private final SocketChannel channel;
    private byte[] buffer = new byte[1024];
    private int from;
    private int to;

    SyntheticRequestReader(SocketChannel channel) {
        this.channel = channel;
    }

    /** The next request's head; empty if the client closed the connection instead of sending one. */
    Optional<SyntheticRequestHead> next() throws IOException {
        int scanned = from;
        while (true) {
            int end = endOfHead(scanned);
            if (end >= 0) {
                String head = new String(buffer, from, end - from - 2, StandardCharsets.ISO_8859_1);
                from = end;
                return Optional.of(SyntheticRequestHead.parse(head));
            }
            int unscanned = to - from;
            if (!fill()) {
                return Optional.empty();
            }
            scanned = Math.max(from, from + unscanned - 3);
        }
    }

    void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > to - from) {
            left -= to - from;
            from = to;
            if (!fill()) {
                throw new EOFException("the client left in the middle of its request");
            }
        }
        from += (int) left;
    }

    /**
     * Waits, and notices when the client leaves: then throws {@link EOFException} at once. (A client that half-closes
     * its connection counts as gone.) Interruption closes the connection, an {@link IOException}.
     */
    void pause(Duration duration) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            makeRoom();
            // In whole milliseconds, rounded up: a pause may be longer than asked for, never shorter.
            channel.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000));
            try {
                int read = channel.socket().getInputStream().read(buffer, to, buffer.length - to);
                if (read < 0) {
                    throw new EOFException("the client left");
                }
                to += read;
            } catch (SocketTimeoutException _) {
                return;
            }
        }
    }

    private int endOfHead(int scanFrom) {
        for (int i = scanFrom; i + 3 < to; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        makeRoom();
        int read = channel.read(ByteBuffer.wrap(buffer, to, buffer.length - to));
        to += Math.max(read, 0);
        return read >= 0;
    }

    private void makeRoom() throws ProtocolException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            if (to >= LARGEST_HEAD) {
                throw new ProtocolException("more than " + LARGEST_HEAD + " bytes without a whole request");
            }
            buffer = Arrays.copyOf(buffer, to * 2);
        }
    }
}
