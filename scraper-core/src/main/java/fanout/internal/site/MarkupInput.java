package fanout.internal.site;

import java.io.IOException;
import java.io.Reader;

/** Characters, one by one, with one step back. Confined to one thread. */
final class MarkupInput {

    private final Reader in;
    private final char[] buffer = new char[8 << 10];
    private int position;
    private int limit;

    MarkupInput(Reader in) {
        this.in = in;
    }

    /** The next character; negative at the end. */
    int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++];
    }

    /** The character that was read last is the next one again. At the end no character can be put back. */
    void back(int last) {
        if (last >= 0) {
            position--;
        }
    }

    /**
     * Reads on behind a {@code >} that follows at least {@code count} times {@code mark}.
     *
     * @param kept takes what stands before, as far as it has room
     * @return whether there was such an end
     */
    boolean readTo(char mark, int count, KeptText kept) throws IOException {
        int marks = 0;
        for (int c = read(); c >= 0; c = read()) {
            if (c == '>' && marks >= count) {
                kept.cut(count);
                return true;
            }
            marks = c == mark ? marks + 1 : 0;
            kept.add((char) c);
        }
        return false;
    }
}
