package fanout.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web of several hosts behind an HTTP proxy on loopback. The examples name hosts that are not ours; through this
 * proxy they keep their names, and everything that hangs on a host (scope, manners, robots.txt) is as it is written in
 * the file.
 */
public final class ExampleWeb implements AutoCloseable {

    /**
     * A request, when it had been read.
     *
     * @param url of a GET; of others, {@link #post what they are known by}
     */
    public record Arrival(String host, String url, String userAgent, long nanoTime) {}

    private record Answer(int status, String contentType, byte[] body, AtomicInteger refusals) {}

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final Map<String, Integer> mostInFlight = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public ExampleWeb() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The value of {@code http.proxy}. */
    public String proxy() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public ExampleWeb page(String url, String html) {
        return file(url, "text/html; charset=utf-8", ("<!doctype html>" + html).getBytes(UTF_8));
    }

    ExampleWeb robots(String origin, String... lines) {
        return file(origin + "/robots.txt", "text/plain", String.join("\n", lines).getBytes(UTF_8));
    }

    public ExampleWeb file(String url, String contentType, byte[] body) {
        answers.put(url, new Answer(200, contentType, body, new AtomicInteger()));
        return this;
    }

    /** A page for a POST of a body, in which each character is a byte. */
    ExampleWeb post(String url, String body, String html) {
        return page("POST " + url + " " + body, html);
    }

    /** A page that says 503 the first time. */
    ExampleWeb flaky(String url, String html) {
        return flaky(url, "text/html", html);
    }

    /** An answer of any type that says 503 the first time. */
    ExampleWeb flaky(String url, String contentType, String body) {
        answers.put(url, new Answer(200, contentType, body.getBytes(UTF_8), new AtomicInteger(1)));
        return this;
    }

    /** In the order of their arrival; robots.txt and sitemaps too. */
    List<Arrival> arrivals(String host) {
        return arrivals.stream().filter(arrival -> arrival.host().equals(host)).toList();
    }

    List<String> requested() {
        return arrivals.stream().map(Arrival::url).toList();
    }

    /** How many of a host's requests were ever being answered at once. */
    int mostInFlight(String host) {
        return mostInFlight.getOrDefault(host, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String spelt = exchange.getRequestURI().toString();
        String url = exchange.getRequestMethod().equals("GET") ? spelt
                : exchange.getRequestMethod() + " " + spelt + " "
                        + new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
        String host = String.valueOf(exchange.getRequestURI().getHost());
        arrivals.add(new Arrival(host, url, exchange.getRequestHeaders().getFirst("User-Agent"), System.nanoTime()));
        AtomicInteger flying = inFlight.computeIfAbsent(host, _ -> new AtomicInteger());
        mostInFlight.merge(host, flying.incrementAndGet(), Math::max);
        Answer answer = answers.get(url);
        try (exchange) {
            boolean refused = answer != null && answer.refusals().getAndDecrement() > 0;
            byte[] body = answer == null ? new byte[0] : answer.body();
            exchange.getResponseHeaders().set("Content-Type", answer == null ? "text/html" : answer.contentType());
            int status = answer == null ? 404 : refused ? 503 : answer.status();
            flying.decrementAndGet(); // before the client can know that it may ask again
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
