package fanout.synthetic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and serves each on a thread of its own. Starts its threads and joins them. Thread-safe.
 *
 * <p>One port on all of 127.0.0.0/8: the socket is bound to every address, and whatever does not come to a loopback
 * address is closed at once.
 */
final class Server implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final ServerSocketChannel listener;
    private final ArrivalLog log;
    private final Handler handler;
    private final Thread.Builder threads;
    private final Map<SocketChannel, Thread> connections = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private final Thread acceptor = Thread.ofPlatform().daemon().name("synthetic-web-acceptor").unstarted(this::accept);
    private volatile boolean closed;

    Server(int port, boolean punctual, ArrivalLog log, Handler handler) {
        this.threads = punctual ? Thread.ofPlatform().daemon().stackSize(256 << 10) : Thread.ofVirtual();
        this.log = log;
        this.handler = handler;
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    void start() {
        acceptor.start();
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    int openConnections() {
        return connections.size();
    }

    private void accept() {
        int number = 0;
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                InetAddress to = channel.socket().getLocalAddress();
                if (!to.isLoopbackAddress()) {
                    channel.close();
                    continue;
                }
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SyntheticConnection connection =
                        new SyntheticConnection(channel, ++number, HostAddresses.hostAt(to), log, handler,
                                this::failed);
                Thread thread = threads.unstarted(() -> serve(connection));
                thread.setName("synthetic-web-" + number);
                connections.put(channel, thread);
                thread.start();
            }
        } catch (IOException e) {
            if (!closed) {
                failed(e);
            }
        }
    }

    private void serve(SyntheticConnection connection) {
        try {
            connection.serve();
        } finally {
            connections.remove(connection.channel());
        }
    }

    private void failed(Throwable failure) {
        firstFailure.compareAndSet(null, failure);
    }

    /** Ends every connection, joins every thread, and then throws what a handler threw, if one did. */
    @Override
    public void close() {
        closed = true;
        closeQuietly(listener);
        boolean interrupted = joined(acceptor);
        // After the acceptor no connection comes to the map, so none is missed here.
        for (Map.Entry<SocketChannel, Thread> each : connections.entrySet()) {
            each.getValue().interrupt();
            closeQuietly(each.getKey());
            interrupted |= joined(each.getValue());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable failure = firstFailure.get();
        if (failure != null) {
            throw new IllegalStateException("a handler of the synthetic web failed", failure);
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Joins to the end, whatever interrupts, and tells whether something did: closing leaves no thread behind. */
    private static boolean joined(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }
}
