package fanout.okhttp;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.Inflater;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.GzipSource;
import okio.InflaterSource;
import okio.Okio;
import okio.Source;

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
     * The body, or its first {@code most} bytes.
     *
     * @param encoding the Content-Encoding header; empty if there is none
     * @throws ProtocolException if the encoding is unknown, or the body is not encoded that way
     * @throws IOException if the network failed
     */
    Buffer read(String encoding, long most) throws IOException {
        Network network = new Network(body.source(), attempt.progress());
        BufferedSource raw = Okio.buffer((Source) network);
        boolean complete = false;
        try (Source decoded = decoded(raw, encoding.strip().toLowerCase(Locale.ROOT))) {
            try {
                Buffer out = new Buffer();
                complete = readInto(out, decoded, most) && raw.exhausted();
                return out;
            } catch (IOException e) {
                throw network.failed ? e
                        : new ProtocolException("body is not valid " + encoding + ": " + e.getMessage());
            } finally {
                if (!complete) {
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
            return readInto(new Buffer(), source, WORTH_DISCARDING);
        } catch (IOException e) {
            return false; // The response was complete for its reader; all that is lost is the connection.
        } finally {
            source.timeout().clearDeadline();
        }
    }

    /** Whether the source ended within the limit; if not, one byte more was read. */
    private static boolean readInto(Buffer out, Source source, long most) throws IOException {
        while (out.size() <= most) {
            if (source.read(out, Math.min(CHUNK, most + 1 - out.size())) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Servers announce an encoding for empty bodies, too. */
    private static Source decoded(BufferedSource raw, String encoding) throws IOException {
        return switch (encoding) {
            case "", "identity" -> raw;
            case "gzip", "x-gzip" -> raw.exhausted() ? raw : new GzipSource(raw);
            case "deflate" -> raw.exhausted() ? raw : new InflaterSource(raw, new Inflater(!hasZlibHeader(raw)));
            default -> throw new ProtocolException("Content-Encoding that was not asked for: " + encoding);
        };
    }

    /** RFC 1950, section 2.2; RFC 9110, section 8.4.1.2 notes that some servers send deflate without it. */
    private static boolean hasZlibHeader(BufferedSource raw) throws IOException {
        if (!raw.request(2)) {
            return false;
        }
        int method = raw.getBuffer().getByte(0) & 0xFF;
        int flags = raw.getBuffer().getByte(1) & 0xFF;
        return (method & 0x0F) == 8 && (method << 8 | flags) % 31 == 0;
    }

    /** Knows a failure of the network from one of the decoder above it. */
    private static final class Network extends ForwardingSource {

        private final AttemptProgress progress;
        private boolean failed;

        Network(Source source, AttemptProgress progress) {
            super(source);
            this.progress = progress;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            boolean returned = false;
            try {
                long count = super.read(sink, byteCount);
                progress.bodyAdvanced();
                returned = true;
                return count;
            } finally {
                failed |= !returned;
            }
        }
    }
}
