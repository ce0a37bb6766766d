package fanout.app.service.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Serves routes over HTTP/1.1, on the JDK's own server and virtual threads.
 *
 * <p>Thread-safe. Owns its socket, its connections and its threads, which {@link #close} ends and joins.
 */
public final class HttpService implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final HttpServer server;
    private final RequestThreads threads;

    private HttpService(HttpServer server, RequestThreads threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * What connections may take up.
     *
     * @param requests at once
     * @param patience how long a request may take to arrive and be answered, or its reader to read the next piece
     */
    public record Limits(int requests, Duration patience) {

        /** A thousand at once, half a minute each. */
        public static final Limits DEFAULT = new Limits(1_000, Duration.ofSeconds(30));
    }

    /**
     * Starts to serve.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static HttpService start(InetSocketAddress address, Limits limits, Routes routes, Guard guard,
            RequestListener listener) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        RequestThreads threads = new RequestThreads(limits.requests(), limits.patience());
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, routes, guard, listener));
        server.start();
        return new HttpService(server, threads);
    }

    private static void answer(HttpExchange exchange, Routes routes, Guard guard, RequestListener listener)
            throws IOException {
        Exchange answered = new Exchange(exchange, routes, guard);
        try {
            answered.answer();
        } finally {
            listener.answered(answered.record());
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops listening, and ends all requests. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
