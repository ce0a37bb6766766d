package fanout.internal.http;

import fanout.internal.fetch.ActiveConnections;
import fanout.internal.fetch.FetchListener;
import fanout.internal.task.Ticker;
import fanout.outcome.Stage;
import fanout.url.AddressName;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of OkHttp's, in the order in which it happens: a connection is taken from the pool or made, the request is
 * written, the head arrives, the body is read as far as it is wanted. Learns of it from OkHttp's events, from the
 * sockets, and as the innermost interceptor ({@link #proceed}). OkHttp finds it as the request's tag.
 *
 * <p>Confined to the fetching thread, except {@link #canceled}. (HTTP/2 connections are also used by a thread of
 * OkHttp's, whose sockets report to no exchange.)
 */
final class HttpExchange extends EventListener implements SocketObserver {

    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

    /** OkHttp's limit for the lines of a response's head, together. */
    private static final long MAX_HEAD_BYTES = 256 << 10;
    /**
     * For the sizes, extensions and trailers of chunks between two pieces of a body. Less than OkHttp's limit for
     * trailers.
     */
    private static final long MAX_FRAMING_BYTES = 128 << 10;
    private static final long PIECE = 8_192;
    private static final long WORTH_DISCARDING = 64 << 10;

    private final AttemptLimits limits;
    private final FetchListener listener;
    private final ActiveConnections active;
    private final OkHttpInternals internals;
    private final Ticker ticker;

    private @Nullable Call call;
    private boolean interruptTaken;

    private volatile @Nullable Connecting connecting;
    private boolean isNew;
    private @Nullable Connection connection;

    private boolean requestHasBegun;
    private boolean requestHasEnded;
    private boolean isWritten;
    private @Nullable Long lastWrite;
    private @Nullable IOException requestFailure;

    private @Nullable ReceivedHead head;
    private long receivedSinceRequest;
    private long receivedSinceBody;

    HttpExchange(AttemptLimits limits, FetchListener listener, ActiveConnections active, OkHttpInternals internals,
            Ticker ticker) {
        this.limits = limits;
        this.listener = listener;
        this.active = active;
        this.internals = internals;
        this.ticker = ticker;
    }

    /** Returns the exchange that a request belongs to. */
    static Optional<HttpExchange> of(Request request) {
        return Optional.ofNullable(request.tag(HttpExchange.class));
    }

    /** Sends a request, and waits for the head of the response. */
    Response execute(OkHttpClient client, Request.Builder request) throws IOException {
        Call made = client.newCall(request.tag(HttpExchange.class, this).build());
        call = made;
        limits.begin(made);
        return made.execute();
    }

    /**
     * Cancels the call, before its response is closed. Keeps the thread's interrupt until {@link #restoreInterrupt}: an
     * interrupted thread cannot write, and closing an HTTP/2 response writes to the server that no more of it is
     * wanted.
     */
    void giveUp() {
        interruptTaken |= Thread.interrupted();
        if (call != null) {
            call.cancel();
        }
    }

    void restoreInterrupt() {
        if (interruptTaken) {
            Thread.currentThread().interrupt();
        }
    }

    // The connection.

    @Override
    public void dnsStart(Call call, String domainName) {
        limits.enter(Stage.DNS);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        isNew = true;
        limits.enter(Stage.CONNECT);
    }

    /**
     * Notes the socket, so that a cancellation can close it at any moment.
     *
     * <p>OkHttp (5.5.1) misses a cancellation that falls just before the connect, or between TCP and TLS or a proxy's
     * tunnel; the connect or handshake would then wait for ever, as no step has a timeout of its own. Here the
     * connecting thread notes its socket first and looks for the cancellation second, and the cancelling thread has
     * marked the call first and looks for a socket second. The call's mark and the field are volatile, so one of the
     * two sees the other.
     */
    @Override
    public void connects(Connecting socket) throws IOException {
        connecting = socket;
        if (call != null && call.isCanceled()) {
            throw new SocketException("cancelled before connecting");
        }
    }

    /**
     * The call is cancelled: by its own thread, by the watchdog of its deadline, or by the thread that closes the
     * fetcher.
     */
    @Override
    public void canceled(Call cancelled) {
        Connecting open = connecting;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing a socket that was connecting", e); // It is closed all the same.
            }
        }
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        Connecting open = connecting;
        if (open != null && isHttp1(protocol)) {
            open.carriesOneRequestAtATime();
        }
    }

    /** The connection is OkHttp's, which closes it when it must; others may share it. */
    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connecting = null;
        active.acquired(call, () -> acquired + " for " + call.request().url());
        connection = acquired;
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        active.released(call);
    }

    /** Whether others use the connection at the same time: HTTP/2. */
    private boolean isShared() {
        return connection != null && !isHttp1(connection.protocol());
    }

    private static boolean isHttp1(@Nullable Protocol protocol) {
        return protocol == Protocol.HTTP_1_1 || protocol == Protocol.HTTP_1_0;
    }

    /**
     * Whether a connection from the pool took the request and then gave no sign of life: its server had closed it.
     */
    boolean isStale() {
        return limits.isIn(Stage.HEADERS) && !isNew && !isShared() && receivedSinceRequest == 0;
    }

    Optional<String> ip() {
        InetAddress address = connection == null ? null : connection.route().socketAddress().getAddress();
        return Optional.ofNullable(address).map(AddressName::of);
    }

    // The request.

    /**
     * Sends a request over its connection as the innermost interceptor, which takes four decisions out of OkHttp's
     * hands (seen in 5.5.1).
     *
     * <p>OkHttp takes bytes that a connection holds before a request is sent for the answer to it. Here they make the
     * connection as useless as if the server had closed it.
     *
     * <p>When a request could not be sent whole (reset by the server, or cancelled) but an answer came all the same,
     * OkHttp delivers the answer, never marks the request as done, and so keeps the connection for ever. The answer is
     * dropped here: after an exception OkHttp releases everything. What {@link ResponseFraming} refuses ends the same
     * way.
     *
     * <p>OkHttp keeps the connection of an HTTP/1.0 server, which closes it behind its answer unless it says otherwise.
     * The next request would go to a closed connection, and the host would be left alone for another delay.
     *
     * <p>OkHttp acts on some statuses by itself: it repeats a 503 with {@code Retry-After: 0} at once, and fails on a
     * 407. Above this interceptor they are all 500; the exchange knows the real one.
     */
    static Response proceed(Interceptor.Chain chain, OkHttpInternals internals) throws IOException {
        HttpExchange exchange = chain.request().tag(HttpExchange.class);
        Connection connection = chain.connection();
        if (connection != null && exchange != null && !exchange.isNew && internals.hasUnreadBytes(chain)) {
            internals.retire(connection);
            exchange.limits.enter(Stage.HEADERS); // where a connection that its server has closed fails
            throw new EOFException("bytes that no request asked for");
        }
        Response response = chain.proceed(chain.request());
        IOException unsent = exchange == null ? null : exchange.requestFailure;
        if (unsent != null) {
            chain.call().cancel();
            response.close();
            throw unsent;
        }
        ResponseFraming.check(response);
        if (connection != null && ResponseFraming.endsConnection(response)) {
            internals.endAfterAnswer(connection);
        }
        Optional<BufferedSource> chunked =
                response.header("Transfer-Encoding") == null || chain.request().method().equals("HEAD")
                        ? Optional.empty() // the body, if a HEAD asked for it, is not there
                        : internals.bytesOf(chain);
        ResponseBody body = response.body();
        BufferedSource source = chunked.map(bytes -> ResponseFraming.wholeChunks(body, bytes)).orElse(body.source());
        int status = switch (response.code()) {
            case 401, 407, 408, 421, 503 -> 500;
            default -> response.code();
        };
        // No media type: OkHttp reads it by a regular expression for each response, and ReceivedHead by itself.
        ResponseBody untyped = ResponseBody.Companion.create(source, null, body.contentLength());
        return response.newBuilder().code(status).body(untyped).build();
    }

    /** Whether anything of the request may have been written. */
    boolean requestHasBegun() {
        return requestHasBegun;
    }

    @Override
    public void requestHeadersStart(Call call) {
        limits.enter(Stage.HEADERS);
        requestHasBegun = true;
        receivedSinceRequest = 0;
    }

    @Override
    public void wrote() {
        if (requestHasBegun && !isWritten) {
            lastWrite = ticker.nanos();
            reportIfWritten();
        }
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        if (request.body() == null) {
            requestEnded();
        }
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        requestEnded();
    }

    private void requestEnded() {
        requestHasEnded = true;
        if (isShared() && !isWritten) {
            lastWrite = ticker.nanos();
            reportIfWritten();
        }
    }

    /**
     * Reports once the moment in which the request's last byte was handed to the operating system: never early, because
     * the host's delay counts from it.
     *
     * <p>HTTP/1: OkHttp collects the request in a buffer of 8 KiB, which it empties when full and flushes at the end;
     * the first write after the end carries the last byte. If the buffer was emptied by that very byte there is no such
     * write, and the last write before did; the head shows that.
     *
     * <p>HTTP/2: the request was flushed when OkHttp says that it ended, by this thread or by another one that held the
     * connection's lock; so only this moment is certainly not too early.
     */
    private void reportIfWritten() {
        if (!isWritten && requestHasEnded && lastWrite != null) {
            isWritten = true;
            listener.requestWritten(lastWrite);
        }
    }

    /**
     * An interrupt between the making of an HTTP/2 stream and the flush of its headers leaves the stream behind in
     * OkHttp: the request is sent with the next one's, and the answer is neither read nor reset. The connection takes
     * no more requests then and ends, with that stream, as soon as the others on it have.
     */
    @Override
    public void requestFailed(Call call, IOException failure) {
        requestFailure = failure;
        if (connection != null && isShared() && !requestHasEnded) {
            internals.retire(connection);
        }
    }

    // The head.

    @Override
    public void responseHeadersStart(Call call) {
        reportIfWritten();
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        head = ReceivedHead.of(response, ticker.nanos());
    }

    /** The head of the response, once it has arrived. */
    Optional<ReceivedHead> head() {
        return Optional.ofNullable(head);
    }

    /** From the request's last byte to the head's. */
    Optional<Duration> latency() {
        reportIfWritten();
        return isWritten && lastWrite != null && head != null
                ? Optional.of(Duration.ofNanos(head.atNanos() - lastWrite))
                : Optional.empty();
    }

    /**
     * Whether OkHttp stopped reading because the head was too long, which it reports as an early end of the stream.
     */
    boolean headTooLong() {
        return limits.isIn(Stage.HEADERS) && receivedSinceRequest >= MAX_HEAD_BYTES;
    }

    // The body.

    /**
     * Counts what a socket gave. Of a body some bytes must be its own: OkHttp keeps all of a chunk's size line, however
     * long it is, and a server that never ends it would fill the memory. That holds for bodies, too, that are read only
     * to keep their connection.
     */
    @Override
    public void read(int count) throws ProtocolException {
        receivedSinceRequest += Math.max(0, count);
        if (head != null) {
            receivedSinceBody += Math.max(0, count);
            if (receivedSinceBody > MAX_FRAMING_BYTES) {
                throw new ProtocolException("more than 128 KiB between two pieces of the body");
            }
        }
    }

    /** A piece of the body has come through the framing. */
    private void bodyAdvanced() {
        receivedSinceBody = 0;
    }

    /**
     * Reads a body, decoded; or its first {@code most} bytes and one more, if it is longer: a small file that unpacks
     * to gigabytes costs no more than any other.
     *
     * <p>Closing an OkHttp body reads on for up to 100 ms to find its end. So a body that is not read to its end is
     * given up first.
     *
     * @param codings those of the body, see {@link DecodedBody#codings}
     * @param memory takes each piece that arrives
     * @throws ProtocolException if the body is not encoded that way, or not as long as announced
     * @throws IOException if the network failed, or a wait for memory
     */
    Buffer body(Response response, List<String> codings, long most, AttemptLimits.BodyMemory memory)
            throws IOException {
        boolean isComplete = false;
        try (DecodedBody decoded = DecodedBody.of(response, codings, most, this::bodyAdvanced, memory)) {
            try {
                Buffer out = new Buffer();
                long count = 0;
                while (count >= 0 && out.size() <= most) {
                    count = decoded.read(out, Math.min(PIECE, most + 1 - out.size()));
                    if (count > 0) {
                        memory.buffered(count);
                    }
                }
                isComplete = decoded.isExhausted();
                return out;
            } finally {
                if (!isComplete) {
                    giveUp();
                }
            }
        }
    }

    /**
     * Has a body written to a file, decoded, as it arrives.
     *
     * @param codings as in {@link #body}
     * @param memory of a decoder that needs the whole body
     * @return false if it is longer than {@code most}; it is given up then
     * @throws IOException as {@link #body}
     * @throws fanout.internal.fetch.BodyFiles.NotKeptException if the disk fails
     */
    boolean bodyTo(BodyToFile file, Response response, List<String> codings, long most,
            AttemptLimits.BodyMemory memory) throws IOException {
        boolean isComplete = false;
        try (DecodedBody decoded = DecodedBody.of(response, codings, most, this::bodyAdvanced, memory)) {
            try {
                Buffer waiting = new Buffer();
                long count = 0;
                while (count >= 0 && file.length(waiting) <= most) {
                    file.take(waiting);
                    count = decoded.read(waiting, PIECE);
                }
                if (file.length(waiting) > most) {
                    return false;
                }
                file.drain(waiting);
                isComplete = decoded.isExhausted();
                return true;
            } finally {
                if (!isComplete) {
                    giveUp();
                }
            }
        }
    }

    /**
     * Reads on to the end of a short body, so that its connection can carry the next request; gives up any other.
     */
    void discard(ResponseBody body, boolean evenOfUnknownLength) {
        long length = body.contentLength();
        boolean worthIt = length < 0 ? evenOfUnknownLength : length <= WORTH_DISCARDING;
        if (!worthIt || !endsSoon(body.source())) {
            giveUp();
        }
    }

    private static boolean endsSoon(BufferedSource source) {
        source.timeout().deadline(100, TimeUnit.MILLISECONDS);
        try {
            Buffer piece = new Buffer();
            long left = WORTH_DISCARDING;
            long count = 0;
            while (count >= 0 && left >= 0) {
                count = source.read(piece, PIECE);
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
