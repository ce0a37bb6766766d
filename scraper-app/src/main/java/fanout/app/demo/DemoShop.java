package fanout.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Flaky;
import fanout.app.demo.Response.Moved;
import fanout.app.demo.Response.Slow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A small shop with some sixty pages, served over HTTP on the loopback address: something to crawl on every computer.
 * Its pages and their faults are the same in every run.
 *
 * <p>Thread-safe. Owns its socket and its threads, which {@link #close} ends and joins. When its queue is full, further
 * connections are closed without an answer.
 */
public final class DemoShop implements AutoCloseable {

    private static final int AT_ONCE = 32;
    private static final int WAITING = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer server;
    private final String origin;
    private final ShopSite site;
    private final Map<String, AtomicLong> requests = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofVirtual().name("demo-shop-", 0).factory());

    private DemoShop(HttpServer server, String origin, ShopSite site) {
        this.server = server;
        this.origin = origin;
        this.site = site;
        site.responses().keySet().forEach(path -> requests.put(path, new AtomicLong()));
    }

    /**
     * Opens the shop.
     *
     * @param port 0: any free one
     * @throws IOException if the port is in use
     */
    public static DemoShop open(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
        try {
            String origin = "http://127.0.0.1:" + server.getAddress().getPort();
            DemoShop shop = new DemoShop(server, origin, ShopSite.at(origin));
            server.setExecutor(shop.threads);
            server.createContext("/", shop::answer);
            server.start();
            return shop;
        } catch (IOException | RuntimeException e) {
            server.stop(0);
            throw e;
        }
    }

    /** Where the shop is, as {@code http://127.0.0.1:8081}. */
    public String origin() {
        return origin;
    }

    /** The URLs that a polite crawl of the start page and the sitemap fetches. */
    public Set<String> pages() {
        return site.pages().stream().map(path -> origin + path).collect(Collectors.toUnmodifiableSet());
    }

    /** How often a path was requested; 0 for a path that the shop does not have. */
    public long requests(String path) {
        return Optional.ofNullable(requests.get(path)).map(AtomicLong::get).orElse(0L);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            Response response = site.responses().getOrDefault(path, site.missing());
            boolean first = count(path) == 1;
            switch (response) {
                case Document document -> send(exchange, document);
                case Moved(String target) -> {
                    exchange.getResponseHeaders().set("Location", target);
                    exchange.sendResponseHeaders(301, -1);
                }
                case Slow(Document document, Duration delay) -> {
                    pause(delay);
                    send(exchange, document);
                }
                case Flaky(Document document) -> {
                    if (first) {
                        exchange.sendResponseHeaders(503, -1);
                    } else {
                        send(exchange, document);
                    }
                }
            }
        }
    }

    /** The number of requests for a path so far; 0 for unknown paths, of which there is no end. */
    private long count(String path) {
        AtomicLong count = requests.get(path);
        return count == null ? 0 : count.incrementAndGet();
    }

    /** Ends early when the shop closes. */
    private void pause(Duration delay) throws InterruptedIOException {
        try {
            if (closing.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InterruptedIOException("the shop closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the shop closes");
        }
    }

    private static void send(HttpExchange exchange, Document document) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", document.contentType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(document.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(document.status(), document.body().length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(document.body());
        }
    }

    /**
     * Closes the shop; requests in it end at once. Idempotent. An interrupt shortens the wait for them, and is kept.
     */
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the shop's threads did not end within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
