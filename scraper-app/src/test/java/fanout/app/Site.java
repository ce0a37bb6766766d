package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small web site on loopback: an index with ten links, pages under {@code /slow} that answer when let go, and large
 * ones under {@code /large}.
 */
public final class Site implements AutoCloseable {

    public final CountDownLatch release = new CountDownLatch(1);
    public final AtomicInteger slowRequests = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Site(String title) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                if (path.startsWith("/slow/") && path.length() > 6) {
                    slowRequests.incrementAndGet();
                    release.await();
                }
                boolean index = path.endsWith("/") || path.endsWith("index.html");
                StringBuilder html =
                        new StringBuilder("<title>" + title + " " + path + "</title><h1>" + path + "</h1>");
                for (int i = 1; index && i <= 10; i++) {
                    html.append("<a href='").append(i).append(".html'>").append(i).append("</a>");
                }
                if (path.startsWith("/large/")) {
                    html.append("<b>x</b>".repeat(18_000));
                }
                byte[] body = html.toString().getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(path.equals("/robots.txt") ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                throw new IOException("the site closes", e);
            }
        });
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** A job for this site, without manners. */
    public String job(String path) {
        return """
                name: test
                startUrls: ["%s"]
                politeness: {delay: 0, autoThrottle: false, perHostConcurrency: 64}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                extract: [{name: heads, fields: {head: {css: h1}}}]
                """.formatted(url(path));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
