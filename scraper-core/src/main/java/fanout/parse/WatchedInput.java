package fanout.parse;

import fanout.task.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Bytes that refuse to be read once the thread is interrupted or the deadline has passed, the way to stop parsers that know
 * of neither, and that end at a limit, whatever a compressed body unfolds to. Confined to one thread.
 *
 * <p>Parsing never blocks, so a virtual thread would hold its carrier for the whole of a large page. Every 64 KiB it gives
 * it up for a moment; that bounds what the other threads wait to about the time such a piece takes to parse.
 */
final class WatchedInput extends FilterInputStream {

    private static final int PIECE = 64 << 10;

    private final Deadline deadline;
    private long left;
    private int leftOfPiece = PIECE;

    WatchedInput(InputStream in, long limit, Deadline deadline) {
        super(in);
        this.left = limit;
        this.deadline = deadline;
    }

    /** Fails if the parse is to end. The interrupt status is left as it is. */
    static void check(Deadline deadline) throws ParseStopped {
        if (Thread.currentThread().isInterrupted() || deadline.hasPassed()) {
            throw new ParseStopped();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** Correct without the yield, which is about fairness only. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        check(deadline);
        if (left == 0) {
            return -1;
        }
        int count = super.read(into, offset, (int) Math.min(length, left));
        if (count > 0) {
            left -= count;
            leftOfPiece -= count;
            if (leftOfPiece <= 0) {
                leftOfPiece = PIECE;
                if (Thread.currentThread().isVirtual()) {
                    Thread.yield();
                }
            }
        }
        return count;
    }

    /** Not past the limit, and no way around the checks. */
    @Override
    public long skip(long count) {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
