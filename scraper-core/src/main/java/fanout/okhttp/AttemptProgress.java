package fanout.okhttp;

import fanout.fetch.FetchListener;
import fanout.socket.SocketObserver;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How far an attempt has come, as OkHttp's events and the sockets report it: its stage, its connection, when its request was
 * written, what arrived. OkHttp finds it as the request's tag.
 *
 * <p>Confined to the fetching thread, but for {@link #canceled}. (HTTP/2 connections are also used by a thread of OkHttp's,
 * whose sockets report to no attempt.)
 */
final class AttemptProgress extends EventListener implements SocketObserver {

    private final FetchListener listener;
    private final UsedConnection connection;
    private final AttemptTime time;
    private final Ticker ticker;
    private final RequestStamp stamp;
    private final ReceivedBytes received = new ReceivedBytes();

    private @Nullable Stage stage;
    private @Nullable Call call;
    private Optional<IOException> requestFailure = Optional.empty();
    private Optional<ReceivedHead> head = Optional.empty();

    AttemptProgress(FetchListener listener, UsedConnection connection, AttemptTime time, Ticker ticker) {
        this.listener = listener;
        this.connection = connection;
        this.time = time;
        this.ticker = ticker;
        this.stamp = new RequestStamp(listener::requestWritten);
    }

    /** That of the attempt that a request belongs to. */
    static Optional<AttemptProgress> of(Request request) {
        return Optional.ofNullable(request.tag(AttemptProgress.class));
    }

    void enter(Stage next) {
        enter(next, time.deadline());
    }

    void enter(Stage next, Deadline until) {
        if (stage != next) {
            stage = next;
            listener.entered(next, until);
        }
    }

    /** The stage that is waiting. Before the first event, that is the lookup, which a known connection will skip. */
    Stage stage() {
        return stage == null ? Stage.DNS : stage;
    }

    /** The head of the response, once it has arrived. */
    Optional<ReceivedHead> head() {
        return head;
    }

    /** From the request's last byte to the head's. */
    Optional<Duration> latency() {
        return stamp.tellIfEnded().flatMap(written -> head.map(read -> Duration.ofNanos(read.atNanos() - written)));
    }

    /** Why the request could not be sent whole, if it could not. */
    Optional<IOException> requestFailure() {
        return requestFailure;
    }

    /** Whether OkHttp stopped reading because the head was too long, which it reports as an early end of the stream. */
    boolean headTooLong() {
        return stage == Stage.HEADERS && received.fillsAHead();
    }

    UsedConnection connection() {
        return connection;
    }

    /** Whether a connection from the pool took the request and then gave no sign of life: its server had closed it. */
    boolean isStale() {
        return stage == Stage.HEADERS && connection.isReused() && !connection.isShared() && received.isNothing();
    }

    /** A piece of the body has come through the framing. */
    void bodyAdvanced() {
        received.bodyAdvanced();
    }

    @Override
    public void connects(Connecting socket) throws IOException {
        connection.connects(socket, call);
    }

    @Override
    public void wrote() {
        stamp.wrote(ticker.nanos());
    }

    @Override
    public void read(int count) throws ProtocolException {
        if (head.isPresent()) {
            received.body(count);
        } else {
            received.head(count);
        }
    }

    @Override
    public void callStart(Call started) {
        call = started;
    }

    @Override
    public void canceled(Call cancelled) {
        connection.cancelled();
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        enter(Stage.DNS);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connection.isMade();
        enter(Stage.CONNECT);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        connection.agreesOn(protocol);
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connection.acquired(call, acquired);
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        connection.released(call);
    }

    @Override
    public void requestHeadersStart(Call call) {
        enter(Stage.HEADERS);
        stamp.requestBegins();
        received.requestBegins();
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        if (connection.isShared()) {
            stamp.multiplexedRequestEnds(ticker.nanos());
        } else {
            stamp.requestEnds();
        }
    }

    /**
     * An interrupt between the making of an HTTP/2 stream and the flush of its headers leaves the stream behind in OkHttp:
     * the request is sent with the next one's, and the answer is neither read nor reset. The connection takes no more requests
     * then and ends, with that stream, as soon as the others on it have.
     */
    @Override
    public void requestFailed(Call call, IOException failure) {
        requestFailure = Optional.of(failure);
        if (connection.isShared() && !stamp.hasEnded()) {
            connection.retire();
        }
    }

    @Override
    public void responseHeadersStart(Call call) {
        stamp.tellIfEnded();
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        head = Optional.of(ReceivedHead.of(response, ticker.nanos()));
    }
}
