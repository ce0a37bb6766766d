package fanout.socket;

import fanout.task.Ticker;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Makes guarded sockets, unconnected: OkHttp connects them itself. Thread-safe. */
public final class GuardedSocketFactory extends SocketFactory {

    private final AddressPolicy policy;
    private final Ticker ticker;

    public GuardedSocketFactory(AddressPolicy policy, Ticker ticker) {
        this.policy = policy;
        this.ticker = ticker;
    }

    @Override
    public Socket createSocket() {
        return new GuardedSocket(policy, ticker);
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
