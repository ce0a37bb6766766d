package fanout.app.service.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Reads what a client sends, byte by byte through a buffer, and never beyond a deadline that one byte now and then does
 * not renew. Confined to the connection's thread.
 */
final class RequestInput {

    private static final int BUFFER = 8 << 10;
    private static final int END = -1;
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long deadline;

    RequestInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Reports what a client has sent and must not; the connection ends with it. */
    static final class MalformedException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        private final int status;

        MalformedException(String message) {
            this(400, message);
        }

        MalformedException(int status, String message) {
            super(message);
            this.status = status;
        }

        Problem problem() {
            return Problem.of(status, String.valueOf(getMessage()));
        }
    }

    /** Reports that the client has gone before the end of its request; nothing is wrong with the service. */
    static final class GoneException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        GoneException(IOException cause) {
            super("the client has gone", cause);
        }
    }

    /** Gives all reads from now on this time together. */
    void within(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * Waits for the next byte, and leaves it there.
     *
     * @return false if the client has sent its last byte
     * @throws SocketTimeoutException at the deadline
     * @throws GoneException if the client has closed the connection
     */
    boolean awaitByte() throws IOException {
        if (at < end) {
            return true;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the time is up");
        }
        socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        int received = received(); // which may run out of time, and then nothing is new in the buffer
        at = 0;
        end = Math.max(0, received);
        return end > 0;
    }

    /**
     * Returns whether the client has sent its last byte, as one that has gone has; looks for a moment only.
     *
     * @throws GoneException if the client has closed the connection
     */
    boolean hasEnded() throws IOException {
        long kept = deadline;
        within(MOMENT);
        try {
            return !awaitByte();
        } catch (SocketTimeoutException e) {
            return false; // it sends nothing, as it should while it waits
        } finally {
            deadline = kept;
        }
    }

    private int received() throws IOException {
        try {
            return in.read(buffer, 0, BUFFER);
        } catch (InterruptedIOException | ClosedChannelException e) { // out of time, or ended by the service
            throw e;
        } catch (IOException e) {
            throw new GoneException(e);
        }
    }

    /** Returns the next byte; -1 at the end. */
    int read() throws IOException {
        return awaitByte() ? buffer[at++] & 0xff : END;
    }

    /** Reads at least one byte and at most so many; -1 at the end. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (!awaitByte()) {
            return END;
        }
        int read = Math.min(length, end - at);
        System.arraycopy(buffer, at, bytes, offset, read);
        at += read;
        return read;
    }

    /**
     * Reads a line that ends with CR LF, and returns it without them. A CR or LF alone, NUL and other control
     * characters are where readers of HTTP differ, and refused.
     *
     * @param most bytes
     * @param tooLong the status of the refusal of a longer line
     * @param what is read, for the message
     */
    String line(int most, int tooLong, String what) throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        for (int b = read(); b != '\r'; b = read()) {
            if ((b < ' ' && b != '\t') || b == 0x7f) {
                throw new MalformedException(b == END ? what + " is not complete"
                        : "a control character in " + what);
            }
            if (length == most) {
                throw new MalformedException(tooLong, what + " is longer than the service reads");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) b;
        }
        if (read() != '\n') {
            throw new MalformedException("a line of " + what + " does not end with CR LF");
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads and forgets what the client still sends, so that the end of the connection does not take the answer with
     * it.
     */
    void drain(long most) throws IOException {
        for (long drained = 0; drained < most && awaitByte();) {
            drained += end - at;
            at = end;
        }
    }
}
