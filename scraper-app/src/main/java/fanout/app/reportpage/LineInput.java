package fanout.app.reportpage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines of bytes, and says whether the last one has its end. Confined to one thread; does not own the input. */
final class LineInput {

    private static final int PIECE = 64 << 10;
    private static final int MOST_BYTES = 256 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[PIECE];
    private int start;
    private int scanned;
    private int end;
    private int length;

    LineInput(InputStream in) {
        this.in = in;
    }

    /** How reading a line has ended. */
    enum End {
        WHOLE, CUT_OFF, NO_MORE, TOO_LONG
    }

    /** Returns the array that contains the line; changed by the next. */
    byte[] buffer() {
        return buffer;
    }

    /** Returns where the line begins in the array. */
    int offset() {
        return start - length - 1;
    }

    int length() {
        return length;
    }

    /** Reads the next line. */
    End next() throws IOException {
        scanned = start;
        while (true) {
            while (scanned < end && buffer[scanned] != '\n') {
                scanned++;
            }
            if (scanned < end) {
                return take(End.WHOLE);
            }
            if (end - start >= MOST_BYTES) {
                return End.TOO_LONG;
            }
            if (!fill()) {
                return start == end ? End.NO_MORE : take(End.CUT_OFF);
            }
        }
    }

    private End take(End how) {
        length = scanned - start;
        start = scanned + 1;
        return how;
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            int rest = Math.max(0, end - start);
            System.arraycopy(buffer, end - rest, buffer, 0, rest);
            scanned -= start;
            start = 0;
            end = rest;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
        }
        int read = in.read(buffer, end, buffer.length - end);
        end += Math.max(0, read);
        return read > 0;
    }
}
