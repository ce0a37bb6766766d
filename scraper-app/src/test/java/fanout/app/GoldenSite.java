package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Serves a recorded web, which is {@code x-site} of a golden job: behind a proxy on loopback, or at its own
 * origin. Each URL has an answer, or several that are given one after the other, the last of them from then on; a
 * URL without one is answered with 404, robots.txt too. A key that begins with a slash is of
 * {@code http://www.example.org}.
 *
 * <p>An answer is the text of a page, or a mapping: {@code status}, {@code type}, {@code headers}, {@code body} in
 * {@code charset}, {@code repeat}ed, as {@code gzip} or {@code deflate}, {@code chunked}; {@code hang} stalls
 * before the end of the body, or without one before the head; {@code reset} closes the connection.
 */
final class GoldenSite implements AutoCloseable {

    private final Map<String, Deque<Map<?, ?>>> answers = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> shownHeaders;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * Opens an empty web.
     *
     * @param shownHeaders request headers that are recorded
     */
    GoldenSite(List<String> shownHeaders) throws IOException {
        this.shownHeaders = shownHeaders;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds pages before the first request. */
    void record(Map<?, ?> site) {
        site.forEach((key, value) -> {
            String url = key.toString();
            List<?> all = value instanceof List<?> several ? several : List.of(value);
            Deque<Map<?, ?>> deque = new ArrayDeque<>();
            all.forEach(one -> deque.add(one instanceof Map<?, ?> map ? map : Map.of("body", one)));
            answers.put(url.startsWith("/") ? "http://www.example.org" + url : url, deque);
        });
    }

    /** Returns the requests since the last call, in the order of their arrival, with the headers that are shown. */
    List<String> takeRequests() {
        synchronized (requests) {
            List<String> taken = List.copyOf(requests);
            requests.clear();
            return taken;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String uri = exchange.getRequestURI().toString();
        String url = uri.startsWith("/") ? origin() + uri : uri;
        StringBuilder request = new StringBuilder(exchange.getRequestMethod()).append(' ').append(url);
        for (String name : shownHeaders) {
            Optional.ofNullable(exchange.getRequestHeaders().get(name))
                    .ifPresent(values -> request.append(" | ").append(name).append(": ").append(values));
        }
        requests.add(request.toString());
        try (exchange) {
            send(exchange, next(url));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends with the request
        }
    }

    private Map<?, ?> next(String url) {
        Deque<Map<?, ?>> all = answers.get(url);
        if (all == null) {
            return Map.of("status", 404);
        }
        synchronized (all) {
            return all.size() > 1 ? all.remove() : all.element();
        }
    }

    private void send(HttpExchange exchange, Map<?, ?> answer) throws IOException, InterruptedException {
        boolean hangs = answer.containsKey("hang");
        if (answer.containsKey("reset")) {
            return; // closes the connection, because nothing was sent
        }
        if (hangs && !answer.containsKey("body")) {
            closed.await();
            return;
        }
        byte[] body = body(answer);
        String type = text(answer, "type", "text/html; charset=utf-8");
        if (!type.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", type);
        }
        if (answer.get("headers") instanceof Map<?, ?> headers) {
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name.toString(), value.toString()));
        }
        int status = answer.get("status") instanceof Integer given ? given : 200;
        long length = body.length == 0 ? -1 : answer.containsKey("chunked") ? 0 : body.length + (hangs ? 1 : 0);
        exchange.sendResponseHeaders(status, length);
        if (body.length > 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(body);
            out.flush();
        }
        if (hangs) {
            closed.await();
        }
    }

    private static byte[] body(Map<?, ?> answer) throws IOException {
        int times = answer.get("repeat") instanceof Integer given ? given : 1;
        byte[] plain = text(answer, "body", "").repeat(times)
                .getBytes(Charset.forName(text(answer, "charset", UTF_8.name())));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = answer.containsKey("gzip") ? new GZIPOutputStream(bytes)
                : answer.containsKey("deflate") ? new DeflaterOutputStream(bytes) : bytes) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static String text(Map<?, ?> answer, String key, String otherwise) {
        Object value = answer.get(key);
        return value == null ? otherwise : value.toString();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
