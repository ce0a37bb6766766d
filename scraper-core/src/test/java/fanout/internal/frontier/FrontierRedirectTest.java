package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CircuitBreaking;
import fanout.job.Limits;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Change;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.url.DroppedParameters;
import fanout.url.Host;
import fanout.url.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A redirect is a link: its target is a URL of its own, and the lines of a chain are written when it ends. */
class FrontierRedirectTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";

    @Test
    void linesOfAChainAreWrittenWhenItEnds() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.redirect(crawl.start(A), A + "2");
        assertThat(crawl.lines()).isEmpty();
        crawl.redirect(crawl.start(A + "2"), A + "3");
        assertThat(crawl.lines()).isEmpty();
        Lease last = crawl.start(A + "3");
        assertThat(TestFrontier.page(last).redirects()).isEqualTo(2);
        crawl.ok(last);

        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "2 redirected", A + "3 ok");
        assertThat(crawl.outcomes).extracting(outcome -> outcome.trail().redirects()).containsExactly(0, 1, 2);
        assertThat(crawl.outcomes).extracting(outcome -> outcome.request().depth()).containsOnly(0);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void siteThatSetsACookieAndSendsBackIsReadAndHasOneLineForEachUrl() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.redirect(crawl.start(A), A + "cookie");
        crawl.redirect(crawl.start(A + "cookie"), A);
        Lease again = crawl.start(A);
        crawl.ok(again, A + "next");

        assertThat(crawl.lines()).containsExactly(A + "cookie redirected", A + " ok");
        assertThat(crawl.frontier.snapshot().retries()).as("nothing has failed").isZero();
        crawl.ok(crawl.start(A + "next"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void pageThatRedirectsToItselfIsAskedAsOftenAsRedirectsAreAllowed() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        for (int hop = 0; hop <= Limits.DEFAULT.maxRedirects(); hop++) {
            crawl.redirect(crawl.start(A), A);
        }
        assertThat(crawl.lines()).containsExactly(A + " failed/too_many_redirects");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void loopOfTwoEndsWithOneLineForEach() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        for (int hop = 0; hop <= Limits.DEFAULT.maxRedirects(); hop++) {
            crawl.redirect(crawl.start(), hop % 2 == 0 ? A + "other" : A);
        }
        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "other failed/too_many_redirects");
    }

    @Test
    void targetThatIsKnownAlreadyIsNotFetchedAgain() {
        TestFrontier crawl = TestFrontier.of(plain(A + "1", A + "2"));
        Lease first = crawl.start(A + "1");
        Lease second = crawl.start(A + "2");
        crawl.redirect(first, A + "2");
        crawl.ok(second);

        assertThat(crawl.lines()).containsExactly(A + "1 redirected", A + "2 ok");
        assertThat(crawl.frontier.snapshot().links().duplicates()).isEqualTo(1);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    private static TestFrontier droppingSid(String... startUrls) {
        return TestFrontier.of(plain(startUrls).scope(Scope.of(20).dropping(DroppedParameters.of(List.of("sid")))));
    }

    @Test
    void targetIsRequestedAsItIsAndKnownWithoutWhatIsDropped() {
        TestFrontier crawl = droppingSid(A + "1", A + "2");
        Lease first = crawl.start(A + "1");
        Lease second = crawl.start(A + "2");
        crawl.redirect(first, A + "new?sid=1");
        crawl.redirect(second, A + "new?sid=2");
        crawl.ok(crawl.start(A + "new?sid=1"), A + "new");

        assertThat(crawl.lines()).containsExactly(A + "2 redirected", A + "1 redirected", A + "new?sid=1 ok");
        assertThat(crawl.frontier.snapshot().links().duplicates()).as("of a redirect and a link").isEqualTo(2);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void siteThatSendsToItselfWithASessionIdIsRead() {
        TestFrontier crawl = droppingSid(A);
        crawl.redirect(crawl.start(A), A + "?sid=1");
        crawl.ok(crawl.start(A + "?sid=1"), A);

        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "?sid=1 ok");
        assertThat(crawl.frontier.snapshot().links().duplicates()).isOne();
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    /** Of two URLs that are known as one, the one that is read has the line. */
    @Test
    void siteThatSendsBackWithoutItsSessionIdIsRead() {
        TestFrontier crawl = droppingSid(A + "old");
        crawl.redirect(crawl.start(A + "old"), A + "new?sid=1");
        crawl.redirect(crawl.start(A + "new?sid=1"), A + "new");
        crawl.ok(crawl.start(A + "new"));

        assertThat(crawl.lines()).containsExactly(A + "old redirected", A + "new ok");
        assertThat(crawl.frontier.snapshot().urls().discovered()).isEqualTo(2);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void siteThatGivesOutSessionIdsWithoutEndIsLeft() {
        TestFrontier crawl = droppingSid(A);
        crawl.redirect(crawl.start(A), A + "?sid=0");
        for (int hop = 1; hop <= Limits.DEFAULT.maxRedirects(); hop++) {
            crawl.redirect(crawl.start(A + "?sid=" + (hop - 1)), A + "?sid=" + hop);
        }
        assertThat(crawl.lines()).hasSize(6).endsWith(A + "?sid=4 failed/too_many_redirects");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void targetOutOfScopeIsNotFetched() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.ok(crawl.start(A), A + "away");
        crawl.redirect(crawl.start(A + "away"), B);

        assertThat(crawl.lines()).containsExactly(A + " ok", A + "away redirected");
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(1);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void startUrlThatIsSentToAnotherHostTakesTheScopeThere() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.redirect(crawl.start(A), B);
        crawl.ok(crawl.start(B), B + "next", A + "old");

        crawl.ok(crawl.start(B + "next"));
        crawl.ok(crawl.start(A + "old"));
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isZero();
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void hostsAStartUrlOnlyPassesThroughStayOutside() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.redirect(crawl.start(A), "http://login.example.org/");
        crawl.redirect(crawl.start("http://login.example.org/"), B);
        crawl.ok(crawl.start(B), "http://login.example.org/more");

        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(1);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void startUrlCannotLeaveDomainsThatTheJobNames() {
        Scope scope = new Scope(List.of(Scope.Domain.parse("a.example.org")), Set.of(), List.of(), List.of(), 20);
        TestFrontier crawl = TestFrontier.of(plain(A).scope(scope));
        crawl.redirect(crawl.start(A), B);
        assertThat(crawl.lines()).containsExactly(A + " redirected");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void targetThatIsTooLongOrHasNoRoomIsDropped() {
        TestFrontier crawl = TestFrontier.of(plain(A).limits(limits(10, 1, Duration.ofHours(1))));
        crawl.redirect(crawl.start(A), A + "2");
        assertThat(crawl.lines()).containsExactly(A + " redirected");
        assertThat(crawl.frontier.snapshot().links().dropped()).isEqualTo(1);

        TestFrontier other = TestFrontier.of(plain(A));
        other.redirect(other.start(A), A + "x".repeat(Limits.DEFAULT.maxUrlLength()));
        assertThat(other.lines()).containsExactly(A + " redirected");
        assertThat(other.frontier.snapshot().links().dropped()).isEqualTo(1);
    }

    @Test
    void chainThatIsCutShortStillHasOneLineForEachUrl() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.redirect(crawl.start(A), A + "2");
        crawl.frontier.drain();
        assertThat(crawl.end()).isEqualTo("INTERRUPTED");

        List<Outcome> left = crawl.frontier.leftovers(CancelReason.INTERRUPTED).orElseThrow().outcomes();
        assertThat(left).extracting(TestFrontier::line)
                .containsExactly(A + " redirected",
                        A + "2 cancelled/interrupted");
        assertThat(crawl.frontier.leftovers(CancelReason.INTERRUPTED)).isEmpty();
    }

    @Test
    void redirectsDoNotUseUpThePageBudget() {
        TestFrontier crawl = TestFrontier.of(plain(A, A + "b").limits(limits(1, 100, Duration.ofHours(1))));
        crawl.redirect(crawl.start(A), A + "2");
        crawl.redirect(crawl.start(), A + "2");
        crawl.ok(crawl.start());
        assertThat(crawl.outcomes.stream().filter(outcome -> outcome.name().equals("ok"))).hasSize(1);
        assertThat(crawl.outcomes).hasSize(3);
    }

    @Test
    void whatACrawlMustKnowOfAChainIsTold() {
        TestFrontier crawl = TestFrontier.of(plain(A, A + "other"));
        Lease first = crawl.start(A);
        Lease other = crawl.start(A + "other");
        crawl.redirect(first, A + "cookie");
        crawl.redirect(crawl.start(A + "cookie"), A);
        crawl.redirect(crawl.start(A), B);
        crawl.ok(crawl.start(B));
        crawl.ok(other);
        assertThat(crawl.changes).extracting(change -> switch (change) {
            case Change.Followed(Redirected to) -> to.request().url() + " to " + to.target();
            case Change.Widened(Host host) -> "widened by " + host.name();
            case Change.SitemapFound _,Change.SitemapEnded _,Change.HostChanged _ -> change.toString();
        })
                .containsExactly(A + " to " + A + "cookie", A + "cookie to " + A, A + " to " + B,
                        "widened by b.example.org");
    }

    /** The page that ends the chain has no links that would be screened. */
    @Test
    void aScopeIsWidenedByAChainThatEndsWithoutALink() {
        TestFrontier crawl = TestFrontier.of(plain(A, A + "links"));
        crawl.redirect(crawl.start(A), B);
        Lease links = crawl.start(A + "links");
        crawl.status(crawl.start(B), 404);
        crawl.ok(links, B + "next");
        crawl.ok(crawl.start(B + "next"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    /** What leads there is a link, and no start URL. */
    @Test
    void aScopeIsNotWidenedByALink() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.ok(crawl.start(A), A + "next");
        crawl.ok(crawl.start(A + "next"));
        assertThat(crawl.changes).isEmpty();
    }

    @Test
    void aChainThatComesBackToAHostWhichIsGivenUpEndsThere() {
        TestFrontier crawl = TestFrontier.of(plain(A, A + "2").circuitBreaker(
                new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1)));
        Lease first = crawl.start(A);
        Lease failing = crawl.start(A + "2");
        crawl.redirect(first, B);
        Lease back = crawl.start(B);
        crawl.fail(failing, new Failure.Connection("refused"));
        crawl.redirect(back, A);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + "2 failed/connection", B + " redirected",
                A + " skipped/circuit_open");
    }

    @Test
    void attemptsBeforeAChainCameBackAreNoRetries() {
        TestFrontier crawl = TestFrontier.of(plain(A).retries(
                new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1))));
        crawl.redirect(crawl.start(A), A + "cookie");
        crawl.redirect(crawl.start(A + "cookie"), A);
        crawl.status(crawl.start(A), 503);
        crawl.status(crawl.start(A), 503);
        assertThat(crawl.lines()).containsExactly(A + "cookie redirected", A + " failed/http_status");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }
}
