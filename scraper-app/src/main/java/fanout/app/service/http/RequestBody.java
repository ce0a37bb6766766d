package fanout.app.service.http;

import fanout.app.service.http.RequestInput.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The body of a request, up to where its head or its chunks say that it ends. Chunks are read as RFC 9112 has them and
 * no looser: a chunk whose size another reader could take for another number would hide a second request in the first.
 * Confined to the connection's thread.
 */
final class RequestBody extends InputStream {

    private static final int MOST_LINE = 300;
    private static final int MOST_TRAILERS = 8 << 10;
    /** A size of at most eight digits, and an extension, which is ignored. */
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})(?:[ \\t]*;[^\\r\\n]*)?");

    private final RequestInput in;
    private final boolean chunked;
    private final Begin begin;
    private final Runnable end;
    private boolean begun;
    private boolean ended;
    /** Bytes left of the body, or of the present chunk. */
    private long left;
    private boolean firstChunk = true;

    /** Called before the first byte is read, which the client may wait for. */
    @FunctionalInterface
    interface Begin {
        void run() throws IOException;
    }

    /**
     * A body.
     *
     * @param length as {@link RequestHead#length}
     * @param end called when all of it was read
     */
    RequestBody(RequestInput in, long length, Begin begin, Runnable end) {
        this.in = in;
        this.chunked = length == RequestHead.CHUNKED;
        this.left = Math.max(0, length);
        this.ended = length == 0;
        this.begin = begin;
        this.end = end;
    }

    /** Whether all of it was read, so that another request may follow. */
    boolean isEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!begun && !ended) {
            begun = true;
            begin.run();
        }
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        int read = in.read(bytes, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new MalformedException("the body is not complete");
        }
        left -= read;
        if (!chunked && left == 0) {
            ended = true;
            end.run();
        }
        return read;
    }

    private void nextChunk() throws IOException {
        if (!firstChunk && (in.read() != '\r' || in.read() != '\n')) {
            throw new MalformedException("a chunk must end with CR LF behind as many bytes as its size says");
        }
        firstChunk = false;
        Matcher size = CHUNK.matcher(in.line(MOST_LINE, 400, "the size of a chunk"));
        if (!size.matches()) {
            throw new MalformedException("the size of a chunk must be one to eight hexadecimal digits");
        }
        left = Long.parseLong(size.group(1), 16);
        if (left == 0) {
            RequestHead.headers(in, MOST_TRAILERS); // of no use here
            ended = true;
            end.run();
        }
    }
}
