package fanout.app.service.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves routes over HTTP/1.1, with a virtual thread for each connection.
 *
 * <p>Thread-safe. Owns its socket, its connections and its threads, which {@link #close} ends and joins.
 */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);
    private static final int BACKLOG = 1_024;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Connections connections;
    private final Thread acceptor;

    private HttpService(ServerSocketChannel server, Connections connections) throws IOException {
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.connections = connections;
        this.acceptor = Thread.ofVirtual().name("api-acceptor").start(this::accept);
    }

    /**
     * What connections may take up.
     *
     * @param connections at once
     * @param waitingOfANetwork how many of a {@link Client#network} may be idle or still send their request
     * @param patience how long a request may take to arrive, or its reader to read the next piece
     */
    public record Limits(int connections, int waitingOfANetwork, Duration patience) {

        /** A thousand at once, a quarter of them waiting for one network, half a minute each. */
        public static final Limits DEFAULT = new Limits(1_000, 250, Duration.ofSeconds(30));

        public Limits {
            if (connections < 2 || waitingOfANetwork < 1 || !patience.isPositive()) {
                throw new IllegalArgumentException("limits must be positive");
            }
        }

        /** Returns how many may be served at once, of those that need a token. */
        int served() {
            return connections - Math.max(1, connections / 10);
        }
    }

    /** What every connection serves. */
    record Serving(Routes routes, Guard guard, RequestListener listener, Duration patience) {}

    /**
     * Starts to serve.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static HttpService start(InetSocketAddress address, Limits limits, Routes routes, Guard guard,
            RequestListener listener) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, BACKLOG);
            Serving serving = new Serving(routes, guard, listener, limits.patience());
            return new HttpService(server, new Connections(limits, serving));
        } catch (IOException | RuntimeException e) {
            try (server) {
                throw e;
            }
        }
    }

    private void accept() {
        boolean told = false;
        while (server.isOpen()) {
            try {
                admit(server.accept());
                told = false;
            } catch (ClosedChannelException e) {
                return; // the service ends
            } catch (IOException | RuntimeException | Error e) { // no more descriptors, or memory: others may give some back
                if (!told) {
                    told = true;
                    LOG.warn("cannot accept a connection", e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            connections.admit(channel);
        } catch (IOException | RuntimeException | Error e) { // the client has gone already, or there is no memory for a thread
            try (channel) {
                LOG.debug("a connection cannot be served", e);
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.count();
    }

    /** Returns how many connections were closed for newcomers, because there were too many. */
    public long crowdedOut() {
        return connections.crowdedOut();
    }

    /** Returns how many connections were closed because their readers took nothing. */
    public long cutOff() {
        return connections.cutOff();
    }

    /** Stops listening, and ends all requests. Idempotent. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            server.close();
            acceptor.join(Duration.ofSeconds(10));
        } catch (IOException e) {
            LOG.warn("cannot close the socket that listens on {}", address, e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        connections.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
