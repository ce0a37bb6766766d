package fanout.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.page.OpenSession;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FetchRequestTest {

    @Test
    void sessionIsExchangedAndAllElseStays() {
        FetchRequest request = new FetchRequest(CanonicalUrl.of("https://a.example/"), Request.Details.NONE,
                "text/html", _ -> true, 1, FetchRequest.Overflow.TRUNCATE);
        OpenSession session = OpenSession.opening(1, Set.of("https://a.example"));

        FetchRequest under = request.under(session);

        assertThat(under.session()).isEqualTo(session);
        assertThat(under.under(OpenSession.NONE)).isEqualTo(request);
        assertThat(request.under(OpenSession.NONE)).isSameAs(request);
    }
}
