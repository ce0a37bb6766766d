package fanout.app.service.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole lines of a file from a place in it up to its committed end. Confined to one thread; does not own the
 * file.
 */
final class LineScan {

    private static final int PIECE = 64 << 10;

    private final FileChannel file;
    private final long end;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE).flip();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long readTo;
    private long lineEnd;

    /**
     * A scan.
     *
     * @param start where a line begins
     * @param end where the last whole line ends
     */
    LineScan(FileChannel file, long start, long end) {
        this.file = file;
        this.end = end;
        this.readTo = start;
        this.lineEnd = start;
    }

    /** Whether a line begins there: at the beginning, or after the end of another. */
    static boolean isStart(FileChannel file, long offset) throws IOException {
        if (offset == 0) {
            return true;
        }
        ByteBuffer before = ByteBuffer.allocate(1);
        return file.read(before, offset - 1) == 1 && before.get(0) == '\n';
    }

    /** The next line, with its end; null behind the last. */
    byte @Nullable [] next() throws IOException {
        line.reset();
        do {
            int from = piece.position();
            int to = from;
            while (to < piece.limit() && piece.get(to) != '\n') {
                to++;
            }
            boolean whole = to < piece.limit();
            line.write(piece.array(), from, to - from + (whole ? 1 : 0));
            piece.position(whole ? to + 1 : to);
            if (whole) {
                lineEnd += line.size();
                return line.toByteArray();
            }
        } while (fill());
        return null;
    }

    private boolean fill() throws IOException {
        piece.clear().limit((int) Math.min(PIECE, Math.max(0, end - readTo)));
        int read = piece.hasRemaining() ? file.read(piece, readTo) : -1;
        piece.flip();
        readTo += Math.max(0, read);
        return read > 0;
    }

    /** Where the last line that was given ends. */
    long position() {
        return lineEnd;
    }
}
