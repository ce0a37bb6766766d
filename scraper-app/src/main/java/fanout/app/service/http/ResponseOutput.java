package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of an answer on its way, in pieces, as chunks if its length is not known: each piece that the reader takes
 * gives the request its whole time again. So a reader that takes none for that long is cut off, and a slow one is not.
 * Confined to the connection's thread.
 *
 * <p>The end of a body is {@link #end}, and not its closing: an answer that fails half way must not look whole.
 */
final class ResponseOutput extends OutputStream {

    private static final int PIECE = 16 << 10;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    private final OutputStream out;
    private final boolean chunked;
    private final Runnable progressed;
    private final byte[] piece = new byte[PIECE];
    private int filled;
    private long written;

    /** @param progressed called before each piece, which may take the reader's time */
    ResponseOutput(OutputStream out, boolean chunked, Runnable progressed) {
        this.out = out;
        this.chunked = chunked;
        this.progressed = progressed;
    }

    /** Returns how many bytes of the body were sent. */
    long written() {
        return written;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int taken = Math.min(left, PIECE - filled);
            System.arraycopy(bytes, at, piece, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
            if (filled == PIECE) {
                send();
            }
        }
    }

    /** Sends what is there; also without any, it says that the request makes progress. */
    @Override
    public void flush() throws IOException {
        progressed.run();
        if (filled > 0) {
            send();
        }
    }

    private void send() throws IOException {
        progressed.run();
        if (chunked) {
            byte[] size = (Integer.toHexString(filled) + "\r\n").getBytes(US_ASCII);
            byte[] chunk = new byte[size.length + filled + LINE_END.length];
            System.arraycopy(size, 0, chunk, 0, size.length);
            System.arraycopy(piece, 0, chunk, size.length, filled);
            System.arraycopy(LINE_END, 0, chunk, size.length + filled, LINE_END.length);
            out.write(chunk);
        } else {
            out.write(piece, 0, filled);
        }
        written += filled;
        filled = 0;
    }

    /** Ends the body in order. */
    void end() throws IOException {
        flush();
        if (chunked) {
            out.write(LAST_CHUNK);
        }
    }
}
