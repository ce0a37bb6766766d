package fanout.app.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole lines of a file from a place in it up to its committed end. Each is a JSON object, and none is longer
 * than any that a crawl writes; otherwise the file is damaged. Confined to one thread; does not own the file.
 */
public final class LineScan {

    /** A line of an item with the markup of the largest pages is shorter. */
    static final int MOST_BYTES = 64 << 20;
    private static final int PIECE = 64 << 10;

    private final Path path;
    private final FileChannel file;
    private final long end;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE).flip();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long readTo;
    private long lineEnd;

    /**
     * A scan.
     *
     * @param path of the file, for messages
     * @param start where a line begins
     * @param end where the last whole line ends
     */
    public LineScan(Path path, FileChannel file, long start, long end) {
        this.path = path;
        this.file = file;
        this.end = end;
        this.readTo = start;
        this.lineEnd = start;
    }

    /** Whether a line begins there: at the beginning, or after the end of another. */
    public static boolean isStart(FileChannel file, long offset) throws IOException {
        if (offset == 0) {
            return true;
        }
        ByteBuffer before = ByteBuffer.allocate(1);
        return file.read(before, offset - 1) == 1 && before.get(0) == '\n';
    }

    /**
     * Returns the next line, with its end; null behind the last.
     *
     * @throws OwnFiles.UnusableException if it is too long, or is not a JSON object
     */
    public byte @Nullable [] next() throws IOException {
        line.reset();
        boolean isKnown = false;
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
                return checked(line.toByteArray());
            }
            if (line.size() > PIECE && !isKnown) {
                refuseTooLong(); // before there is memory for it
                isKnown = true;
            }
        } while (fill());
        return null;
    }

    private byte[] checked(byte[] whole) throws OwnFiles.UnusableException {
        if (!KeptJson.isObject(whole)) {
            throw damaged("that is not a JSON object as a crawl writes it");
        }
        lineEnd += whole.length;
        return whole;
    }

    private void refuseTooLong() throws IOException {
        ByteBuffer ahead = ByteBuffer.allocate(PIECE);
        long at = lineEnd;
        while (at < end) {
            int read = file.read(ahead.clear(), at);
            if (read < 0) {
                return;
            }
            for (int i = 0; i < read; i++) {
                if (ahead.get(i) == '\n') {
                    return;
                }
            }
            at += read;
            if (at - lineEnd > MOST_BYTES) {
                throw damaged("that is longer than " + MOST_BYTES + " bytes");
            }
        }
    }

    private boolean fill() throws IOException {
        piece.clear().limit((int) Math.min(PIECE, Math.max(0, end - readTo)));
        int read = piece.hasRemaining() ? file.read(piece, readTo) : -1;
        piece.flip();
        readTo += Math.max(0, read);
        return read > 0;
    }

    /** Where the last line that was given ends. */
    public long position() {
        return lineEnd;
    }

    /** Returns the reason why the file is not used whose next line, after the last that was given, is damaged. */
    private OwnFiles.UnusableException damaged(String what) {
        return OwnFiles.damaged(path, "has a line at byte " + lineEnd + " " + what);
    }
}
