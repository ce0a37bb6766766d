package fanout.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.page.Request.Body;
import fanout.url.CanonicalUrl;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What belongs to a request beside the job: its session, an interceptor's headers, the bytes of its body. */
class OpenSessionTest {

    private static final CanonicalUrl HERE = CanonicalUrl.of("https://a.example/x");
    private static final CanonicalUrl ELSEWHERE = CanonicalUrl.of("https://b.example/x");

    @Test
    void aSessionCoversItsOrigins() {
        OpenSession opening = OpenSession.opening(7, Set.of("https://a.example"));

        assertThat(opening).isEqualTo(new OpenSession(7, true, Set.of("https://a.example"), Map.of()));
        assertThat(opening.covers(HERE)).isTrue();
        assertThat(opening.covers(ELSEWHERE)).isFalse();
        assertThat(OpenSession.NONE.covers(HERE)).isFalse();
        assertThat(opening.alsoAt(ELSEWHERE))
                .isEqualTo(OpenSession.opening(7, Set.of("https://a.example", "https://b.example")));
        assertThat(new OpenSession(3, false, Set.of(), Map.of("X-Key", "hush"))).hasToString("session 3");
    }

    @Test
    void anInterceptorSendsHeadersThatAJobMaySend() {
        assertThat(new RequestInterceptor.Decision.Send(Map.of("X-A", "b")).headers()).isEqualTo(Map.of("X-A", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestInterceptor.Decision.Send(Map.of("user-agent", "x")))
                .withMessage("headers.user-agent is set by the job");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestInterceptor.Decision.Send(Map.of("X-A", "b\r\nc")));
    }

    @Test
    void octetsAreBytesAndAllElseIsUtf8() {
        String text = "\u00e4\u00ff";

        assertThat(new Body("text/plain", text, true).bytes()).containsExactly(0xE4, 0xFF);
        assertThat(new Body("text/plain", text).bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(new Body("text/plain", "\u0100").bytes()).hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> new Body("text/plain", "\u0100", true))
                .withMessage("a text of octets has a character that is no byte");
    }
}
