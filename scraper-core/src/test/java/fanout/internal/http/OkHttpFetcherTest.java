package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.headOnly;
import static fanout.internal.http.RawServer.readHead;
import static fanout.internal.http.RawServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.job.Http;
import fanout.outcome.Stage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OkHttpFetcherTest {

    /** Connections that were idle for 100 ms are looked at before they are used again. */
    private static final Duration LONGER_THAN_TRUSTED = Duration.ofMillis(101);

    private static MockResponse.Builder ok(String body) {
        return new MockResponse.Builder().code(200).addHeader("Content-Type", "Text/HTML; charset=utf-8").body(body);
    }

    @Test
    void pageArrivesWithItsHeadBodyAndAttempt() throws Exception {
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.start();
            server.enqueue(ok("hello").addHeader("ETag", "\"1\"").addHeader("Last-Modified", "yesterday").build());
            Fetching.Log log = new Fetching.Log();

            Fetch.Response response = assertResponse(fetching.get(
                    Fetching.whole("http://127.0.0.1:" + server.getPort() + "/a"), log));

            assertThat(response.body()).asString().isEqualTo("hello");
            assertThat(response.bodyRead()).isTrue();
            assertThat(response.contentType()).isEqualTo("Text/HTML; charset=utf-8");
            assertThat(response.head().status()).isEqualTo(200);
            assertThat(response.head().contentType()).contains("text/html");
            assertThat(response.head().etag()).contains("\"1\"");
            assertThat(response.head().lastModified()).contains("yesterday");
            assertThat(response.attempt().ip()).contains("127.0.0.1");
            assertThat(response.attempt().head()).contains(response.head());
            assertThat(response.attempt().latency()).hasValueSatisfying(latency -> assertThat(latency)
                    .isPositive()
                    .isLessThan(response.attempt().duration()));
            assertThat(log.stages).containsExactly(Stage.CONNECT, Stage.HEADERS, Stage.BODY);
            assertThat(log.written).hasSize(1);
            assertThat(fetching.traffic.responses(2)).isOne();
            assertThat(fetching.traffic.bytes()).isEqualTo(5);
        }
    }

    @Test
    void reusedConnectionEntersNeitherDnsNorConnect() throws Exception {
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.start();
            String url = "http://localhost:" + server.getPort() + "/";
            Fetching.Log first = new Fetching.Log();
            Fetching.Log second = new Fetching.Log();
            server.enqueue(ok("1").build());
            server.enqueue(ok("2").build());

            fetching.get(Fetching.whole(url), first);
            fetching.get(Fetching.whole(url), second);

            assertThat(first.stages).containsExactly(Stage.DNS, Stage.CONNECT, Stage.HEADERS, Stage.BODY);
            assertThat(second.stages).containsExactly(Stage.HEADERS, Stage.BODY);
            assertThat(second.written).hasSize(1);
            assertThat(fetching.traffic.connections().peak()).isOne();
        }
    }

    /** A polite crawl comes back to each of its hosts after a second; a pool keeps 256 connections. */
    @Test
    void connectionsOfManyHostsAreKeptFromRequestToRequest() throws Exception {
        InetAddress[] loopback = {InetAddress.ofLiteral("127.0.0.1")};
        int hosts = 1_000;
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (readHead(in)) {
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
                Fetching fetching = Fetching.of(job -> job, new OkHttpClient(),
                        new SystemResolver(_ -> loopback, 1, Ticker.system()))) {
            for (int host = 0; host < 2 * hosts; host++) {
                fetching.response("http://h" + host % hosts + ".example.org:" + server.port() + "/");
            }
            assertThat(server.accepted).hasValue(hosts);
        }
    }

    @Test
    void canonicalSpellingIsRequestedAsItIs() throws Exception {
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.start();
            List<String> paths = List.of("/", "/a//b/?", "//double", "/%C3%A9~|'?q=%20a+b&x[]={}", "/a;p=1?b=1&b=2");
            for (String path : paths) {
                server.enqueue(ok("").build());
                String url = "http://127.0.0.1:" + server.getPort() + path;
                fanout.url.CanonicalUrl canonical = fanout.url.CanonicalUrl.of(url);

                fetching.response(url);

                assertThat(server.takeRequest().getTarget()).isEqualTo(canonical.pathAndQuery());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 401, 404, 407, 408, 421, 429, 500, 503})
    void everyStatusIsDeliveredAsItIsAndRequestedOnce(int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (readHead(in)) {
                requests.incrementAndGet();
                send(socket, "HTTP/1.1 " + status + " X\r\nRetry-After: 0\r\nLocation: /next\r\n"
                        + "WWW-Authenticate: Basic realm=x\r\nContent-Length: 3\r\n\r\nabc");
            }
        });
                Fetching fetching = Fetching.plain()) {
            Fetch.Response response = fetching.response(server.url("/"));

            assertThat(response.head().status()).isEqualTo(status);
            assertThat(response.headers().get("Retry-After")).isEqualTo("0");
            assertThat(response.bodyRead()).isFalse();
            assertThat(response.body()).isEmpty();
            assertThat(requests).hasValue(1);
            assertThat(fetching.traffic.responses(status / 100)).isOne();

            fetching.response(server.url("/"));
            assertThat(server.accepted).as("the short body was discarded, its connection reused").hasValue(1);
        }
    }

    @Test
    void unwantedEndlessBodyCostsNothing() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Type: video/x\r\nContent-Length: 99999999999\r\n\r\n");
            byte[] chunk = new byte[8192];
            while (true) {
                socket.getOutputStream().write(chunk);
            }
        });
                Fetching fetching = Fetching.plain()) {
            Fetch.Response response = assertResponse(fetching.get(headOnly(server.url("/")), new Fetching.Log()));

            assertThat(response.bodyRead()).isFalse();
            assertThat(response.head().contentType()).contains("video/x");
            assertThat(fetching.traffic.bytes()).isZero();
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void errorPageThatNeverEndsIsGivenUp() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            send(socket, "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            RawServer.untilClosed(in);
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).head().status()).isEqualTo(404);
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void connectionThatTheServerClosedWhileIdleIsNotReused() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            socket.close();
            closed.countDown();
        });
                Fetching fetching = Fetching.on(new OkHttpClient(), ticker)) {
            fetching.response(server.url("/1"));
            closed.await();
            ticker.advance(LONGER_THAN_TRUSTED);

            fetching.response(server.url("/2"));

            assertThat(server.accepted).hasValue(2);
        }
    }

    @Test
    void idleConnectionThatTheServerKeepsIsReused() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        try (MockWebServer server = new MockWebServer();
                Fetching fetching = Fetching.on(new OkHttpClient(), ticker)) {
            server.start();
            server.enqueue(ok("1").build());
            server.enqueue(ok("2").build());
            String url = "http://127.0.0.1:" + server.getPort() + "/";
            fetching.response(url);
            ticker.advance(LONGER_THAN_TRUSTED);

            fetching.response(url);

            server.takeRequest();
            RecordedRequest second = server.takeRequest();
            assertThat(second.getExchangeIndex()).isOne();
        }
    }

    @Test
    void requestIsNotWrittenBeforeTheServerTookIt() throws Exception {
        AtomicLong readingFrom = new AtomicLong();
        String large = "x".repeat(200_000);
        Map<String, String> headers = new java.util.TreeMap<>();
        for (int i = 0; i < 100; i++) {
            headers.put("X-Large-" + i, large);
        }
        try (RawServer server = RawServer.serving((socket, in) -> {
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            readingFrom.set(System.nanoTime());
            readHead(in);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
                Fetching fetching = Fetching.of(job -> job.http(
                        new Http("test/1", headers, false, Optional.empty(), List.of())))) {
            Fetching.Log log = new Fetching.Log();

            long before = System.nanoTime();
            assertResponse(fetching.get(Fetching.whole(server.url("/")), log));

            assertThat(log.written).singleElement().satisfies(written -> {
                assertThat(written - before).isPositive();
                assertThat(written - readingFrom.get()).as("after the server began to read").isPositive();
            });
        }
    }

    @Test
    void answerBeforeTheRequestWasReadLeavesNoConnection() throws Exception {
        Map<String, String> headers = new java.util.TreeMap<>();
        for (int i = 0; i < 100; i++) {
            headers.put("X-Large-" + i, "x".repeat(200_000));
        }
        try (RawServer server = RawServer.serving((socket, in) -> {
            in.read();
            send(socket, "HTTP/1.1 431 Too Large\r\nContent-Length: 2\r\n\r\nno");
        });
                Fetching fetching = Fetching.of(job -> job.http(
                        new Http("test/1", headers, false, Optional.empty(), List.of())))) {
            for (int repetition = 0; repetition < 20; repetition++) {
                fetching.get(server.url("/"));
                fetching.assertNothingIsLeft();
            }
        }
    }

    @Test
    void requestOfAnyLengthIsReportedWrittenOnce() throws Exception {
        // Around OkHttp's buffer of 8 KiB the last byte may leave with a write before the last flush.
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (readHead(in)) {
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
                Fetching fetching = Fetching.plain()) {
            for (int length = 7_900; length <= 8_300; length++) {
                Fetching.Log log = new Fetching.Log();
                Fetch.Response response = assertResponse(fetching.get(
                        Fetching.whole(server.url("/" + "a".repeat(length))), log));
                assertThat(log.written).as("path of %d", length).hasSize(1);
                assertThat(response.attempt().latency()).isPresent();
            }
        }
    }

    @Test
    void fetchWithoutADeadlineIsABug() {
        try (Fetching fetching = Fetching.plain()) {
            assertThatThrownBy(() -> fetching.fetcher.fetch(Fetching.whole("http://127.0.0.1:1/"), new Fetching.Log()))
                    .isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void throwingPredicateLeavesNothingOpen() throws Exception {
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.start();
            server.enqueue(ok("hello").build());
            FetchRequest request = new FetchRequest(
                    fanout.url.CanonicalUrl.of("http://127.0.0.1:" + server.getPort() + "/"), "*/*", head -> {
                        throw new IllegalStateException("on purpose");
                    }, 1, FetchRequest.Overflow.FAIL);

            assertThatThrownBy(() -> fetching.get(request, new Fetching.Log())).hasMessage("on purpose");
            fetching.assertNothingIsLeft();
        }
    }

    @Test
    void closedFetcherKeepsNoConnection() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (readHead(in)) {
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        })) {
            Fetching fetching = Fetching.plain();
            fetching.response(server.url("/"));
            assertThat(server.open()).isOne();

            fetching.close();
            fetching.close();

            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }
}
