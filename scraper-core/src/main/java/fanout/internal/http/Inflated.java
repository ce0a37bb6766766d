package fanout.internal.http;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import okio.Buffer;
import okio.BufferedSource;
import okio.InflaterSource;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A body in gzip or deflate, decoded as it arrives. Gzip may consist of several members, one behind another; what
 * stands behind the last member, or behind the end of deflate, is left unread, as gzip(1) and browsers leave it.
 * (Okio's {@code GzipSource} refuses both.) Each member must be whole: its length and checksum are compared.
 *
 * <p>Source: RFC 1952; RFC 1950, section 2.2. Confined to the fetching thread.
 */
final class Inflated implements Source {

    private static final int MAGIC = 0x1F8B;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;

    private final BufferedSource encoded;
    private final boolean isGzip;
    private final CRC32 checksum = new CRC32();
    private final Buffer piece = new Buffer();
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private @Nullable Inflater inflater;
    private @Nullable InflaterSource member;
    private boolean hasEnded;

    private Inflated(BufferedSource encoded, boolean isGzip) {
        this.encoded = encoded;
        this.isGzip = isGzip;
    }

    static Inflated gzip(BufferedSource encoded) {
        return new Inflated(encoded, true);
    }

    /**
     * Decodes deflate with zlib's header or without it: RFC 9110, section 8.4.1.2, notes that some servers omit it.
     */
    static Inflated deflate(BufferedSource encoded) {
        return new Inflated(encoded, false);
    }

    /** @throws IOException if the body is not encoded that way */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (member == null && encoded.exhausted()) {
            hasEnded = true; // servers announce an encoding for empty bodies, too
        }
        while (!hasEnded) {
            InflaterSource from = member == null ? begin() : member;
            member = from;
            long count = from.read(piece, byteCount);
            if (count >= 0) {
                addToChecksum();
                sink.write(piece, count);
                return count;
            }
            end();
        }
        return -1;
    }

    private InflaterSource begin() throws IOException {
        if (isGzip) {
            readHeader();
        }
        Inflater from = inflater;
        if (from == null) {
            from = new Inflater(isGzip || !hasZlibHeader());
            inflater = from;
        } else {
            from.reset();
        }
        return new InflaterSource(encoded, from);
    }

    private void end() throws IOException {
        if (inflater != null && !inflater.finished()) {
            throw new ProtocolException("a dictionary is needed");
        }
        if (isGzip) {
            requireEqual(encoded.readIntLe(), (int) checksum.getValue(), "checksum");
            requireEqual(encoded.readIntLe(), inflater == null ? 0 : (int) inflater.getBytesWritten(), "length");
        }
        hasEnded = !isGzip || !beginsAnotherMember();
        member = null;
    }

    private static void requireEqual(int expected, int actual, String what) throws ProtocolException {
        if (expected != actual) {
            throw new ProtocolException("wrong " + what);
        }
    }

    private boolean beginsAnotherMember() throws IOException {
        if (!encoded.request(3)) {
            return false;
        }
        Buffer next = encoded.getBuffer();
        return ((next.getByte(0) & 0xFF) << 8 | (next.getByte(1) & 0xFF)) == MAGIC && next.getByte(2) == DEFLATE;
    }

    private void readHeader() throws IOException {
        if (!beginsAnotherMember()) {
            throw new ProtocolException("no member of gzip");
        }
        checksum.reset();
        for (int i = 0; i < 3; i++) {
            next();
        }
        int flags = next();
        for (int i = 4; i < 10; i++) {
            next();
        }
        if ((flags & EXTRA) != 0) {
            int length = next() | next() << 8;
            for (int i = 0; i < length; i++) {
                next();
            }
        }
        skipText(flags & NAME);
        skipText(flags & COMMENT);
        if ((flags & HEADER_CHECKSUM) != 0) {
            requireEqual(encoded.readShortLe() & 0xFFFF, (int) checksum.getValue() & 0xFFFF, "checksum of the header");
        }
        checksum.reset();
    }

    private void skipText(int flag) throws IOException {
        if (flag != 0) {
            int c = next();
            while (c != 0) {
                c = next();
            }
        }
    }

    private int next() throws IOException {
        int value = encoded.readByte() & 0xFF;
        checksum.update(value);
        return value;
    }

    private void addToChecksum() {
        if (isGzip) {
            try (Buffer.UnsafeCursor bytes = piece.readUnsafe(cursor)) {
                while (bytes.next() >= 0) {
                    checksum.update(bytes.data, bytes.start, bytes.end - bytes.start);
                }
            }
        }
    }

    private boolean hasZlibHeader() throws IOException {
        if (!encoded.request(2)) {
            return false;
        }
        int method = encoded.getBuffer().getByte(0) & 0xFF;
        int flags = encoded.getBuffer().getByte(1) & 0xFF;
        return (method & 0x0F) == DEFLATE && (method << 8 | flags) % 31 == 0;
    }

    @Override
    public Timeout timeout() {
        return encoded.timeout();
    }

    @Override
    public void close() throws IOException {
        try {
            if (inflater != null) {
                inflater.end();
            }
        } finally {
            encoded.close();
        }
    }
}
