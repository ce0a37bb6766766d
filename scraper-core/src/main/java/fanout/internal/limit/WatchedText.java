package fanout.internal.limit;

import java.io.IOException;
import java.io.StringReader;

/** A text that refuses to be read once the parse is to end. Confined to one thread. */
public final class WatchedText extends StringReader {

    private static final int PIECE = 16 << 10;

    private final ParseTime time;

    public WatchedText(String text, ParseTime time) {
        super(text);
        this.time = time;
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        time.check();
        return super.read(into, offset, Math.min(length, PIECE));
    }
}
