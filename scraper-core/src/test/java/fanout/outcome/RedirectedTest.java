package fanout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedirectedTest {

    private static final CanonicalUrl FROM = CanonicalUrl.of("http://example.org/a");
    private static final CanonicalUrl TARGET = CanonicalUrl.of("http://example.org/b?sid=1");
    private static final CanonicalUrl KNOWN = CanonicalUrl.of("http://example.org/b");

    private final Redirected redirected =
            new Redirected(Request.start(FROM, Optional.empty()), Trail.NONE, TARGET);

    @Test
    void aTargetIsRequestedAsItIsAndKnownByAnotherUrl() {
        Redirected knownAs = redirected.knownAs(KNOWN);

        assertThat(knownAs.known()).contains(KNOWN);
        assertThat(knownAs.target()).isEqualTo(TARGET);
        assertThat(knownAs.next().url()).isEqualTo(TARGET);
        assertThat(knownAs.next().key()).isEqualTo(KNOWN.toString());
    }

    @Test
    void aTargetThatIsKnownByItselfIsAnyTarget() {
        assertThat(redirected.knownAs(TARGET)).isEqualTo(redirected);
        assertThat(redirected.next().key()).isEqualTo(TARGET.toString());
    }
}
