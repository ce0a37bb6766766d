package fanout.socket;

import java.io.Closeable;

/** A socket that is about to connect, as its {@link SocketObserver} may use it. Thread-safe. */
public interface ConnectingSocket extends Closeable {

    /**
     * The connection carries one request at a time. From now on the socket looks, when it is asked whether it is closed after
     * an idle time, whether its peer has closed it. With HTTP/2 it must not: a thread of the HTTP client reads all the time,
     * and would miss the byte that the look takes.
     */
    void carriesOneRequestAtATime();
}
