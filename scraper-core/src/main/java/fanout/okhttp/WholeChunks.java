package fanout.okhttp;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * A body in chunks, none of which is longer than its size says. OkHttp (5.5.1) takes what stands between the end of a chunk
 * and the end of its line for nothing; the body would be delivered with a hole.
 *
 * <p>Looks ahead in the connection for each chunk's size, and for the end of the line behind a chunk. OkHttp reads both after
 * that, and finds what else is wrong.
 *
 * <p>Source: RFC 9112, section 7.1. Confined to the fetching thread.
 */
final class WholeChunks extends ForwardingSource {

    private static final long UNKNOWN = -1;

    private final BufferedSource connection;
    private boolean hasBegun;
    private long left;

    private WholeChunks(Source body, BufferedSource connection) {
        super(body);
        this.connection = connection;
    }

    /** The response, its chunks checked. */
    static Response of(Response response, BufferedSource connection) {
        ResponseBody body = response.body();
        MediaType type = body.contentType();
        BufferedSource checked = Okio.buffer((Source) new WholeChunks(body.source(), connection));
        return response.newBuilder().body(ResponseBody.Companion.create(checked, type, body.contentLength())).build();
    }

    /** @throws ProtocolException if a chunk goes on behind its end */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (left == 0 && byteCount > 0) {
            left = nextSize();
        }
        long count = super.read(sink, left > 0 ? Math.min(left, byteCount) : byteCount);
        if (left > 0) {
            left = count < 0 ? UNKNOWN : left - count;
        }
        return count;
    }

    private long nextSize() throws IOException {
        try (BufferedSource ahead = connection.peek()) {
            if (hasBegun && !skipLineEnd(ahead)) {
                throw new ProtocolException("a chunk is longer than its size");
            }
            hasBegun = true;
            long size = ahead.readHexadecimalUnsignedLong();
            return size > 0 ? size : UNKNOWN;
        } catch (NumberFormatException | EOFException e) {
            return UNKNOWN; // OkHttp says what is wrong.
        }
    }

    private static boolean skipLineEnd(BufferedSource ahead) throws IOException {
        byte first = ahead.readByte();
        return first == '\n' || (first == '\r' && ahead.readByte() == '\n');
    }
}
