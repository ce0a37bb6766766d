package fanout.okhttp;

import java.net.ProtocolException;

/**
 * What sockets gave an attempt since its request began, and how much of it may be framing. Of a body some bytes must be its
 * own: OkHttp keeps all of a chunk's size line, however long it is, and a server that never ends it would fill the memory.
 * That holds for bodies, too, that are read only to keep their connection.
 *
 * <p>Confined to the fetching thread.
 */
final class ReceivedBytes {

    /** OkHttp's limit for the lines of a response's head, together. */
    private static final long MAX_HEAD_BYTES = 256 << 10;

    /** For the sizes, extensions and trailers of chunks between two pieces of a body. Less than OkHttp's limit for trailers. */
    private static final long MAX_FRAMING_BYTES = 128 << 10;

    private long sinceRequest;
    private long sinceBody;

    void requestBegins() {
        sinceRequest = 0;
    }

    /** A socket gave bytes. */
    void head(int count) {
        sinceRequest += Math.max(0, count);
    }

    /** A socket gave bytes after the head had arrived. */
    void body(int count) throws ProtocolException {
        sinceRequest += Math.max(0, count);
        sinceBody += Math.max(0, count);
        if (sinceBody > MAX_FRAMING_BYTES) {
            throw new ProtocolException("more than 128 KiB between two pieces of the body");
        }
    }

    /** A piece of the body has come through the framing. */
    void bodyAdvanced() {
        sinceBody = 0;
    }

    boolean isNothing() {
        return sinceRequest == 0;
    }

    /** Whether OkHttp has read all that it reads of a head. */
    boolean fillsAHead() {
        return sinceRequest >= MAX_HEAD_BYTES;
    }
}
