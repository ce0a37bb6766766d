package fanout.okhttp;

import fanout.fetch.ActiveConnections;
import fanout.fetch.FetchListener;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.socket.ConnectingSocket;
import fanout.socket.SocketObservation;
import fanout.socket.SocketObserver;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.connection.RealConnection;
import org.jspecify.annotations.Nullable;

/**
 * One attempt in progress, as OkHttp's events and the sockets report it: which stage it is in, when its request was written,
 * what arrived. OkHttp finds it as the request's tag.
 *
 * <p>Confined to the fetching thread, but for {@link #canceled}. (HTTP/2 connections are also used by a thread of OkHttp's,
 * whose sockets report to no attempt.)
 */
final class HttpAttempt extends EventListener implements SocketObserver {

    /** OkHttp's limit for the lines of a response's head, together. */
    private static final long MOST_HEADER_BYTES = 256 << 10;

    /** For the sizes, extensions and trailers of chunks between two pieces of a body. Less than OkHttp's limit for trailers. */
    private static final long MOST_FRAMING_BYTES = 128 << 10;

    /** Longer ones are not kept: results wait in a queue, and URLs that failed for a retry. */
    private static final int LONGEST_VALUE = 1_024;

    private final FetchListener listener;
    private final ActiveConnections connections;
    private final Ticker ticker;
    private final Instant startedAt;
    private final long startedNanos;
    private final RequestStamp stamp;

    private final Connecting connecting = new Connecting();

    private @Nullable Stage stage;
    private @Nullable Call call;
    private @Nullable Connection connection;
    private Optional<String> ip = Optional.empty();
    private Optional<IOException> requestFailure = Optional.empty();
    private Optional<Long> headersRead = Optional.empty();
    private long bytesSinceRequest;
    private long bytesBetweenBody;
    private boolean connects;
    private boolean interruptTaken;
    private Headers headers = Headers.EMPTY;
    private Optional<ResponseHead> head = Optional.empty();

    HttpAttempt(FetchListener listener, ActiveConnections connections, Ticker ticker) {
        this.listener = listener;
        this.connections = connections;
        this.ticker = ticker;
        this.startedAt = ticker.now();
        this.startedNanos = ticker.nanos();
        this.stamp = new RequestStamp(listener::requestWritten);
    }

    /** Runs the part of the attempt that uses sockets. */
    <R, X extends Throwable> R run(ScopedValue.CallableOp<? extends R, X> action) throws X {
        return SocketObservation.by(this, action);
    }

    /** The attempt that a request belongs to. */
    static Optional<HttpAttempt> of(Request request) {
        return Optional.ofNullable(request.tag(HttpAttempt.class));
    }

    /** A request with this attempt as its tag. */
    Request tagged(Request.Builder request) {
        return request.tag(HttpAttempt.class, this).build();
    }

    void enter(Stage next) {
        if (stage != next) {
            stage = next;
            listener.entered(next);
        }
    }

    /** The stage that is waiting. Before the first event, that is the lookup, which a known connection will skip. */
    Stage stage() {
        return stage == null ? Stage.DNS : stage;
    }

    /** The head of the response, once it has arrived. */
    Optional<ResponseHead> head() {
        return head;
    }

    /** Why the request could not be sent whole, if it could not. */
    Optional<IOException> requestFailure() {
        return requestFailure;
    }

    Headers headers() {
        return headers;
    }

    /** Whether OkHttp stopped reading because the head was too long, which it reports as an early end of the stream. */
    boolean headTooLong() {
        return stage == Stage.HEADERS && bytesSinceRequest >= MOST_HEADER_BYTES;
    }

    /** The attempt, ended now. */
    Attempt ended() {
        Optional<Duration> latency = stamp.settle()
                .flatMap(written -> headersRead.map(read -> Duration.ofNanos(read - written)));
        return new Attempt(startedAt, Duration.ofNanos(ticker.nanos() - startedNanos), latency, head, ip);
    }

    /** This socket is about to connect; throws if the call was cancelled. */
    @Override
    public void connects(ConnectingSocket socket) throws IOException {
        connecting.begins(socket, call);
    }

