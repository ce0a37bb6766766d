package fanout.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.dns.GuardedDns;
import fanout.dns.SystemResolver;
import fanout.job.CrawlJob;
import fanout.socket.AddressPolicy;
import fanout.task.Ticker;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class CrawlClientsTest {

    private static final CanonicalUrl IN_THE_CLEAR = CanonicalUrl.of("http://a.example.org/");
    private static final CanonicalUrl SECURED = CanonicalUrl.of("https://a.example.org/");

    private static CrawlClients over(Optional<OkHttpClient> base) {
        CrawlJob job = CrawlJob.builder("test").startUrl("http://a.example.org/").build();
        AddressPolicy policy = new AddressPolicy(job.network());
        try (SystemResolver resolver = new SystemResolver(Ticker.system())) {
            return CrawlClients.of(base, job, policy, new GuardedDns(resolver, policy), OkHttpInternals.present(),
                    Ticker.system());
        }
    }

    @Test
    void onlySecuredUrlsPayForTls() {
        CrawlClients clients = over(Optional.empty());
        assertThat(clients.of(IN_THE_CLEAR).x509TrustManager()).isNull();
        assertThat(clients.of(SECURED).x509TrustManager()).isNotNull();
        assertThat(clients.of(SECURED)).isSameAs(clients.of(SECURED));
        clients.close();
    }

    @Test
    void bothClientsShareOnePool() {
        CrawlClients clients = over(Optional.empty());
        assertThat(clients.of(SECURED).connectionPool()).isSameAs(clients.of(IN_THE_CLEAR).connectionPool());
        assertThat(clients.of(SECURED).dispatcher()).isSameAs(clients.of(IN_THE_CLEAR).dispatcher());
        clients.close();
    }

    @Test
    void baseThatRefusesClearTextIsObeyed() {
        OkHttpClient strict = new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS)).build();
        CrawlClients clients = over(Optional.of(strict));
        assertThat(clients.of(IN_THE_CLEAR).connectionSpecs()).containsExactly(ConnectionSpec.MODERN_TLS);
        clients.close();
    }
}
