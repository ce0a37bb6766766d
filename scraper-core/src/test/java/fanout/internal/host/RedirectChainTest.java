package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedirectChainTest {

    private static CanonicalUrl url(String path) {
        return CanonicalUrl.of("http://example.org/" + path);
    }

    private static Redirected hop(String from, String to) {
        return new Redirected(Request.start(url(from), Optional.empty()), Trail.NONE, url(to));
    }

    @Test
    void chainHasAHopMoreWithEachRedirectAndItsLinesWhenItEnds() {
        Redirected first = hop("a", "b");
        Redirected second = hop("b", "c");
        RedirectChain chain = RedirectChain.OF_START.then(first).then(second);
        Outcome last =
                new Failed(Request.start(url("c"), Optional.empty()), Trail.NONE, new Failure.HttpStatus(404));

        assertThat(chain.hops()).isEqualTo(2);
        assertThat(chain.ofStart()).isTrue();
        assertThat(chain.endedBy(last)).containsExactly(first, second, last);
        assertThat(RedirectChain.OF_LINK.then(first).ofStart()).isFalse();
        assertThat(RedirectChain.OF_LINK.endedBy(last)).containsExactly(last);
    }

    private static Request get(String path) {
        return Request.start(url(path), Optional.empty());
    }

    /** Sites set a cookie and send back: the URL has one line, which is that of its last visit. */
    @Test
    void urlThatAChainComesBackToHasNoLineOfItsFirstVisit() {
        Redirected away = hop("a", "b");
        Redirected back = hop("b", "a");
        RedirectChain chain = RedirectChain.OF_LINK.then(away);
        Request post = get("a").with(new Request.Details(Request.Method.POST, Map.of(), Optional.empty(), 0, Map.of()));
        assertThat(chain.member(get("a"), back)).contains(away);
        assertThat(chain.member(get("b"), back)).as("the present one is a member, too").contains(back);
        assertThat(chain.member(get("c"), back)).isEmpty();
        assertThat(chain.member(post, back)).as("another request for a").isEmpty();

        RedirectChain again = chain.then(back);
        assertThat(again.hops()).isEqualTo(2);
        assertThat(again.earlier()).containsExactly(back);
    }

    @Test
    void chainSharesNothingWithWhatItWasMadeFrom() {
        List<Redirected> earlier = new ArrayList<>(List.of(hop("a", "b")));
        RedirectChain chain = new RedirectChain(1, earlier, false);
        earlier.clear();
        assertThat(chain.earlier()).hasSize(1);
        RedirectChain longer = chain.then(hop("b", "c"));
        assertThat(chain.earlier()).hasSize(1);
        assertThat(longer.earlier()).hasSize(2);
    }
}
