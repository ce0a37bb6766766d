package fanout.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/** Listens on every address of this machine, {@code ::1} included, and knows whether anybody has ever connected. */
public final class Trap implements AutoCloseable {

    private final ServerSocket everywhere;

    public Trap() {
        try {
            everywhere = new ServerSocket();
            everywhere.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return everywhere.getLocalPort();
    }

    /** The system completes connections by itself and keeps them until they are accepted: none is missed. */
    public boolean isUntouched() {
        try {
            everywhere.setSoTimeout(1);
            everywhere.accept().close();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            everywhere.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
