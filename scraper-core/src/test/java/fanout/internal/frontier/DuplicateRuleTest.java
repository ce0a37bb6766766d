package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.request;
import static fanout.internal.frontier.TestFrontier.status;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.ContentDigest;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages with the content of an earlier one, and what becomes of their links. */
class DuplicateRuleTest {

    private static final String A = "http://a.example.org/";
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f123456789abcdef".repeat(4);

    private final ManualTicker ticker = ManualTicker.stopped();

    private Ledger ledger(boolean follows, String... urls) {
        return TestFrontier.ledger(plain(urls).scope(Scope.of(20).followingDuplicates(follows)), ticker, urls);
    }

    private LeaseEntry lease(Ledger ledger) {
        return Objects.requireNonNull(ledger.lease(ticker.nanos()));
    }

    private static PageResult ok(LeaseEntry lease, String hash) {
        Content content = new Content(9, Optional.of("UTF-8"), Optional.of(hash), Optional.empty(), 1, 0);
        return new PageResult(new Fetched(((Work.FetchPage) lease.work).request(), Trail.NONE, content, List.of()),
                List.of(), 0, status(200));
    }

    private static Screened links(Ledger ledger, String... urls) {
        return new Screened(Stream.of(urls).map(url -> ledger.screening().candidate(request(url))).toList(), 2, 3);
    }

    private Optional<Step> finish(Ledger ledger, LeaseEntry lease, String hash, Screened links) {
        return ledger.finish(lease, ok(lease, hash), links, ticker.nanos());
    }

    private static List<String> lines(Step step) {
        return step.outcomes().stream().map(DuplicateRuleTest::line).toList();
    }

    private static List<String> admitted(Step step) {
        return step.admitted().stream().map(request -> request.url().toString()).toList();
    }

    private static String line(Outcome outcome) {
        return outcome.request().url().pathAndQuery() + " of "
                + ((Fetched) outcome).duplicateOf().map(CanonicalUrl::pathAndQuery).orElse("itself");
    }

    @Test
    void laterPageNamesTheFirstOneAndItsLinksAreFollowed() {
        Ledger ledger = ledger(true, A + "1", A + "2", A + "3");
        LeaseEntry first = lease(ledger);
        LeaseEntry second = lease(ledger);
        LeaseEntry third = lease(ledger);

        assertThat(lines(finish(ledger, second, HASH, Screened.NONE).orElseThrow())).containsExactly("/2 of itself");
        Step step = finish(ledger, first, HASH, links(ledger, A + "x")).orElseThrow();
        assertThat(lines(step)).containsExactly("/1 of /2");
        assertThat(admitted(step)).containsExactly(A + "x");
        assertThat(lines(finish(ledger, third, OTHER, Screened.NONE).orElseThrow())).containsExactly("/3 of itself");
    }

    @Test
    void linksOfADuplicateAreDroppedIfTheyAreNotFollowed() {
        Ledger ledger = ledger(false, A + "1", A + "2");
        LeaseEntry first = lease(ledger);
        LeaseEntry second = lease(ledger);

        assertThat(admitted(finish(ledger, first, HASH, links(ledger, A + "x")).orElseThrow())).contains(A + "x");
        Step step = finish(ledger, second, HASH, links(ledger, A + "y", A + "z")).orElseThrow();
        assertThat(step.admitted()).isEmpty();
        FrontierSnapshot.Links counted = ledger.snapshot(null, ticker.nanos()).links();
        assertThat(counted.dropped()).as("three of each page, and two that are not followed").isEqualTo(3 + 3 + 2);
        assertThat(counted.outOfScope()).isEqualTo(4);
    }

    /** Otherwise a page that ends meanwhile would be the first, and what was admitted would be of a duplicate. */
    @Test
    void pageThatIsAdmittedInPartsHoldsBackOthersWithItsContent() {
        Ledger ledger = ledger(false, A + "1", A + "2", A + "3");
        LeaseEntry claims = lease(ledger);
        LeaseEntry same = lease(ledger);
        LeaseEntry other = lease(ledger);
        assertThat(ledger.admit(claims, ok(claims, HASH), links(ledger, A + "x"), ticker.nanos())).isTrue();

        assertThat(ledger.admit(same, ok(same, HASH), links(ledger, A + "y"), ticker.nanos())).isFalse();
        assertThat(finish(ledger, same, HASH, links(ledger, A + "y")).stream().flatMap(step -> lines(step).stream()))
                .as("it is held back")
                .isEmpty();
        assertThat(lines(finish(ledger, other, OTHER, Screened.NONE).orElseThrow())).containsExactly("/3 of itself");
        Step step = finish(ledger, claims, HASH, links(ledger, A + "z")).orElseThrow();

        assertThat(lines(step)).containsExactly("/1 of itself", "/2 of /1");
        assertThat(admitted(step)).contains(A + "z").doesNotContain(A + "y");
        assertThat(ledger.heldLeases()).isEmpty();
    }

