package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Flaky;
import fanout.app.demo.Response.Moved;
import fanout.app.demo.Response.Personal;
import fanout.app.demo.Response.Slow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small shop with some sixty pages, served over HTTP on the loopback address: something to crawl on every computer.
 * Its pages and their faults are the same in every run.
 *
 * <p>Behind two forms, where a crawl that follows links does not come, are a search and the orders of a customer who
 * has to log in; see {@link CustomerArea}.
 *
 * <p>Thread-safe. Owns its socket and its threads, which {@link #close} ends and joins. When its queue is full, further
 * connections are closed without an answer.
 */
public final class DemoShop implements AutoCloseable {

    private static final int AT_ONCE = 32;
    private static final int WAITING = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST_FORM = 4_096;
    private static final String FORM_TYPE = "application/x-www-form-urlencoded";
    private static final Pattern COOKIE =
            Pattern.compile("(?:^|;)\\s*" + Pattern.quote(CustomerArea.COOKIE) + "=([0-9a-f]{1,64})(?=\\s*(?:;|$))");

    private final HttpServer server;
    private final String origin;
    private final ShopSite site;
    private final CustomerArea customers;
    private final Map<String, AtomicLong> requests = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofVirtual().name("demo-shop-", 0).factory());

    private DemoShop(HttpServer server, String origin, ShopSite site, CustomerArea customers) {
        this.server = server;
        this.origin = origin;
        this.site = site;
        this.customers = customers;
        Stream.concat(site.responses().keySet().stream(),
                Stream.of(SearchPage.PATH, CustomerPages.LOGIN, CustomerPages.LOGOUT, CustomerPages.ORDERS))
                .forEach(path -> requests.put(path, new AtomicLong()));
    }

    /**
     * Opens the shop.
     *
     * @param port 0: any free one
     * @throws IOException if the port is in use
     */
    public static DemoShop open(int port) throws IOException {
        return open(port, CustomerArea.Validity.STANDARD, System::nanoTime);
    }

    /**
     * Opens the shop.
     *
     * @param sessions when they end
     * @param nanoTime the clock of the sessions, in nanoseconds from any moment
     */
    static DemoShop open(int port, CustomerArea.Validity sessions, LongSupplier nanoTime) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
        try {
            String origin = "http://127.0.0.1:" + server.getAddress().getPort();
            ShopSite site = ShopSite.at(origin);
            DemoShop shop =
                    new DemoShop(server, origin, site, new CustomerArea(site.customer(), sessions, nanoTime));
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
            String path = exchange.getRequestURI().getPath();
            List<String> allowed = path.equals(CustomerPages.LOGIN) ? List.of("GET", "HEAD", "POST")
                    : List.of("GET", "HEAD");
            if (!allowed.contains(method)) {
                exchange.getResponseHeaders().set("Allow", String.join(", ", allowed));
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            boolean isFirst = count(path) == 1;
            switch (response(exchange, path)) {
                case Document document -> send(exchange, document);
                case Personal personal -> send(exchange, personal);
                case Moved(String target) -> {
                    exchange.getResponseHeaders().set("Location", target);
                    exchange.sendResponseHeaders(301, -1);
                }
                case Slow(Document document, Duration delay) -> {
                    pause(delay);
                    send(exchange, document);
                }
                case Flaky(Document document) -> {
                    if (isFirst) {
                        exchange.sendResponseHeaders(503, -1);
                    } else {
                        send(exchange, document);
                    }
                }
            }
        }
    }

    private Response response(HttpExchange exchange, String path) throws IOException {
        boolean isSearch = path.equals(SearchPage.PATH);
        if (!isSearch && !CustomerArea.has(path)) {
            return site.responses().getOrDefault(path, site.missing());
        }
        FormFields query = Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                .flatMap(FormFields::parse)
                .orElse(FormFields.NONE);
        if (isSearch) {
            return site.search().answer(query);
        }
        List<String> cookies = exchange.getRequestHeaders()
                .getOrDefault("Cookie", List.of())
                .stream()
                .flatMap(header -> COOKIE.matcher(header).results().map(match -> match.group(1)))
                .toList();
        Optional<FormFields> sent = Optional.empty();
        if (exchange.getRequestMethod().equals("POST")) {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(FORM_TYPE)) {
                return Document.refusal(415, "Send the form as " + FORM_TYPE + ".\n");
            }
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_FORM + 1);
            if (body.length > LONGEST_FORM) {
                return Document.refusal(413, "The form has more than " + LONGEST_FORM + " bytes.\n");
            }
            sent = FormFields.parse(new String(body, UTF_8));
            if (sent.isEmpty()) {
                return Document.refusal(400, "The body is not that of a form.\n");
            }
        }
        return customers.answer(new CustomerArea.Asked(path, query, cookies, sent), site.missing());
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

    private static void send(HttpExchange exchange, Personal personal) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        personal.target().ifPresent(target -> exchange.getResponseHeaders().set("Location", target));
        personal.cookie().ifPresent(cookie -> exchange.getResponseHeaders().set("Set-Cookie", cookie));
        send(exchange, personal.document());
    }

    private static void send(HttpExchange exchange, Document document) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", document.contentType());
        if (exchange.getRequestMethod().equals("HEAD") || document.body().length == 0) {
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
