package fanout.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Listens on every address of this machine, {@code ::1} included, and knows whether anybody has ever connected. */
final class Trap implements AutoCloseable {

    private final List<ServerSocket> listeners = new ArrayList<>();

    Trap() {
        try {
            ServerSocket everywhere = new ServerSocket();
            listeners.add(everywhere);
            everywhere.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0), 100);
            listeners.add(new ServerSocket(everywhere.getLocalPort(), 100, InetAddress.ofLiteral("::1")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listeners.getFirst().getLocalPort();
    }

    /** The system completes connections by itself and keeps them until they are accepted: none is missed. */
    boolean isUntouched() {
        for (ServerSocket listener : listeners) {
            try {
                listener.setSoTimeout(1);
                listener.accept().close();
                return false;
            } catch (SocketTimeoutException _) {
                // Nobody has come to this one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            for (ServerSocket listener : listeners) {
                listener.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
