package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Cache;
import okhttp3.ConnectionSpec;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crawls take of the client that they are given: certificates and protocols, and nothing else. */
class BaseClientTest {

    @TempDir
    private Path folder;

    @Test
    void cacheIsNotUsedNorAreInterceptorsAndAuthenticators() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Interceptor counting = chain -> {
            asked.incrementAndGet();
            return chain.proceed(chain.request());
        };
        try (Cache cache = new Cache(folder.toFile(), 1 << 20); MockWebServer server = new MockWebServer()) {
            OkHttpClient base = new OkHttpClient.Builder().cache(cache)
                    .addInterceptor(counting)
                    .addNetworkInterceptor(counting)
                    .pingInterval(Duration.ofSeconds(1))
                    .authenticator((_, _) -> {
                        asked.incrementAndGet();
                        return null;
                    })
                    .build();
            server.start();
            for (int crawl = 1; crawl <= 2; crawl++) {
                server.enqueue(new MockResponse.Builder().addHeader("Cache-Control", "max-age=60").body("b").build());
                server.enqueue(new MockResponse.Builder().code(401).build());
                try (Fetching fetching = over(base)) {
                    String url = "http://127.0.0.1:" + server.getPort();
                    assertThat(fetching.response(url + "/").body()).asString().isEqualTo("b");
                    assertThat(fetching.response(url + "/locked").head().status()).isEqualTo(401);
                }
                assertThat(server.getRequestCount()).isEqualTo(2 * crawl);
            }
            assertThat(asked).hasValue(0);
            assertThat(cache.requestCount()).isZero();
        }
    }

    @Test
    void certificatesAreTrustedAsTheBaseDoes() throws Exception {
        HeldCertificate held = new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
        HandshakeCertificates theirs = new HandshakeCertificates.Builder().heldCertificate(held).build();
        HandshakeCertificates ours = new HandshakeCertificates.Builder().addTrustedCertificate(held.certificate())
                .build();
        OkHttpClient base = new OkHttpClient.Builder().sslSocketFactory(ours.sslSocketFactory(), ours.trustManager())
                .build();
        try (MockWebServer server = new MockWebServer(); Fetching fetching = over(base)) {
            server.useHttps(theirs.sslSocketFactory());
            server.enqueue(new MockResponse.Builder().body("safe").build());
            server.start();
            assertThat(fetching.response("https://127.0.0.1:" + server.getPort() + "/").body()).asString()
                    .isEqualTo("safe");
        }
    }

    @Test
    void baseWithoutTlsFetchesInTheClear() throws IOException, InterruptedException {
        OkHttpClient base =
                new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)).build();
        try (MockWebServer server = new MockWebServer(); Fetching fetching = over(base)) {
            server.enqueue(new MockResponse.Builder().body("clear").build());
            server.start();
            assertThat(fetching.response("http://127.0.0.1:" + server.getPort() + "/").body()).asString()
                    .isEqualTo("clear");
        }
    }

    private static Fetching over(OkHttpClient base) {
        return Fetching.of(job -> job, base, new SystemResolver(Ticker.system()));
    }
}
