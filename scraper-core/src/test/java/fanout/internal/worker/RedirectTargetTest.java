package fanout.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.Fetch.HeldMemory;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class RedirectTargetTest {

    private static final CanonicalUrl FROM = CanonicalUrl.of("http://example.org/a/");

    private static Fetch.Response redirect(Headers headers) {
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ZERO, Optional.empty(), Optional.empty(),
                Optional.empty());
        ResponseHead head = new ResponseHead(302, Optional.empty(), Optional.empty(), Optional.empty());
        return new Fetch.Response(attempt, head, headers, "", new byte[0], false, HeldMemory.NONE);
    }

    private static Optional<String> target(String location) {
        Headers headers = new Headers.Builder().addUnsafeNonAscii("Location", location).build();
        return Fetching.target(FROM, redirect(headers)).map(CanonicalUrl::toString);
    }

    @Test
    void aLocationLeadsFromThePage() {
        assertThat(target("b")).contains("http://example.org/a/b");
        assertThat(target("/caf\u00e9")).contains("http://example.org/caf%C3%A9");
    }

    @Test
    void aLocationWhoseBytesAreLostLeadsNowhere() {
        assertThat(target("/t/a\uFFFD\uFFFDo")).isEmpty();
        assertThat(target("\uFFFDo")).isEmpty();
        assertThat(Fetching.badRedirect(redirect(Headers.EMPTY)).detail()).isEqualTo("no Location");
    }
}
