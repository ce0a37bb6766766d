package fanout.internal.limit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Bytes that refuse to be read once the parse is to end, the way to stop parsers that know of no deadline, and that end
 * at a limit, whatever a compressed body unfolds to. Confined to one thread.
 */
public final class WatchedInput extends FilterInputStream {

    /** A parser may ask for all that a page has. */
    private static final int PIECE = 16 << 10;

    private final ParseTime time;
    private long left;

    public WatchedInput(InputStream in, long limit, ParseTime time) {
        super(in);
        this.left = limit;
        this.time = time;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        time.check();
        if (left == 0) {
            return -1;
        }
        int count = super.read(into, offset, (int) Math.min(Math.min(length, PIECE), left));
        left -= Math.max(0, count);
        return count;
    }

    /** Whether as much was read as may be. */
    public boolean isAtLimit() {
        return left == 0;
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
