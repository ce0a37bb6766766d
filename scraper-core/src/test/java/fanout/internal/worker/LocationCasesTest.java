package fanout.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.Fetch.HeldMemory;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of a Location header. */
class LocationCasesTest {

    private static final CanonicalUrl FROM = CanonicalUrl.of("http://example.org/dir/page?q=1");

    static List<Case> cases() throws IOException {
        return Case.of(LocationCasesTest.class, "location.txt", 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRedirectLeadsWhereBrowsersGo(Case location) {
        Headers.Builder headers = new Headers.Builder();
        if (!location.input(0).equals("-")) {
            headers.addUnsafeNonAscii("Location", location.input(0));
        }
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ZERO, Optional.empty(), Optional.empty(),
                Optional.empty());
        ResponseHead head = new ResponseHead(302, Optional.empty(), Optional.empty(), Optional.empty());
        Fetch.Response response =
                new Fetch.Response(attempt, head, headers.build(), "", new byte[0], false, HeldMemory.NONE);
        assertThat(Fetching.target(FROM, response).map(CanonicalUrl::toString).orElse("bad_redirect"))
                .isEqualTo(location.expected());
    }
}