    @Override
    public void canceled(Call cancelled) {
        connecting.cancelled();
    }

    /** A socket took bytes from this thread. */
    @Override
    public void wrote() {
        stamp.wrote(ticker.nanos());
    }

    /**
     * A socket gave bytes to this thread. Of a body some must be its own: OkHttp keeps all of a chunk's size, however many
     * digits or extensions it has, and would fill the memory with it. That holds for bodies that are read only to keep their
     * connection, too.
     */
    @Override
    public void read(int count) throws ProtocolException {
        bytesSinceRequest += Math.max(0, count);
        bytesBetweenBody += head.isPresent() ? Math.max(0, count) : 0;
        if (bytesBetweenBody > MOST_FRAMING_BYTES) {
            throw new ProtocolException("more than 128 KiB between two pieces of the body");
        }
    }

    /** A piece of the body has come through the framing. */
    void bodyAdvanced() {
        bytesBetweenBody = 0;
    }

    /**
     * Cancels the call, before its response is closed. Keeps the thread's interrupt until {@link #restoreInterrupt}: an
     * interrupted thread cannot write, and closing an HTTP/2 response writes to the server that no more of it is wanted.
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

    @Override
    public void callStart(Call started) {
        call = started;
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        enter(Stage.DNS);
    }

    /** Whether a connection from the pool took the request and then gave no sign of life: its server had closed it. */
    boolean isStale() {
        return !connects && stage == Stage.HEADERS && bytesSinceRequest == 0 && !isMultiplexed();
    }

    /** Whether the request goes over a connection from the pool. */
    boolean reuses() {
        return !connects;
    }

    /** The connection from the pool turned out to be of no use before the request was written: it {@linkplain #isStale is stale}. */
    void foundUseless() {
        enter(Stage.HEADERS);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connects = true;
        enter(Stage.CONNECT);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        connecting.agrees(protocol == Protocol.HTTP_1_1 || protocol == Protocol.HTTP_1_0);
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connecting.ends();
        connections.acquired(call, () -> acquired + " for " + call.request().url());
        connection = acquired;
        InetAddress address = acquired.route().socketAddress().getAddress();
        ip = Optional.ofNullable(address).map(InetAddress::getHostAddress);
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        connections.released(call);
    }

    @Override
    public void requestHeadersStart(Call call) {
        enter(Stage.HEADERS);
        stamp.requestBegins();
        bytesSinceRequest = 0;
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        if (isMultiplexed()) {
            stamp.multiplexedRequestEnds(ticker.nanos());
        } else {
            stamp.requestEnds();
        }
    }

    /**
     * An interrupt between the making of an HTTP/2 stream and the flush of its headers leaves the stream behind in OkHttp:
     * the request is sent with the next one's, and nobody reads or resets the answer. The connection takes no more requests
     * then and ends, stream and all, as soon as the others on it have.
     */
    @Override
    public void requestFailed(Call call, IOException failure) {
        requestFailure = Optional.of(failure);
        if (!stamp.hasEnded() && isMultiplexed() && connection instanceof RealConnection real) {
            real.noNewExchanges();
        }
    }

    private boolean isMultiplexed() {
        return connection != null && connection.protocol() != Protocol.HTTP_1_1
                && connection.protocol() != Protocol.HTTP_1_0;
    }

    @Override
    public void responseHeadersStart(Call call) {
        stamp.settle();
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        headersRead = Optional.of(ticker.nanos());
        headers = response.headers();
        head = Optional.of(new ResponseHead(response.code(), mediaType(response.header("Content-Type", "")),
                value(response, "ETag"), value(response, "Last-Modified")));
    }

    private static Optional<String> value(Response response, String header) {
        return Optional.ofNullable(response.header(header)).filter(value -> value.length() <= LONGEST_VALUE);
    }

    private static Optional<String> mediaType(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType;
        int end = type.indexOf(';');
        String name = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return name.isEmpty() || name.length() > LONGEST_VALUE ? Optional.empty() : Optional.of(name);
    }
}
