package fanout.okhttp;

import fanout.socket.ConnectionFilter;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the heads that a connection receives what OkHttp (5.5.1) can read. OkHttp decodes heads as UTF-8, and a Location in
 * another encoding has lost its bytes by then; of a field that is folded over several lines it reads the first; and it takes
 * HTTP/2 heads that are malformed, see {@link Http2Heads}.
 *
 * <p>A head of HTTP/1 may begin behind what was sent last, if it begins with {@code HTTP/1.}; each of its lines is held until the
 * first byte of the next shows whether it is folded. Then everything is passed on untouched until the next request. HTTP/2 is
 * recognized by its preface.
 *
 * <p>Source: RFC 9112, section 5.2 (obs-fold); Fetch standard, "location URL"; ADR 0048. One for each connection; read by one
 * thread at a time, written to by one at a time, and no head is read while a request of HTTP/1 is sent.
 */
final class ReceivedHeads implements ConnectionFilter {

    /** The name of a field that is added where a Location is not UTF-8: the same, each byte that is not ASCII percent-encoded. */
    static final String LOCATION = ":location";

    /** A field that is added to a 204, which has no body whatever it announces. OkHttp waits for one. */
    static final String NO_BODY = "content-length";

    private static final byte[] PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final ByteString NO_CONTENT = ByteString.encodeUtf8("204");
    private static final int STATUS = "HTTP/1.1 ".length();
    private static final String FIELD = "location:";

    /** OkHttp's limit for a head: it gives up a longer line. */
    private static final int LONGEST_LINE = 256 << 10;
    private static final int PIECE = 8 << 10;

    /** What the next byte that is received belongs to. */
    private enum Part {
        HEAD, REST, FRAMES
    }

    private final OkHttpInternals internals;
    private volatile Part part = Part.REST;
    private boolean hasSent;

    ReceivedHeads(OkHttpInternals internals) {
        this.internals = internals;
    }

    /** Percent-encodes each byte that is not ASCII, if they are not UTF-8; empty if they are. */
    static Optional<String> percentEncoded(ByteString location) {
        if (location.utf8().indexOf('\uFFFD') < 0) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(location.size() + 16);
        for (int i = 0; i < location.size(); i++) {
            int c = location.getByte(i) & 0xFF;
            if (c < 0x80) {
                out.append((char) c);
            } else {
                out.append('%').append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT));
            }
        }
        return Optional.of(out.toString());
    }

    @Override
    public OutputStream sent(OutputStream out) {
        return new Sent(out);
    }

    @Override
    public InputStream received(InputStream in) {
        return new Received(in);
    }

    private final class Sent extends FilterOutputStream {

        Sent(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!hasSent) {
                hasSent = true;
                part = startsWith(PREFACE, bytes, offset, length) ? Part.FRAMES : Part.HEAD;
            } else if (part == Part.REST) {
                part = Part.HEAD;
            }
            out.write(bytes, offset, length);
        }
    }

    private static boolean startsWith(byte[] start, byte[] bytes, int offset, int length) {
        return length >= start.length
                && ByteString.of(bytes, offset, start.length).equals(ByteString.of(start));
    }

    private final class Received extends FilterInputStream {

        /** Received, and to be passed on. */
        private final Buffer ready = new Buffer();
        private final byte[] piece = new byte[PIECE];
        /** Of a head: received, and held. */
        private final Buffer line = new Buffer();
        private boolean isStatusLine = true;
        private boolean isInterim;
        private boolean hasNoBody;
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
                if (part == Part.REST) {
                    return in.read(bytes, offset, length);
                }
                readHead();
            }
            return ready.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            return (int) (ready.size() + line.size()) + in.available();
        }

        private void readHead() throws IOException {
            int count = in.read(piece, 0, PIECE);
            if (count < 0) {
                rest();
            }
            for (int i = 0; i < count; i++) {
                if (part == Part.REST) {
                    ready.write(piece, i, count - i);
                    return;
                }
                head(piece[i]);
            }
        }

        private void head(byte next) {
            boolean isComplete = line.size() > 0 && line.getByte(line.size() - 1) == '\n';
            if (isComplete && (next == ' ' || next == '\t')) {
                unfold();
            } else if (isComplete) {
                passOn();
            }
            line.writeByte(next);
            if (isStatusLine) {
                statusLine(next);
            } else if (next == '\n' && isBlank()) {
                end();
            } else if (line.size() > LONGEST_LINE) {
                rest();
            }
        }

        private void statusLine(byte next) {
            long last = line.size() - 1;
            if (last < VERSION.length && next != VERSION[(int) last]) {
                rest(); // no head of HTTP/1: TLS, or what OkHttp refuses
            } else if (next == '\n') {
                isInterim = line.size() > STATUS && line.getByte(STATUS) == '1';
                hasNoBody = line.rangeEquals(STATUS, NO_CONTENT);
                isStatusLine = false;
                ready.write(line, line.size());
            } else if (last >= LONGEST_LINE) {
                rest();
            }
        }

        private boolean isBlank() {
            return line.size() == 1 || (line.size() == 2 && line.getByte(0) == '\r');
        }

        private void unfold() {
            int end = line.size() > 1 && line.getByte(line.size() - 2) == '\r' ? 2 : 1;
            Buffer joined = new Buffer();
            joined.write(line, line.size() - end);
            line.clear();
            line.write(joined, joined.size());
            for (int i = 0; i < end; i++) {
                line.writeByte(' ');
            }
        }

        private void passOn() {
            if (line.size() > FIELD.length()
                    && line.snapshot(FIELD.length()).utf8().equalsIgnoreCase(FIELD)) {
                ByteString whole = line.snapshot();
                location = percentEncoded(whole.substring(FIELD.length()));
            }
            ready.write(line, line.size());
        }

        /** A head ends with this blank line. Behind an interim one another head follows. */
        private void end() {
            if (!isInterim) {
                if (hasNoBody) {
                    ready.writeUtf8(NO_BODY + ": 0\r\n");
                }
                location.ifPresent(value -> ready.writeUtf8(LOCATION + ": " + value.strip() + "\r\n"));
                part = Part.REST;
            }
            ready.write(line, line.size());
            isStatusLine = true;
            location = Optional.empty();
        }

        /** No more lines of a head. */
        private void rest() {
            ready.write(line, line.size());
            isStatusLine = true;
            location = Optional.empty();
            part = Part.REST;
        }
    }
}
