package fanout.okhttp;

import fanout.zstd.ZstdDecoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Inflater;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.GzipSource;
import okio.InflaterSource;
import okio.Okio;
import okio.Source;

/**
 * A body without its Content-Encoding (RFC 9110, section 8.4). Knows a failure of the network, which is thrown as it
 * is, from one of the decoder above it.
 */
final class DecodedBody extends ForwardingSource {

    private static final Set<String> KNOWN = Set.of("gzip", "x-gzip", "deflate", "br", "zstd");

    private final Network network;
    private final BufferedSource raw;
    private final String encoding;

    private DecodedBody(Source decoded, BufferedSource raw, Network network, String encoding) {
        super(decoded);
        this.raw = raw;
        this.network = network;
        this.encoding = encoding;
    }

    /**
     * @param most decoded bytes that are wanted, and perhaps one more
     * @throws ProtocolException if the encoding is unknown
     */
    static DecodedBody of(Source body, String encoding, long most, AttemptProgress progress, BodyMemory memory)
            throws IOException {
        Network network = new Network(body, progress);
        BufferedSource raw = Okio.buffer((Source) network);
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        Source decoded = KNOWN.contains(name) && raw.exhausted() // servers announce an encoding for empty bodies, too
                ? raw
                : decoded(raw, name, most, memory);
        return new DecodedBody(decoded, raw, network, encoding);
    }

    /** @throws ProtocolException if the body is not encoded that way */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        try {
            return super.read(sink, byteCount);
        } catch (IOException e) {
            throw network.failed || isNoFaultOfTheBody(e) ? e
                    : new ProtocolException("body is not valid " + encoding + ": " + e.getMessage());
        }
    }

    private static boolean isNoFaultOfTheBody(IOException e) {
        return e instanceof InterruptedIOException || e instanceof BodyOverflow;
    }

    /** Whether the network has nothing behind the end of the decoded bytes. */
    boolean isExhausted() throws IOException {
        return raw.exhausted();
    }

    private static Source decoded(BufferedSource raw, String encoding, long most, BodyMemory memory)
            throws IOException {
        return switch (encoding) {
            case "", "identity" -> raw;
            case "gzip", "x-gzip" -> new GzipSource(raw);
            case "deflate" -> new InflaterSource(raw, new Inflater(!hasZlibHeader(raw)));
            case "br" -> new WholeBody(raw, most, memory, Brotli::new);
            case "zstd" -> new WholeBody(raw, most, memory, DecodedBody::zstd);
            default -> throw new ProtocolException("Content-Encoding that was not asked for: " + encoding);
        };
    }

    private static WholeBody.Decoder zstd(Buffer whole, BodyMemory memory) {
        ZstdDecoder decoder = new ZstdDecoder(whole.readByteArray(), memory);
        return (into, length) -> decoder.read(into, 0, length);
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

    /** What OkHttp gives, without HTTP's framing. */
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
