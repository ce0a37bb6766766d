package example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import fanout.Scraper;
import fanout.job.Cidr;
import fanout.job.CrawlJob;
import fanout.job.Network;
import fanout.outcome.Outcome;
import fanout.page.RequestInterceptor;
import fanout.page.RequestInterceptor.Decision;
import fanout.report.CrawlReport;
import fanout.url.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user's own interceptor: the lines in docs/library.md come from here. */
class InterceptorUseTest {

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private HttpServer server;
    private HttpServer other;

    @BeforeEach
    void openSites() throws IOException {
        other = open("other ");
        server = open("");
    }

    @AfterEach
    void closeSites() {
        server.stop(0);
        other.stop(0);
    }

    private HttpServer open(String name) throws IOException {
        HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        opened.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            received.add(name + path + " "
                    + exchange.getRequestHeaders().getFirst("X-Signature") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] page =
                    ("<a href=/a>a</a><a href=/private/b>b</a><a href='" + at(other, "/c") + "'>c</a>").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(path.equals("/robots.txt") ? 404 : 200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        opened.start();
        return opened;
    }

    private static String at(HttpServer site, String path) {
        return "http://127.0.0.1:" + site.getAddress().getPort() + path;
    }

    private CrawlJob job() {
        return CrawlJob.builder("docs")
                .startUrl(at(server, "/"))
                .scope(new Scope(List.of(Scope.Domain.parse("127.0.0.1")), Set.of(), List.of(), List.of(), 1))
                .network(new Network(false, List.of(Cidr.parse("127.0.0.0/8"))))
                .build();
    }

    private static String sign(String url) {
        return HexFormat.of().toHexDigits(url.substring(url.lastIndexOf('/')).hashCode());
    }

    private CrawlReport crawl(RequestInterceptor... interceptors) throws InterruptedException {
        Scraper.Builder builder = Scraper.builder();
        for (RequestInterceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
        }
        try (Scraper scraper = builder.build()) {
            return scraper.crawl(job()).to(this::write).run();
        }
    }

    private void write(Outcome outcome) {
        lines.add(outcome.request().url().pathAndQuery() + " " + outcome.name() + " "
                + outcome.reason().map(Object::toString).orElse("") + " " + outcome.detail().orElse(""));
    }

    @Test
    void requestsAreSignedOrRefused() throws InterruptedException {
        // docs
        RequestInterceptor signed = request -> request.url().pathAndQuery().startsWith("/private/")
                ? new Decision.Refuse("private pages are not ours")
                : new Decision.Send(Map.of("X-Signature", sign(request.url().toString())));
        try (Scraper scraper = Scraper.builder().interceptor(signed).build()) {
            CrawlReport report = scraper.crawl(job()).to(this::write).run();
            // docs end

            assertThat(report.accounting().skipped()).isOne();
            assertThat(report.leakCheck().isClean()).isTrue();
        }
        assertThat(lines).contains("/private/b skipped refused private pages are not ours").hasSize(4);
        assertThat(received).contains("/a " + sign("/a") + " null", "other /c " + sign("/c") + " null",
                "/robots.txt null null").noneMatch(request -> request.contains("private"));
    }

    /** The second is not asked about what the first refuses, and its credentials stay with the start URL. */
    @Test
    void anInterceptorCannotLoosenWhatAJobDecides() throws InterruptedException {
        crawl(request -> {
            if (request.url().pathAndQuery().equals("/a")) {
                throw new IllegalStateException("a bug");
            }
            return Decision.SEND;
        }, request -> {
            assertThat(request.url().pathAndQuery()).isNotEqualTo("/a");
            return new Decision.Send(Map.of("authorization", "Bearer x"));
        });

        assertThat(lines).contains("/a skipped refused the interceptor failed: java.lang.IllegalStateException: a bug");
        assertThat(received).contains("/ null Bearer x", "/private/b null Bearer x", "other /c null null");
        for (String header : List.of("Host", "user-agent", "Content-Length", "a b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Decision.Send(Map.of(header, "x")));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Decision.Send(Map.of("X-A", "a\r\nb")))
                .withMessage("headers.X-A must be printable ASCII; character 2 is U+000D");
    }
}
