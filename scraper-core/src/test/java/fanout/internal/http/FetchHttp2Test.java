package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchHttp2Test {

    private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder()
            .addSubjectAlternativeName("localhost")
            .addSubjectAlternativeName("127.0.0.1")
            .build();
    private static final HandshakeCertificates SERVER = new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE)
            .build();
    private static final HandshakeCertificates CLIENT = new HandshakeCertificates.Builder()
            .addTrustedCertificate(CERTIFICATE.certificate())
            .build();

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.useHttps(SERVER.sslSocketFactory());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String target = request.getTarget();
                return new MockResponse.Builder().addHeader("Content-Type", "text/plain")
                        .body(target.equals("/large") ? new Buffer().write(new byte[300_000])
                                : new Buffer().writeUtf8(target))
                        .build();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Fetching fetching() {
        return Fetching.on(client(), Ticker.system());
    }

    private static OkHttpClient client() {
        return new OkHttpClient.Builder().sslSocketFactory(CLIENT.sslSocketFactory(), CLIENT.trustManager()).build();
    }

    private String url(String path) {
        return "https://127.0.0.1:" + server.getPort() + path;
    }

    @Test
    void manyFetchesShareAConnectionAndEachIsWrittenOnce() throws Exception {
        try (Fetching fetching = fetching(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fetching.response(url("/first"));
            List<Future<Boolean>> all = IntStream.range(0, 200).mapToObj(i -> threads.submit(() -> {
                Fetching.Log log = new Fetching.Log();
                long before = System.nanoTime();
                Fetch.Response response = assertResponse(fetching.get(Fetching.whole(url("/" + i)), log));
                assertThat(response.body()).asString().isEqualTo("/" + i);
                assertThat(response.attempt().ip()).contains("127.0.0.1");
                assertThat(log.written).singleElement().satisfies(written -> assertThat(written).isGreaterThan(before));
                return true;
            })).toList();
            for (Future<Boolean> each : all) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
            }
            fetching.assertNothingIsLeft();
            RecordedRequest first = server.takeRequest();
            assertThat(first.getConnectionIndex()).isZero();
            for (int i = 0; i < 200; i++) {
                assertThat(server.takeRequest().getConnectionIndex()).isZero();
            }
        }
    }

    @Test
    void limitsHoldAndTheConnectionGoesOn() throws Exception {
        try (Fetching fetching = fetching()) {
            for (int i = 0; i < 20; i++) {
                assertThat(failure(fetching.get(request(url("/large"), 1_000, Overflow.FAIL), new Fetching.Log())))
                        .isEqualTo(new Failure.BodyTooLarge(1_000));
                assertThat(assertResponse(fetching.get(request(url("/large"), 1_000, Overflow.TRUNCATE),
                        new Fetching.Log())).body()).hasSize(1_000);
                assertThat(fetching.response(url("/small")).body()).asString().isEqualTo("/small");
                fetching.assertNothingIsLeft();
            }
            for (int i = 0; i < 60; i++) {
                assertThat(server.takeRequest().getConnectionIndex()).isZero();
            }
        }
    }

    @Test
    void idleSharedConnectionIsNotReadFromBeforeItIsReused() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        try (Fetching fetching = Fetching.on(client(), ticker)) {
            for (int i = 0; i < 5; i++) {
                fetching.response(url("/" + i));
                ticker.advance(Duration.ofMillis(101)); // longer than an idle HTTP/1 connection is trusted
            }
            for (int i = 0; i < 5; i++) {
                assertThat(server.takeRequest().getConnectionIndex()).isZero();
            }
        }
    }
}
