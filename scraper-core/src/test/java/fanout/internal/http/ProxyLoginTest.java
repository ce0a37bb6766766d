package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Http;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** What a proxy is told, and what it is not; and certificates that only the job trusts. */
class ProxyLoginTest {

    private static final Http.Login LOGIN = new Http.Login("user", "sésame");
    private static final String BASIC = "Basic dXNlcjpzw6lzYW1l";
    private static final HeldCertificate HELD =
            new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();

    private static Fetching fetching(Optional<Http.Proxy> proxy, boolean trusts) {
        return Fetching.of(job -> job.http(Http.DEFAULT.toBuilder()
                .proxy(proxy)
                .authorities(trusts ? List.of(HELD.certificate()) : List.of())
                .build()));
    }

    private static Optional<Http.Proxy> proxyAt(MockWebServer server) {
        return Optional.of(new Http.Proxy("127.0.0.1", server.getPort(), Optional.of(LOGIN)));
    }

    private static MockWebServer tlsServer() {
        MockWebServer server = new MockWebServer();
        server.useHttps(new HandshakeCertificates.Builder().heldCertificate(HELD).build().sslSocketFactory());
        return server;
    }

    @Test
    void forwardedRequestCarriesTheLoginAndARefusalIsNotAnsweredAgain() throws Exception {
        try (MockWebServer proxy = new MockWebServer()) {
            proxy.enqueue(new MockResponse.Builder().body("far").build());
            proxy.enqueue(new MockResponse.Builder().code(407).addHeader("Proxy-Authenticate", "Basic").build());
            proxy.start();
            try (Fetching fetching = fetching(proxyAt(proxy), false)) {
                assertThat(fetching.response("http://127.0.0.1:1/").body()).asString().isEqualTo("far");
                assertThat(fetching.response("http://127.0.0.1:1/again").head().status()).isEqualTo(407);
            }
            assertThat(proxy.getRequestCount()).isEqualTo(2);
            assertThat(proxy.takeRequest().getHeaders().get(Requests.PROXY_LOGIN)).isEqualTo(BASIC);
        }
    }

    @Test
    void tunnelIsOpenedWithTheLoginAndWhatGoesThroughItHasNone() throws Exception {
        try (MockWebServer proxy = tlsServer()) {
            proxy.enqueue(new MockResponse.Builder().inTunnel().build());
            proxy.enqueue(new MockResponse.Builder().body("safe").build());
            proxy.start();
            try (Fetching fetching = fetching(proxyAt(proxy), true)) {
                assertThat(fetching.response("https://127.0.0.1:1/").body()).asString().isEqualTo("safe");
            }
            RecordedRequest tunnel = proxy.takeRequest();
            assertThat(tunnel.getMethod()).isEqualTo("CONNECT");
            assertThat(tunnel.getHeaders().get(Requests.PROXY_LOGIN)).isEqualTo(BASIC);
            assertThat(proxy.takeRequest().getHeaders().get(Requests.PROXY_LOGIN)).isNull();
        }
    }

    @Test
    void certificateOfTheJobIsTrustedAndWithoutItIsNot() throws Exception {
        try (MockWebServer server = tlsServer()) {
            server.enqueue(new MockResponse.Builder().body("safe").build());
            server.start();
            String url = "https://127.0.0.1:" + server.getPort() + "/";
            try (Fetching fetching = fetching(Optional.empty(), true)) {
                assertThat(fetching.response(url).body()).asString().isEqualTo("safe");
            }
            try (Fetching fetching = fetching(Optional.empty(), false)) {
                assertThat(fetching.failure(url).reason()).hasToString("tls");
            }
        }
    }

    @Test
    void passwordIsNotShown() {
        assertThat(new Http.Proxy("proxy.example.org", 3128, Optional.of(LOGIN)).toString()).contains("user")
                .doesNotContain("sésame");
    }
}
