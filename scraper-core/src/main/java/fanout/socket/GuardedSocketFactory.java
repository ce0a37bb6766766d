package fanout.socket;

import fanout.task.Ticker;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/** Makes guarded sockets, unconnected: OkHttp connects them itself. Thread-safe. */
public final class GuardedSocketFactory extends SocketFactory {

    private final AddressPolicy policy;
    private final Ticker ticker;
    private final Supplier<ConnectionFilter> filters;

    /** Creates a factory of sockets without a filter. */
    public GuardedSocketFactory(AddressPolicy policy, Ticker ticker) {
        this(policy, ticker, () -> ConnectionFilter.NONE);
    }

    /** @param filters gives each socket its own */
    public GuardedSocketFactory(AddressPolicy policy, Ticker ticker, Supplier<ConnectionFilter> filters) {
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
        throw connectsItself();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connectsItself();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connectsItself();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connectsItself();
    }

    private static UnsupportedOperationException connectsItself() {
        return new UnsupportedOperationException("OkHttp connects its sockets itself");
    }
}
