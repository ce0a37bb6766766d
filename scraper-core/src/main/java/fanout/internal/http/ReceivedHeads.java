package fanout.internal.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the heads that a connection receives what OkHttp (5.5.1) can read. OkHttp decodes heads as UTF-8, and a
 * Location in another encoding has lost its bytes by then; of a field that is folded over several lines it reads the
 * first; and it takes HTTP/2 heads that are malformed, see {@link Http2Heads}.
 *
 * <p>A head of HTTP/1 may begin behind what was sent last, if it begins with {@code HTTP/1.}; each of its lines is held
 * until the first byte of the next shows whether it is folded. Then everything is passed on untouched until the next
 * request. HTTP/2 is recognized by its preface.
 *
 * <p>Source: RFC 9112, section 5.2 (obs-fold); Fetch standard, "location URL"; ADR 0048. One for each connection; read
 * by one thread at a time, written to by one at a time, and no head is read while a request of HTTP/1 is sent.
 */
final class ReceivedHeads implements ConnectionFilter {

    private static final ByteString PREFACE = ByteString.encodeUtf8("PRI * HTTP/2.0");
    private static final ByteString VERSION = ByteString.encodeUtf8("HTTP/1.");
    private static final int STATUS = "HTTP/1.1 ".length();
    private static final String FIELD = "location:";

    /** OkHttp's limit for a head: it gives up a longer line. */
    private static final int LONGEST_LINE = 256 << 10;

    /** What the next byte that is received belongs to. */
    private enum Part {
        HEAD, REST, FRAMES, TLS
    }

    private final OkHttpInternals internals;
    private volatile Part part = Part.REST;
    private boolean hasSent;

    ReceivedHeads(OkHttpInternals internals) {
        this.internals = internals;
    }

    @Override
    public OutputStream sent(OutputStream out) {
        return new Sent(out);
    }

    @Override
    public InputStream received(InputStream in) {
        return new Received(in);
    }

    @Override
    public void end() {
        part = Part.TLS;
    }

    private final class Sent extends FilterOutputStream {

        Sent(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (part == Part.TLS) {
                out.write(bytes, offset, length);
                return;
            }
            if (!hasSent) {
                hasSent = true;
                boolean isHttp2 = length >= PREFACE.size() && PREFACE.rangeEquals(0, bytes, offset, PREFACE.size());
                part = isHttp2 ? Part.FRAMES : Part.HEAD;
            } else if (part == Part.REST) {
                part = Part.HEAD;
            }
            out.write(bytes, offset, length);
        }
    }

    private final class Received extends FilterInputStream {

        /** Received, and to be passed on. */
        private final Buffer ready = new Buffer();
        /** Of a head: received, and held. */
        private final Buffer line = new Buffer();
        private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
        /** Whether the line that is held has its end. */
        private boolean isComplete;
        private boolean isStatusLine = true;
        private boolean isInterim;
        private Optional<String> location = Optional.empty();
        private @Nullable Http2Heads frames;

        Received(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (part == Part.FRAMES) {
                Http2Heads heads = frames;
                if (heads == null) {
                    heads = new Http2Heads(in, internals.headerBlocks());
                    frames = heads;
                }
                return heads.read(bytes, offset, length);
            }
            while (ready.exhausted()) {
                if (part != Part.HEAD) {
                    return in.read(bytes, offset, length);
                }
                readHead(bytes, offset, length);
            }
            return ready.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            return (int) (ready.size() + line.size()) + in.available();
        }

        /**
         * Reads some of a head, with the client's array for a buffer: connections by the thousand have none of their
         * own.
         */
        private void readHead(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count < 0) {
                rest();
            }
            int at = offset;
            int to = offset + Math.max(0, count);
            while (at < to) {
                if (part != Part.HEAD) {
                    ready.write(buffer, at, to - at);
                    return;
                }
                if (isComplete && (buffer[at] == ' ' || buffer[at] == '\t')) {
                    unfold();
                } else if (isComplete) {
                    passOn();
                }
                int end = endOfLine(buffer, at, to);
                line.write(buffer, at, end - at);
                isComplete = buffer[end - 1] == '\n';
                at = end;
                if (isStatusLine) {
                    statusLine();
                } else if (isComplete && isBlank()) {
                    end();
                } else if (line.size() > LONGEST_LINE) {
                    rest();
                }
            }
        }

        private static int endOfLine(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') {
                    return i + 1;
                }
            }
            return to;
        }

        /** What does not begin as a head of HTTP/1 is not a head: TLS, or what OkHttp refuses. */
        private void statusLine() {
            boolean isHead = line.rangeEquals(0, VERSION, 0, (int) Math.min(line.size(), VERSION.size()));
            if (!isHead || line.size() > LONGEST_LINE) {
                rest();
            } else if (isComplete) {
                isInterim = line.size() > STATUS && line.getByte(STATUS) == '1';
                isStatusLine = false;
                isComplete = false;
                ready.write(line, line.size());
            }
        }

        private boolean isBlank() {
            return line.size() == 1 || (line.size() == 2 && line.getByte(0) == '\r');
        }

        private void unfold() {
            int end = line.size() > 1 && line.getByte(line.size() - 2) == '\r' ? 2 : 1;
            try (Buffer.UnsafeCursor bytes = line.readAndWriteUnsafe(cursor)) {
                bytes.resizeBuffer(line.size() - end);
            }
            for (int i = 0; i < end; i++) {
                line.writeByte(' ');
            }
        }

        private void passOn() {
            byte first = line.getByte(0);
            if ((first == 'L' || first == 'l') && line.size() > FIELD.length()
                    && line.snapshot(FIELD.length()).utf8().equalsIgnoreCase(FIELD)) {
                location = ReceivedHead.percentEncoded(line.snapshot().substring(FIELD.length()));
            }
            ready.write(line, line.size());
        }

        /** A head ends with this blank line. Behind an interim one another head follows. */
        private void end() {
            if (!isInterim) {
                location.ifPresent(value -> ready.writeUtf8(ReceivedHead.LOCATION + ": " + value.strip() + "\r\n"));
                part = Part.REST;
            }
            ready.write(line, line.size());
            begin();
        }

        private void begin() {
            isComplete = false;
            isStatusLine = true;
            location = Optional.empty();
        }

        /** No more lines of a head. */
        private void rest() {
            ready.write(line, line.size());
            begin();
            part = Part.REST;
        }
    }
}
