package fanout.internal.http;

import fanout.internal.codec.ZstdDecoder;
import fanout.internal.http.AttemptLimits.BodyMemory;
import fanout.internal.http.AttemptLimits.BodyOverflow;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * A body without its Content-Encoding (RFC 9110, section 8.4): as long as it was announced, and decoded by each of its
 * codings, the last one first. What stands behind the end of an encoded body is read and left out. Tells a failure of
 * the network, which is thrown as it is, from one of a decoder.
 *
 * <p>Source: ADR 0048. Confined to the fetching thread.
 */
final class DecodedBody extends ForwardingSource {

    private static final Set<String> SUPPORTED = Set.of("gzip", "x-gzip", "deflate", "br", "zstd");
    private static final Set<String> NOTHING = Set.of("", "identity");

    /** As many as curl decodes. Servers apply one, and two by mistake. */
    private static final int MOST_CODINGS = 5;

    /** A page that cannot be compressed is a little longer encoded. */
    private static final long MOST_OVERHEAD = 64 << 10;

    private static final long PIECE = 8_192;

    private final Network network;
    private final List<BufferedSource> layers;
    private final List<String> codings;
    private boolean isExhausted;

    private DecodedBody(Source decoded, Network network, List<BufferedSource> layers, List<String> codings) {
        super(decoded);
        this.network = network;
        this.layers = layers;
        this.codings = codings;
    }

    /**
     * Returns the codings of a body that are decoded, in the order in which they were applied.
     *
     * @param encoding the Content-Encoding header, one line
     * @return empty if one of them is not supported: such a body is delivered as it is (Fetch standard, "handle content
     *        codings")
     * @throws ProtocolException if there are too many
     */
    static List<String> codings(String encoding) throws ProtocolException {
        if (encoding.isEmpty()) {
            return List.of();
        }
        List<String> codings = List.of(encoding.split(",", -1))
                .stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !NOTHING.contains(name))
                .toList();
        if (!SUPPORTED.containsAll(codings)) {
            return List.of();
        }
        if (codings.size() > MOST_CODINGS) {
            throw new ProtocolException("Content-Encoding of " + codings.size() + " codings; at most " + MOST_CODINGS
                    + " are decoded");
        }
        return codings;
    }

    /**
     * Opens a body.
     *
     * @param codings as {@link #codings} returns them
     * @param most decoded bytes that are wanted, and perhaps one more
     * @param advanced called when a piece of the body has come through HTTP's framing
     */
    static DecodedBody of(Response response, List<String> codings, long most, Runnable advanced, BodyMemory memory) {
        Network network = new Network(response.body(), ResponseFraming.length(response), advanced);
        List<BufferedSource> layers = new ArrayList<>();
        Source decoded = network;
        for (String coding : codings.reversed()) {
            BufferedSource encoded = Okio.buffer((Source) new Bounded(decoded, most, memory));
            layers.addFirst(encoded);
            decoded = switch (coding) {
                case "gzip", "x-gzip" -> Inflated.gzip(encoded);
                case "deflate" -> Inflated.deflate(encoded);
                case "br" -> new WholeBody(encoded, memory, WholeBody.Brotli::new);
                default -> new WholeBody(encoded, memory, DecodedBody::zstd);
            };
        }
        return new DecodedBody(decoded, network, layers, codings);
    }

    /** @throws ProtocolException if the body is not encoded that way, or not as long as announced */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        try {
            long count = super.read(sink, byteCount);
            if (count < 0) {
                passOverTheRest();
                isExhausted = true;
            }
            return count;
        } catch (IOException e) {
            throw network.failed || isNoFaultOfTheBody(e) ? e
                    : new ProtocolException(
                            "body is not valid " + String.join(", ", codings) + ": "
                                    + (e instanceof EOFException ? "cut short" : e.getMessage()));
        }
    }

    private static boolean isNoFaultOfTheBody(IOException e) {
        return e instanceof InterruptedIOException || e instanceof BodyOverflow;
    }

    /** Reads each layer to its end, the decoded ones first: only then is the body known to be whole. */
    private void passOverTheRest() throws IOException {
        Buffer rest = new Buffer();
        for (BufferedSource layer : layers) {
            while (layer.read(rest, PIECE) >= 0) {
                rest.clear();
            }
        }
    }

    /** Whether the response has been read to its end. */
    boolean isExhausted() {
        return isExhausted && !network.isLeftOpen;
    }

    private static WholeBody.Decoder zstd(Buffer whole, BodyMemory memory) {
        ZstdDecoder decoder = new ZstdDecoder(whole.readByteArray(), memory);
        return (into, length) -> decoder.hasOnlyForeignBytesLeft() ? -1 : decoder.read(into, 0, length);
    }

    /** What OkHttp gives, without HTTP's framing. */
    private static final class Network extends ForwardingSource {

        private final long length;
        private final Runnable advanced;
        /** OkHttp does not know the length, and would read to the end of the connection. */
        private final boolean endsHere;
        private long received;
        private boolean failed;
        private boolean isLeftOpen;

        Network(ResponseBody body, long length, Runnable advanced) {
            super(body.source());
            this.length = length;
            this.advanced = advanced;
            this.endsHere = length >= 0 && body.contentLength() < 0;
        }

        /** @throws ProtocolException if the body is not as long as announced */
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            if (endsHere && received == length) {
                isLeftOpen = true;
                return -1;
            }
            boolean returned = false;
            try {
                long count = super.read(sink, endsHere ? Math.min(byteCount, length - received) : byteCount);
                advanced.run();
                if (count >= 0) {
                    received += count;
                } else if (length >= 0 && received != length) {
                    throw new ProtocolException(
                            "Content-Length is " + length + ", but the body has " + received + " bytes");
                }
                returned = true;
                return count;
            } finally {
                failed |= !returned;
            }
        }
    }

    /**
     * An encoded body. A longer one than what is decoded from it may be, and a little, is no better than a longer page.
     */
    private static final class Bounded extends ForwardingSource {

        private final long most;
        private final BodyMemory memory;
        private long left;

        Bounded(Source encoded, long most, BodyMemory memory) {
            super(encoded);
            this.most = most;
            this.memory = memory;
            this.left = most + MOST_OVERHEAD;
        }

        /** @throws BodyOverflow if it is too long */
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            memory.requireTime(); // a layer within others is decoded without a read of the network
            long count = super.read(sink, byteCount);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new BodyOverflow(most, false);
            }
            return count;
        }
    }
}
