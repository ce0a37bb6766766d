package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.frontier.Admission.Admitted;
import fanout.internal.host.Work;
import fanout.internal.task.CarrierTurn;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.journal.Replay.Waiting;
import fanout.journal.Space;
import fanout.outcome.CancelReason;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.HostMemory;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What earlier runs of a crawl have left is there again, each kind of it where it belongs. */
class RestorationTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";

    private final ManualTicker ticker = ManualTicker.jumping();
    private final Fingerprint.Seed seed = Fingerprint.Seed.random();

    private Ledger ledger(CrawlJob.Builder job) {
        return new Ledger(job.build(), seed, ticker, new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE).shared,
                new SplittableRandom(1), Space.UNLIMITED, () -> {});
    }

    private Waiting waiting(String url, Redirected... hops) {
        return new Waiting(request(url), Fingerprint.of(url, seed), List.of(hops));
    }

    private static Redirected redirect(String from, String to) {
        return new Redirected(request(from), new Trail(1, 0, Optional.empty()), CanonicalUrl.of(to));
    }

    private LeaseEntry lease(Ledger ledger) {
        return Objects.requireNonNull(ledger.lease(ticker.nanos()));
    }

    @Test
    void countsGoOn() {
        Ledger ledger = ledger(plain(A));
        ledger.restoration(ticker)
                .counted(new Counts(1, 2, 3, 4, 5, 6, 7, 8, 9, Map.of(Stage.BODY, 10L)), 11);
        FrontierSnapshot now = ledger.snapshot(null, ticker.nanos());
        assertThat(now.links()).isEqualTo(new FrontierSnapshot.Links(1, 2, 3));
        assertThat(now.retries()).isEqualTo(4);
        assertThat(now.robots()).isEqualTo(new Auxiliary(5, 6));
        assertThat(now.sitemaps()).isEqualTo(new Sitemaps(7, 8, List.of()));
        assertThat(now.urls().peakLeased()).isEqualTo(9);
        assertThat(now.deadlineExceeded()).isEqualTo(Map.of(Stage.BODY, 10L));
    }

    @Test
    void pagesThatWereFetchedUseUpTheBudget() {
        Ledger ledger = ledger(plain(A).limits(Limits.DEFAULT.toBuilder().maxPages(12).build()));
        Restoration earlier = ledger.restoration(ticker);
        earlier.counted(Counts.NONE, 11);
        earlier.waiting(List.of(waiting(A + 1), waiting(A + 2)));
        assertThat(lease(ledger).work.url()).hasToString(A + 1);
        assertThat(ledger.lease(ticker.nanos())).isNull();
    }

    @Test
    void urlsThatWereKnownAreNotAdmittedAgain() {
        Ledger ledger = ledger(plain(A));
        Restoration earlier = ledger.restoration(ticker);
        FingerprintSet known = new FingerprintSet();
        known.add(Fingerprint.of(A + 1, seed));
        earlier.known(known);
        earlier.waiting(List.of(waiting(A + 2)));
        assertThat(ledger.offer(request(A + 1), ticker.nanos())).isEqualTo(Admitted.KNOWN);
        assertThat(ledger.offer(request(A + 2), ticker.nanos())).isEqualTo(Admitted.KNOWN);
        FrontierSnapshot now = ledger.snapshot(null, ticker.nanos());
        assertThat(now.links().duplicates()).as("a start URL is offered in every run").isZero();
        assertThat(now.urls().discovered()).isEqualTo(2);
        assertThat(ledger.offer(request(A + 3), ticker.nanos())).isEqualTo(Admitted.NEW);
        assertThat(ledger.offer(request(A + 3), ticker.nanos())).isEqualTo(Admitted.KNOWN);
    }

    /** Without an earlier run the second of two is a repetition. */
    @Test
    void aUrlThatIsOfferedTwiceInOneRunIsADuplicate() {
        Ledger ledger = ledger(plain(A));
        assertThat(ledger.offer(request(A), ticker.nanos())).isEqualTo(Admitted.NEW);
        assertThat(ledger.offer(request(A), ticker.nanos())).isEqualTo(Admitted.KNOWN);
        assertThat(ledger.snapshot(null, ticker.nanos()).links().duplicates()).isOne();
    }

    @Test
    void aScopeThatWasWidenedStaysSo() {
        Ledger ledger = ledger(plain(A));
        Request home = request(A);
        List<Link> links = List.of(new Link(CanonicalUrl.of(B + 1), Optional.empty()));
        CarrierTurn turn = new CarrierTurn(ticker);
        assertThat(ledger.screening().links(home, false, links, turn).candidates()).isEmpty();
        ledger.restoration(ticker).changed(new Change.Widened(CanonicalUrl.of(B).host()));
        assertThat(ledger.screening().links(home, false, links, turn).candidates()).hasSize(1);
    }

    @Test
    void sitemapsThatWereFoundAreReadAndThoseThatHaveEndedAreNot() {
        Ledger ledger = ledger(plain(A));
        Restoration earlier = ledger.restoration(ticker);
        earlier.changed(new Change.SitemapEnded(CanonicalUrl.of(A + "bad.xml"), Optional.of(Reason.PARSE), "broken"));
        earlier.changed(new Change.SitemapEnded(CanonicalUrl.of(A + "read.xml"), Optional.empty(), ""));
        for (String found : List.of("bad.xml", "read.xml", "new.xml")) {
            earlier.changed(new Change.SitemapFound(CanonicalUrl.of(A + found)));
        }
        assertThat(lease(ledger).work).isEqualTo(new Work.FetchSitemap(CanonicalUrl.of(A + "new.xml"), 0, 0));
        assertThat(ledger.lease(ticker.nanos())).isNull();
        assertThat(ledger.snapshot(null, ticker.nanos()).sitemaps().failures())
                .containsExactly(new FailedSitemap(A + "bad.xml", Reason.PARSE, "broken"));
    }

    private HostMemory memory(Instant heldUntil, int openingsInARow) {
        return new HostMemory(CanonicalUrl.of(A).host(), Duration.ZERO, heldUntil, 1, 0, openingsInARow,
                Instant.EPOCH);
    }

    @Test
    void aHostThatAskedForSilenceHasIt() {
        Ledger ledger = ledger(plain(A));
        Restoration earlier = ledger.restoration(ticker);
        earlier.changed(new Change.HostChanged(memory(ticker.now().plusSeconds(7), 0)));
        earlier.waiting(List.of(waiting(A + 1)));
        assertThat(ledger.lease(ticker.nanos())).isNull();
        assertThat(ledger.nextAt(ticker.nanos()))
                .isEqualTo(OptionalLong.of(ticker.nanos() + Duration.ofSeconds(7).toNanos()));
    }

    @Test
    void urlsOfAHostThatWasGivenUpAreDecided() {
        Ledger ledger = ledger(plain(A).circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 2)));
        Restoration earlier = ledger.restoration(ticker);
        earlier.changed(new Change.HostChanged(memory(Instant.EPOCH, 2)));
        earlier.waiting(List.of(waiting(A + 1)));
        assertThat(ledger.leftovers(CancelReason.INTERRUPTED, ticker.nanos()).orElseThrow().outcomes())
                .map(TestFrontier::line)
                .containsExactly(A + "1 skipped/circuit_open");
    }

    @Test
    void aChainGoesOnWhereItWas() {
        Ledger ledger = ledger(plain(A));
        Restoration earlier = ledger.restoration(ticker);
        earlier.waiting(List.of(waiting(A + 2, redirect(A, A + 1), redirect(A + 1, A + 2)),
                waiting(A + 3),
                waiting(A + 4, redirect(A + 4, A + 5), redirect(A + 5, A + 4))));
        LeaseEntry ofStart = lease(ledger);
        assertThat(ofStart.work.url()).hasToString(A + 2);
        assertThat(Objects.requireNonNull(ofStart.page).chain().ofStart()).isTrue();
        assertThat(ofStart.page.chain().hops()).isEqualTo(2);
        assertThat(ofStart.page.attempts()).isZero();

        LeaseEntry ofLink = lease(ledger);
        assertThat(ofLink.work.url()).hasToString(A + 3);
        assertThat(Objects.requireNonNull(ofLink.page).chain().ofStart()).isFalse();

        LeaseEntry again = lease(ledger);
        assertThat(again.work.url()).hasToString(A + 4);
        assertThat(Objects.requireNonNull(again.page).attempts()).as("made before it came back").isOne();
    }

    /** A journal gives a redirect with the URL that it leads to. */
    @Test
    void aRedirectDoesNotComeByItself() {
        Restoration earlier = ledger(plain(A)).restoration(ticker);
        assertThatIllegalArgumentException().isThrownBy(() -> earlier.changed(new Change.Followed(redirect(A, B))))
                .withMessageContaining(B);
    }
}