    @Test
    void claimEndsWithALeaseThatIsAbandoned() {
        Ledger ledger = ledger(false, A + "1", A + "2");
        LeaseEntry claims = lease(ledger);
        LeaseEntry same = lease(ledger);
        ledger.admit(claims, ok(claims, HASH), links(ledger, A + "x"), ticker.nanos());
        assertThat(finish(ledger, same, HASH, Screened.NONE).stream().flatMap(held -> lines(held).stream())).isEmpty();
        ledger.abandon(claims, ticker.nanos());

        Step step = null;
        for (int pages = 0; pages < 2; pages++) { // the page again, and its link
            LeaseEntry next = lease(ledger);
            boolean isAgain = ((Work.FetchPage) next.work).url().toString().equals(A + "1");
            Optional<Step> made = finish(ledger, next, isAgain ? HASH : OTHER, Screened.NONE);
            step = step == null ? made.orElseThrow() : step;
            assertThat(lines(made.orElseThrow())).containsAnyOf("/1 of /2", "/x of itself");
        }
        assertThat(lines(Objects.requireNonNull(step))).as("settled when the claim had ended").contains("/2 of itself");
    }

    @Test
    void pagesThatAreFollowedClaimNothing() {
        Ledger ledger = ledger(true, A + "1", A + "2");
        LeaseEntry first = lease(ledger);
        LeaseEntry second = lease(ledger);
        assertThat(ledger.admit(first, ok(first, HASH), links(ledger, A + "x"), ticker.nanos())).isTrue();

        assertThat(lines(finish(ledger, second, HASH, Screened.NONE).orElseThrow())).containsExactly("/2 of itself");
        assertThat(lines(finish(ledger, first, HASH, Screened.NONE).orElseThrow())).containsExactly("/1 of /2");
    }

    /** With so many contents the tables have grown, and digests have met at a slot. */
    @Test
    void firstPagesOfManyContentsAreKnown() {
        FirstPages firsts = new FirstPages();
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> hashes = Stream.generate(() -> {
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            return hash;
        }).limit(20_000).toList();
        for (int i = 0; i < hashes.size(); i++) {
            ContentDigest digest = ContentDigest.of(HexFormat.of().formatHex(hashes.get(i)));
            assertThat(firsts.knows(digest)).isFalse();
            firsts.restore(digest, CanonicalUrl.of(A + (i % 3 == 0 ? "a/" : "b?page=") + i));
            firsts.restore(digest, CanonicalUrl.of(A + "later"));
        }
        for (int i = 0; i < hashes.size(); i++) {
            Content content = new Content(1, Optional.empty(), Optional.of(HexFormat.of().formatHex(hashes.get(i))),
                    Optional.empty(), 0, 0);
            assertThat(firsts.judged(new Fetched(request(A), Trail.NONE, content, List.of())).duplicateOf())
                    .map(CanonicalUrl::toString)
                    .contains(A + (i % 3 == 0 ? "a/" : "b?page=") + i);
        }
    }

    /** They have their first 64 bits in common, then 96. */
    @Test
    void digestsThatAreNearAreToldApart() {
        FirstPages firsts = new FirstPages();
        for (int low = 0; low < 50; low++) {
            firsts.restore(new ContentDigest(7, low), CanonicalUrl.of(A + low));
            firsts.restore(new ContentDigest(low + 8L, 0), CanonicalUrl.of(A + "high/" + low));
        }
        for (int low = 0; low < 50; low++) {
            assertThat(firsts.knows(new ContentDigest(7, low))).isTrue();
            assertThat(firsts.knows(new ContentDigest(low + 8L, 0))).isTrue();
            assertThat(firsts.knows(new ContentDigest(7, low + 50))).isFalse();
        }
        assertThat(firsts.knows(new ContentDigest(0, 0))).isFalse();
    }
}
