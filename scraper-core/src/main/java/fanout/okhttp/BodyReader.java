package fanout.okhttp;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;

/**
 * Reads a response's body, decoded, up to a limit on the decoded bytes: a small file that unpacks to gigabytes costs no more
 * than any other.
 *
 * <p>Closing an OkHttp body reads on for up to 100 ms to find its end. So a body that is not read to its end is given up first:
 * {@link HttpAttempt#giveUp} cancels the call.
 */
final class BodyReader {

    private static final long CHUNK = 8_192;
    private static final long WORTH_DISCARDING = 64 << 10;

    private final ResponseBody body;
    private final HttpAttempt attempt;

    BodyReader(ResponseBody body, HttpAttempt attempt) {
        this.body = body;
        this.attempt = attempt;
    }

    /**
     * The body; or its first {@code most} bytes and one more, if it is longer.
     *
     * @param length as {@link ResponseFraming#length} returns it
     * @param codings those of the body, see {@link DecodedBody#codings}
     * @param memory takes room for each piece that arrives
     * @throws ProtocolException if the body is not encoded that way, or not as long as announced
     * @throws IOException if the network failed, or a wait for room
     */
    Buffer read(long length, List<String> codings, long most, BodyMemory memory) throws IOException {
        boolean isComplete = false;
        try (DecodedBody decoded = DecodedBody.of(body, length, codings, most, attempt.progress(), memory)) {
            try {
                Buffer out = new Buffer();
                long count = 0;
                while (count >= 0 && out.size() <= most) {
                    count = decoded.read(out, Math.min(CHUNK, most + 1 - out.size()));
                    if (count > 0) {
                        memory.buffered(count);
                    }
                }
                isComplete = decoded.isExhausted();
                return out;
            } finally {
                if (!isComplete) {
                    attempt.giveUp();
                }
            }
        }
    }

    /** Reads on to the end of a short body, so that its connection can carry the next request; gives up any other. */
    void discard(boolean evenOfUnknownLength) {
        long length = body.contentLength();
        boolean worthIt = length < 0 ? evenOfUnknownLength : length <= WORTH_DISCARDING;
        if (!worthIt || !endsSoon()) {
            attempt.giveUp();
        }
    }

    private boolean endsSoon() {
        BufferedSource source = body.source();
        source.timeout().deadline(100, TimeUnit.MILLISECONDS);
        try {
            Buffer piece = new Buffer();
            long left = WORTH_DISCARDING;
            long count = 0;
            while (count >= 0 && left >= 0) {
                count = source.read(piece, CHUNK);
                left -= count;
                piece.clear();
            }
            return count < 0;
        } catch (IOException e) {
            return false; // The response was complete for its reader; all that is lost is the connection.
        } finally {
            source.timeout().clearDeadline();
        }
    }
}
