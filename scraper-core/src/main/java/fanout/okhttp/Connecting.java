package fanout.okhttp;

import fanout.socket.SocketObserver;
import java.io.IOException;
import java.net.SocketException;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket that a call is connecting, so that a cancellation can close it at any moment.
 *
 * <p>OkHttp (5.5.1) misses a cancellation that falls just before the connect, or between TCP and TLS or a proxy's tunnel;
 * the connect or handshake would then wait for ever, as no step has a timeout of its own. Here the connecting thread notes
 * its socket first and looks for the cancellation second, and the cancelling thread has marked the call first and looks
 * for a socket second. The call's mark and this field are volatile, so one of the two sees the other.
 */
final class Connecting {

    private static final Logger LOG = LoggerFactory.getLogger(Connecting.class);

    private volatile SocketObserver.@Nullable Connecting socket;

    /** This socket is about to connect. */
    void begins(SocketObserver.Connecting begun, @Nullable Call call) throws IOException {
        socket = begun;
        if (call != null && call.isCanceled()) {
            throw new SocketException("cancelled before connecting");
        }
    }

    /** Connected, and agreed on HTTP/1 or not. */
    void agrees(boolean oneRequestAtATime) {
        SocketObserver.Connecting open = socket;
        if (open != null && oneRequestAtATime) {
            open.carriesOneRequestAtATime();
        }
    }

    /** The connection is OkHttp's, which closes it when it must; others may share it. */
    void ends() {
        socket = null;
    }

    /** The call is cancelled: by its own thread, by the watchdog of its deadline, or by the thread that closes the fetcher. */
    void cancelled() {
        SocketObserver.Connecting open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing a socket that was connecting", e); // It is closed all the same.
            }
        }
    }
}
