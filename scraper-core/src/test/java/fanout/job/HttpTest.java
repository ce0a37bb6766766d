package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Politeness.Manners;
import fanout.url.Host;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** Headers, proxies and manners of hosts. */
class HttpTest {

    @Test
    void credentialsStayAtTheStart() {
        Http http = Http.DEFAULT.toBuilder()
                .headers(Map.of("authorization", "Bearer x", "COOKIE", "a=b", "Accept-Language", "de"))
                .build();

        assertThat(http.withoutCredentials().headers()).isEqualTo(Map.of("Accept-Language", "de"));
        assertThat(http.headers()).hasSize(3);
    }

    @Test
    void headersAreAnsweredToInAnyCaseAndCannotBeChanged() {
        Map<String, String> headers = new HashMap<>(Map.of("Accept-Language", "de"));
        Http http = Http.DEFAULT.toBuilder().headers(headers).build();
        headers.clear();

        assertThat(http.headers().get("accept-language")).isEqualTo("de");
        assertThat(http.headers()).isUnmodifiable();
    }

    @Test
    void authoritiesAreKept() {
        List<X509Certificate> authorities = List.of(new HeldCertificate.Builder().build().certificate());

        assertThat(Http.DEFAULT.toBuilder().authorities(authorities).build().authorities()).isEqualTo(authorities);
    }

    @Test
    void aLoginIsShownWithoutItsPassword() {
        Http.Proxy proxy = new Http.Proxy("127.0.0.1", 3128, Optional.of(new Http.Login("user", "secret")));

        assertThat(proxy.login().orElseThrow()).hasToString("Login[user=***, password=***]");
        assertThat(proxy.toString()).doesNotContain("secret");
    }

    @Test
    void theMannersOfAHostAreThoseOfItsPortThenOfItsNameThenOfAll() {
        Manners port = new Manners(3, Duration.ZERO, false, Duration.ofSeconds(1));
        Manners name = new Manners(4, Duration.ZERO, false, Duration.ofSeconds(1));
        Politeness politeness = Politeness.DEFAULT.toBuilder()
                .hosts(Map.of("example.org:8080", port, "example.org", name))
                .build();

        assertThat(politeness.mannersFor(new Host("example.org", 8080))).isEqualTo(port);
        assertThat(politeness.mannersFor(new Host("example.org", 80))).isEqualTo(name);
        assertThat(politeness.mannersFor(new Host("www.example.org", 80))).isEqualTo(Manners.DEFAULT);
    }
}
