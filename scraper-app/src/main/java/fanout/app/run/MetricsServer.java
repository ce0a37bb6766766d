package fanout.app.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.app.metrics.ProcessMeters;
import fanout.app.metrics.Scrape;
import fanout.app.metrics.ScrapedRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves metrics, in the format that a scraper asks for, at {@code /metrics} of the loopback address, on two daemon
 * threads. When the queue is full, further scrapes are refused.
 *
 * <p>Thread-safe. Owns its registry, its socket and its threads.
 */
final class MetricsServer implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 16;

    private final ScrapedRegistry registry = new ScrapedRegistry();
    private final ProcessMeters process = new ProcessMeters(registry.meters());
    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    private MetricsServer(HttpServer server) {
        this.server = server;
        this.threads = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("metrics-", 0).factory());
    }

    /**
     * Starts to serve.
     *
     * @param port 0: any free one
     * @throws IOException if the port is in use; the message says which, for people
     */
    static MetricsServer start(int port) throws IOException {
        HttpServer server = open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        MetricsServer metrics = new MetricsServer(server);
        server.setExecutor(metrics.threads);
        server.createContext("/metrics", metrics::answer);
        server.start();
        return metrics;
    }

    private static HttpServer open(InetSocketAddress address) throws IOException {
        try {
            return HttpServer.create(address, WAITING);
        } catch (IOException e) {
            throw new IOException("cannot serve metrics on 127.0.0.1:" + address.getPort() + ": " + e.getMessage(), e);
        }
    }

    MeterRegistry registry() {
        return registry.meters();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/metrics";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                String accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
                Scrape metrics = registry.scrape(accept);
                exchange.getResponseHeaders().set("Content-Type", metrics.type());
                exchange.sendResponseHeaders(200, metrics.text().length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(metrics.text());
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close(); // joins them; none can block, because their connections are closed
        process.close();
        registry.close();
    }
}
