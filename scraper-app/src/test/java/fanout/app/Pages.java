package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web site on loopback, page by page. */
final class Pages implements AutoCloseable {

    private record Answer(int status, Map<String, String> headers, String body) {}

    /** Paths that were asked for, in order. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<Headers> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    Pages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                asked.add(path);
                requests.add(exchange.getRequestHeaders());
                Answer answer = answers.getOrDefault(path, new Answer(404, Map.of(), "none"));
                byte[] body = answer.body.getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                answer.headers.forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    Pages page(String path, String html) {
        return answer(path, 200, Map.of(), html);
    }

    Pages answer(String path, int status, Map<String, String> headers, String body) {
        answers.put(path, new Answer(status, headers, body));
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** A job that starts here, without delays or retries, with more keys. */
    String job(String start, String more) {
        return """
                name: test
                startUrls: ["%s"]
                politeness: {delay: 0, autoThrottle: false}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                """.formatted(url(start)) + more;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
