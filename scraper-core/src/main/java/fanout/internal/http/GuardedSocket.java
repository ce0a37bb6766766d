package fanout.internal.http;

import fanout.internal.task.Ticker;
import fanout.url.AddressName;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A socket that connects to allowed addresses only, reports to the calling thread's {@link SocketObserver} what it
 * wrote and read, and notices that the server closed it while it was idle.
 *
 * <p>The address is checked here because every connection passes this place: to an address in a URL, to a name that
 * resolves differently the second time, to a redirect's target.
 *
 * <p>As thread-safe as {@link Socket}.
 */
final class GuardedSocket extends Socket implements SocketObserver.Connecting {

    private static final ScopedValue<SocketObserver> OBSERVER = ScopedValue.newInstance();

    /** Shorter pauses are not worth the millisecond that a look at the socket takes. */
    private static final long IDLE_NANOS = Duration.ofMillis(100).toNanos();

    private final AddressPolicy policy;
    private final Ticker ticker;
    private final ConnectionFilter filter;
    private volatile boolean exclusive;
    private volatile long usedAt;
    /** A socket that is read, or looked at, is not idle. */
    private volatile boolean isBusy;

    private @Nullable InputStream input;
    private @Nullable OutputStream output;

    private GuardedSocket(AddressPolicy policy, Ticker ticker, ConnectionFilter filter) {
        super(Proxy.NO_PROXY); // Otherwise Java takes a SOCKS proxy from its system properties.
        this.policy = policy;
        this.ticker = ticker;
        this.filter = filter;
        this.usedAt = ticker.nanos();
    }

    /**
     * Returns a factory of guarded sockets that are not connected.
     *
     * @param filters gives each socket its own
     */
    public static SocketFactory factory(AddressPolicy policy, Ticker ticker, Supplier<ConnectionFilter> filters) {
        return new Factory(policy, ticker, filters);
    }

    /**
     * Runs an action whose sockets report to an observer. The binding ends with the action and cannot leak. Sockets
     * that a thread of the HTTP client uses, as with HTTP/2, have no observer.
     */
    public static <R, X extends Throwable> R observedBy(SocketObserver observer,
            ScopedValue.CallableOp<? extends R, X> action) throws X {
        return ScopedValue.where(OBSERVER, observer).call(action);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!(endpoint instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            throw new UnknownHostException("not a resolved address: " + endpoint);
        }
        if (!policy.allows(inet.getAddress())) {
            throw new AddressRefused(AddressName.of(inet.getAddress()), inet.getAddress());
        }
        if (OBSERVER.isBound()) {
            OBSERVER.get().connects(this);
        }
        super.connect(endpoint, timeoutMillis);
        // A request longer than OkHttp's buffer goes out in two writes, and Nagle would hold the second one for 40 ms.
        setTcpNoDelay(true);
    }

    /** TLS begins: what is sent and received is for it alone. */
    void carriesTls() {
        filter.end();
    }

    @Override
    public void carriesOneRequestAtATime() {
        exclusive = true;
    }

    /**
     * Whether the socket is closed, by either side. OkHttp asks this before it reuses a connection, but looks for the
     * server's close only before requests other than GET. Without this look, the first request after each idle time
     * fails at a host that closes its connections sooner than the job's delay.
     */
    @Override
    public boolean isClosed() {
        boolean idle = exclusive && !isBusy && ticker.nanos() - usedAt > IDLE_NANOS;
        return super.isClosed() || (idle && closedByPeer());
    }

    /** An idle HTTP/1 connection has nothing to read: a byte makes it as useless as the end of the stream does. */
    private boolean closedByPeer() {
        isBusy = true; // The methods called here ask isClosed in their turn.
        try {
            int timeout = getSoTimeout();
            setSoTimeout(1);
            try {
                super.getInputStream().read();
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            } finally {
                setSoTimeout(timeout);
            }
        } catch (IOException e) {
            return true;
        } finally {
            usedAt = ticker.nanos();
            isBusy = false;
        }
    }

    /**
     * One stream for all callers, because a filter has state. The first call comes from the thread that connects.
     */
    @Override
    public InputStream getInputStream() throws IOException {
        if (input == null) {
            input = filter.received(new Input(super.getInputStream()));
        }
        return input;
    }

    /** As {@link #getInputStream}. */
    @Override
    public OutputStream getOutputStream() throws IOException {
        if (output == null) {
            output = filter.sent(new Output(super.getOutputStream()));
        }
        return output;
    }

    private final class Input extends FilterInputStream {

        Input(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            isBusy = true;
            try {
                int count = super.read(bytes, offset, length);
                if (OBSERVER.isBound()) {
                    OBSERVER.get().read(count);
                }
                return count;
            } finally {
                usedAt = ticker.nanos();
                isBusy = false;
            }
        }
    }

    private static final class Output extends FilterOutputStream {

        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            if (OBSERVER.isBound()) {
                OBSERVER.get().wrote();
            }
        }
    }

    static UnsupportedOperationException connectedByOkHttp() {
        return new UnsupportedOperationException("OkHttp connects its sockets itself");
    }

    private static final class Factory extends SocketFactory {

        private final AddressPolicy policy;
        private final Ticker ticker;
        private final Supplier<ConnectionFilter> filters;

        Factory(AddressPolicy policy, Ticker ticker, Supplier<ConnectionFilter> filters) {
            this.policy = policy;
            this.ticker = ticker;
            this.filters = filters;
        }

        @Override
        public Socket createSocket() {
            return new GuardedSocket(policy, ticker, filters.get());
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw connectedByOkHttp();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw connectedByOkHttp();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw connectedByOkHttp();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw connectedByOkHttp();
        }
    }
}
