package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.url.CanonicalUrl;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server receives of a request with a method, headers and a body. */
class FetchMethodsTest {

    private static final HeldCertificate CERTIFICATE =
            new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();

    private static Details details(Method method, String body) {
        return new Details(method, Map.of(), Optional.of(new Body("text/x-test; charset=utf-8", body)), 0, Map.of());
    }

    private static Details withoutBody(Method method) {
        return new Details(method, Map.of(), Optional.empty(), 0, Map.of());
    }

    private static FetchRequest request(String url, Details details) {
        return new FetchRequest(CanonicalUrl.of(url), details, "*/*", head -> true, 1 << 20,
                FetchRequest.Overflow.FAIL);
    }

    private static MockWebServer server(boolean secure) throws Exception {
        MockWebServer server = new MockWebServer();
        if (secure) {
            server.useHttps(
                    new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE).build().sslSocketFactory());
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder().body(request.getMethod()).build();
            }
        });
        server.start();
        return server;
    }

    private static Fetching fetching(boolean secure) {
        HandshakeCertificates trusted =
                new HandshakeCertificates.Builder().addTrustedCertificate(CERTIFICATE.certificate()).build();
        return secure
                ? Fetching.on(new OkHttpClient.Builder()
                        .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                        .build(), Ticker.system())
                : Fetching.plain();
    }

    private static String url(MockWebServer server, boolean secure) {
        return (secure ? "https" : "http") + "://127.0.0.1:" + server.getPort() + "/";
    }

    private static RecordedRequest received(MockWebServer server) throws InterruptedException {
        return Optional.ofNullable(server.takeRequest(10, TimeUnit.SECONDS)).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodiesOfAllLengthsArriveWholeOnOneConnection(boolean secure) throws Exception {
        try (MockWebServer server = server(secure); Fetching fetching = fetching(secure)) {
            for (int length : new int[]{0, 1, 8_191, 8_192, 8_193, 70_000, 300_000}) {
                String body = "ü".repeat(length);
                Fetching.Log log = new Fetching.Log();
                long before = System.nanoTime();
                Fetch.Response response = assertResponse(
                        fetching.get(request(url(server, secure), details(Method.POST, body)), log));
                long after = System.nanoTime();

                assertThat(response.body()).asString().isEqualTo("POST");
                assertThat(response.attempt().sent()).isTrue();
                assertThat(log.written).as("written, %d", length)
                        .singleElement()
                        .satisfies(
                                written -> assertThat(written - before).isBetween(0L, after - before));
                RecordedRequest received = received(server);
                assertThat(received.getConnectionIndex()).isZero();
                assertThat(received.getBody()).isNotNull();
                assertThat(received.getBody().utf8()).isEqualTo(body);
                assertThat(received.getHeaders().values("Content-Length")).containsExactly("" + 2 * length);
                assertThat(received.getHeaders().values("Content-Type")).containsExactly("text/x-test; charset=utf-8");
                fetching.assertNothingIsLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void everyMethodIsSentWithoutABody(Method method) throws Exception {
        try (MockWebServer server = server(false); Fetching fetching = Fetching.plain()) {
            assertResponse(fetching.get(request(url(server, false), withoutBody(method)), new Fetching.Log()));

            RecordedRequest received = received(server);
            assertThat(received.getMethod()).isEqualTo(method.name());
            assertThat(received.getHeaders().get("Content-Type")).isNull();
            assertThat(received.getHeaders().get("Content-Length")).isEqualTo(switch (method) {
                case POST, PUT, PATCH -> "0";
                case GET, HEAD, DELETE -> null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POST", "PUT", "PATCH", "DELETE"})
    void aBodyIsSentWithEveryMethodThatHasOne(Method method) throws Exception {
        try (MockWebServer server = server(true); Fetching fetching = fetching(true)) {
            assertResponse(fetching.get(request(url(server, true), details(method, "a=1")), new Fetching.Log()));

            RecordedRequest received = received(server);
            assertThat(received.getMethod()).isEqualTo(method.name());
            assertThat(received.getBody()).isNotNull();
            assertThat(received.getBody().utf8()).isEqualTo("a=1");
        }
    }

    /** The length is that of a body which does not come; chunks are announced and do not come either. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5000000", "Transfer-Encoding: chunked", "Content-Encoding: gzip",
        "Content-Type: text/html"})
    void theAnswerToAHeadIsCompleteWithItsHead(String header) throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            for (int i = 0; i < 3; i++) {
                RawServer.readHead(in);
                RawServer.send(socket, "HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n");
            }
        }); Fetching fetching = Fetching.plain()) {
            for (int i = 0; i < 3; i++) {
                FetchRequest head = new FetchRequest(CanonicalUrl.of(server.url("/")), withoutBody(Method.HEAD), "*/*",
                        any -> false, 1 << 20, FetchRequest.Overflow.FAIL);
                Fetch.Response response =
                        assertResponse(fetching.get(head, new Fetching.Log(), Duration.ofSeconds(5)));
                assertThat(response.bodyRead()).isFalse();
                fetching.assertNothingIsLeft();
            }
            assertThat(server.accepted).as("connections").hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "HEAD"})
    void aJobWhoseGetHasABodyIsRefused(Method method) {
        Request start = Request.start(CanonicalUrl.of("http://start.example/a"), Optional.empty())
                .with(details(method, "a=1"));

        assertThatIllegalArgumentException().isThrownBy(() -> Fetching.of(job -> job.startUrl(start)))
                .withMessage("startUrls has a " + method + " with a body: http://start.example/a"
                        + "; send it by POST, PUT, PATCH or DELETE");
    }

    @Test
    void aRequestThatFoundNoServerWasNotSent() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            nobody = free.getLocalPort();
        }
        try (Fetching fetching = Fetching.plain()) {
            Fetch fetch = fetching.get(request("http://127.0.0.1:" + nobody + "/", details(Method.POST, "a=1")),
                    new Fetching.Log());

            assertThat(failure(fetch)).isInstanceOf(Failure.Connection.class);
            assertThat(fetch.attempt().sent()).isFalse();
        }
    }

    @Test
    void aRequestWhoseServerHungUpMayHaveBeenSeen() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> RawServer.readHead(in));
                Fetching fetching = Fetching.plain()) {
            Fetch fetch =
                    fetching.get(request(server.url("/"), details(Method.POST, "a=1")), new Fetching.Log());

            assertThat(failure(fetch)).isInstanceOf(Failure.Connection.class);
            assertThat(fetch.attempt().sent()).isTrue();
        }
    }

    /** The server reads no more than the head, so that the body does not fit what the network holds. */
    @Test
    void anInterruptEndsABodyThatNobodyReads() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            RawServer.readHead(in);
            begun.countDown();
            new CountDownLatch(1).await();
        });
                Fetching fetching = Fetching.plain();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Fetching.Log log = new Fetching.Log();
            FetchRequest post = request(server.url("/"), details(Method.POST, "x".repeat(30 << 20)));
            AtomicReference<Thread> fetcher = new AtomicReference<>();
            Future<Fetch> fetch = threads.submit(() -> {
                fetcher.set(Thread.currentThread());
                return fetching.get(post, log);
            });
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            fetcher.get().interrupt();

            assertThatThrownBy(() -> fetch.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
            assertThat(log.written).as("written").isEmpty();
        }
    }
}
