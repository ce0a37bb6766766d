package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.host.HostFeedback;
import fanout.internal.task.CarrierTurn;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Fetched;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.Hyperlink;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.DroppedParameters;
import fanout.url.Fingerprint;
import fanout.url.Host;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which links come in, which are counted as what, and where a start URL's redirects lead. */
class ScreeningTest {

    private final CarrierTurn turn = new CarrierTurn(Ticker.system());

    private static final CanonicalUrl HOME = CanonicalUrl.of("http://example.org/");
    private static final int LONGEST = "http://example.org/12345".length();

    private static final Request PAGE = at(HOME.toString(), 0);

    private final Admission admission = admission(List.of());

    private static Admission admission(List<Scope.Domain> domains) {
        Scope scope = new Scope(domains, Set.of(), List.of(), List.of(TextPattern.of("/no")), 2);
        return new Admission(CrawlJob.builder("test")
                .startUrl(HOME.toString())
                .scope(scope)
                .limits(Limits.DEFAULT.toBuilder().maxUrlLength(LONGEST).build())
                .build(), () -> true, Fingerprint.Seed.random());
    }

    private static Request at(String url, int depth) {
        return new Request(CanonicalUrl.of(url), depth, Optional.empty(), Optional.empty());
    }

    private static Link link(String url) {
        return new Link(CanonicalUrl.of(url), Optional.of("page"));
    }

    @Test
    void linksInScopeComeInOneStepDeeperAndTheOthersAreCounted() {
        Screened screened = admission.screening()
                .links(at("http://example.org/p", 1), false,
                        List.of(link("http://example.org/12345"), link("http://example.org/123456"),
                                link("http://example.net/"), link("http://example.org/no"),
                                link("https://example.org/a")),
                        turn);
        List<Request> admitted = new ArrayList<>();
        admission.admit(screened.andDropped(3), admitted::add);
        admission.admit(screened, admitted::add);

        assertThat(admitted).containsExactly(child("http://example.org/12345"), child("https://example.org/a"));
        assertThat(admission.discovered()).isEqualTo(2);
        assertThat(admission.duplicates()).isEqualTo(2);
        assertThat(admission.outOfScope()).isEqualTo(4);
        assertThat(admission.dropped()).isEqualTo(5);
    }

    private static Request child(String url) {
        return new Request(CanonicalUrl.of(url), 2, Optional.of("page"),
                Optional.of(CanonicalUrl.of("http://example.org/p")));
    }

    @Test
    void linksOfTheDeepestPagesAreOutOfScope() {
        Screened screened =
                admission.screening()
                        .links(at("http://example.org/p", 2), false, List.of(link("http://example.org/a")), turn);

        assertThat(screened).isEqualTo(new Screened(List.of(), 1, 0));
        assertThat(admission.screening().links(at("http://example.org/p", 2), false, List.of(), turn))
                .isEqualTo(Screened.NONE);
    }

    @Test
    void entriesOfASitemapAreStartsAndCountedAlike() {
        List<Request> admitted = new ArrayList<>();
        admission.admit(admission.screening()
                .entries(List.of(CanonicalUrl.of("http://example.org/12345"),
                        CanonicalUrl.of("http://example.org/123456"), CanonicalUrl.of("http://example.net/"),
                        CanonicalUrl.of("http://example.net/a"), CanonicalUrl.of("http://example.org/no")), turn),
                admitted::add);

        assertThat(admitted).containsExactly(at("http://example.org/12345", 0));
        assertThat(admission.outOfScope()).isEqualTo(3);
        assertThat(admission.dropped()).isOne();
    }

    @Test
    void aBatchIsSharedOutWithoutLossAndCountedOnce() {
        Screened screened = admission.screening()
                .links(at("http://example.org/p", 1), false,
                        List.of(link("http://example.org/1"), link("http://example.org/2"),
                                link("http://example.org/3"),
                                link("http://example.net/"), link("http://example.org/123456")),
                        turn);
        List<Request> admitted = new ArrayList<>();
        admission.admit(screened.first(2), admitted::add);
        assertThat(admitted).hasSize(2);
        assertThat(admission.outOfScope()).isZero();
        admission.admit(screened.without(2), admitted::add);

        assertThat(admitted).hasSize(3).doesNotHaveDuplicates();
        assertThat(admission.outOfScope()).isOne();
        assertThat(admission.dropped()).isOne();
    }

    @Test
    void linksAndEntriesOfSkippedExtensionsAreOutOfScope() {
        Screening screening = new Admission(CrawlJob.builder("test")
                .startUrl(HOME.toString())
                .contentTypes(List.of("text/html", "image/png"))
                .build(), () -> true, Fingerprint.Seed.random()).screening();
        List<String> paths = List.of("a.pdf", "a.png", "a.html");

        Screened links = screening.links(at("http://example.org/p", 1), false,
                paths.stream().map(path -> link(HOME + path)).toList(), turn);
        Screened entries = screening.entries(paths.stream().map(path -> CanonicalUrl.of(HOME + path)).toList(), turn);
        assertThat(links.candidates()).extracting(found -> found.request().url().toString())
                .containsExactly(HOME + "a.png", HOME + "a.html");
        assertThat(links.outOfScope()).isOne();
        assertThat(entries.candidates()).hasSize(2);
        assertThat(entries.outOfScope()).isOne();
        assertThat(screening.target(CanonicalUrl.of(HOME + "a.pdf"), turn))
                .isEqualTo(new Screened.Target(true, Optional.empty()));
    }

    @Test
    void entriesAndRedirectTargetsAreKnownWithoutWhatIsDropped() {
        Screening screening = new Admission(CrawlJob.builder("test")
                .startUrl(HOME.toString())
                .scope(Scope.of(20).dropping(DroppedParameters.of(List.of("sid"))))
                .limits(Limits.DEFAULT.toBuilder().maxUrlLength(LONGEST).build())
                .build(), () -> true, Fingerprint.Seed.random()).screening();

        Screened entries = screening.entries(List.of(CanonicalUrl.of(HOME + "12345?sid=1"),
                CanonicalUrl.of(HOME + "123456?sid=1")), turn);
        assertThat(entries.candidates()).extracting(Screened.Candidate::request)
                .containsExactly(at(HOME + "12345", 0));
        assertThat(entries.dropped()).isOne();
        assertThat(screening.target(CanonicalUrl.of(HOME + "a?sid=1"), turn))
                .isEqualTo(new Screened.Target(true, Optional.of(CanonicalUrl.of(HOME + "a"))));
    }

    private boolean allowsRedirect(String target, boolean ofStart) {
        return allowsRedirect(admission, target, ofStart);
    }

    private boolean allowsRedirect(Admission asked, String target, boolean ofStart) {
        CanonicalUrl url = CanonicalUrl.of(target);
        return asked.allowsRedirect(url, ofStart, asked.screening().target(url, turn).inScope());
    }

    private static final CrawlJob JOB_OF_SLOW_PATTERNS = CrawlJob.builder("test")
            .startUrl(HOME.toString())
            .scope(new Scope(List.of(), Set.of(), List.of(TextPattern.of("(?:x?y?[a-z]{1,100}){9}0")), List.of(), 2))
            .politeness(TestFrontier.politeness(TestFrontier.NO_DELAY, false))
            .build();

    private static List<Link> longLinks() {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> link("http://example.org/" + "x".repeat(8_000) + i))
                .toList();
    }

    @Test
    void interruptEndsPatternsThatTakeLong() {
        Screening screening = new Admission(JOB_OF_SLOW_PATTERNS, () -> true, Fingerprint.Seed.random()).screening();
        List<Link> links = longLinks();
        long start = System.nanoTime();
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CarrierTurn.OverException.class)
                    .isThrownBy(() -> screening.links(at("http://example.org/", 0), false, links, turn));
        } finally {
            assertThat(Thread.interrupted()).as("the status is kept").isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    /** The exception says that the thread was interrupted; with the flag set, it would be said twice. */
    @Test
    void anInterruptedLeaseIsScreenedNoMoreAndClearsTheFlag() throws InterruptedException {
        try (Frontier frontier = TestFrontier.alone(JOB_OF_SLOW_PATTERNS,
                Deadline.after(Duration.ofHours(1), Ticker.system()), Ticker.system())) {
            try (Source source = frontier.openSource()) {
                source.offer(TestFrontier.request(HOME.toString()));
            }
            try (Lease lease = (Lease) frontier.take().orElseThrow()) {
                Fetched fetched =
                        new Fetched(TestFrontier.page(lease).request(), Trail.NONE, Content.UNREAD, List.of());
                PageResult found = new PageResult(fetched, longLinks(), 0, TestFrontier.status(200));
                Thread.currentThread().interrupt();
                try {
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> lease.screen(found));
                } finally {
                    assertThat(Thread.interrupted()).as("the status").isFalse();
                }
                Optional<Step> cancelled = lease.finish(new PageResult(
                        new Cancelled(fetched.request(), Trail.NONE, CancelReason.INTERRUPTED, Stage.PARSE),
                        List.of(), 0, HostFeedback.NONE));
                assertThat(cancelled).as("of another result").isPresent();
            }
        }
    }

    @Test
    void keptLinksSayWhetherTheirTargetIsInScopeHoweverDeep() {
        assertThat(admission.screening()
                .judged(at("http://example.org/p", 2), false,
                        List.of(kept("http://example.org/1"), kept("http://example.org/no"),
                                kept("http://example.net/"), kept("http://example.org/a.pdf")),
                        turn))
                .extracting(Hyperlink::inScope)
                .containsExactly(true, false, false, false);
    }

    @Test
    void keptLinksOfThePageThatEndsAStartAreInScope() {
        assertThat(admission.screening()
                .judged(at("http://www.example.net/", 0), true, List.of(kept("http://www.example.net/a")), turn))
                .singleElement()
                .matches(Hyperlink::inScope);
    }

    private static Hyperlink kept(String url) {
        return new Hyperlink(CanonicalUrl.of(url), Optional.empty(), Optional.empty(), false, false);
    }

    @Test
    void aRedirectStaysInScopeAndIsCountedIfItDoesNot() {
        assertThat(allowsRedirect("http://example.org/12345", false)).isTrue();
        assertThat(admission.outOfScope()).isZero();
        assertThat(allowsRedirect("http://example.net/", false)).isFalse();
        assertThat(admission.outOfScope()).isOne();
        assertThat(allowsRedirect("http://example.org/123456", true)).isFalse();
        assertThat(admission.dropped()).isOne();
        assertThat(admission.outOfScope()).isOne();
    }

    @Test
    void aStartMayLeaveAScopeThatNamesNoDomainsButNotItsPatterns() {
        assertThat(allowsRedirect("http://example.net/", true)).isTrue();
        assertThat(allowsRedirect("http://example.net/no", true)).isFalse();
        Admission named = admission(List.of(Scope.Domain.parse("example.org")));
        assertThat(allowsRedirect(named, "http://example.net/", true)).isFalse();
        assertThat(named.outOfScope()).isOne();
    }

    @Test
    void whereAStartsRedirectsEndIsInScopeFromThenOn() {
        List<Link> links = List.of(link("https://example.net/a"));
        Request start = at("http://example.net/", 0);
        assertThat(admission.screening().links(start, false, links, turn).candidates()).isEmpty();
        assertThat(admission.screening().links(start, true, links, turn).candidates()).hasSize(1);
        assertThat(admission.screening().links(start, false, links, turn).candidates()).hasSize(1);
        assertThat(admission.allowsSitemapAt(new Host("example.net", 443))).isTrue();
        assertThat(admission.outOfScope()).isZero();
        assertThat(admission.allowsSitemapAt(new Host("example.com", 443))).isFalse();
        assertThat(admission.outOfScope()).isOne();
        Admission named = admission(List.of(Scope.Domain.parse("example.org")));
        named.startEndedAt(new Host("example.net", 80));
        assertThat(named.allowsSitemapAt(new Host("example.net", 80))).isFalse();
    }

    @Test
    void aBudgetHoldsWhatIsReserved() {
        PageBudget budget = new PageBudget(2);
        budget.reserve(PAGE);
        assertThat(budget.allowsOneMore()).isTrue();
        budget.reserve(PAGE);
        assertThat(budget.allowsOneMore()).isFalse();
        assertThat(budget.isSpent()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> budget.reserve(PAGE));
        budget.giveBack(PAGE, false);
        assertThat(budget.allowsOneMore()).isTrue();
        budget.giveBack(PAGE, true);
        assertThat(budget.allowsOneMore()).isTrue();
        budget.reserve(PAGE);
        assertThat(budget.isSpent()).isFalse();
        budget.giveBack(PAGE, true);
        assertThat(budget.isSpent()).isTrue();
        assertThat(budget.allowsOneMore()).isFalse();
    }

    /** A hundred a second may catch up for ten milliseconds, and pay for it with wider spaces; fewer are even. */
    @Test
    void aRateIsEvenAndALargeOneMayCatchUp() {
        RequestRate low = new RequestRate(99, 0);
        low.started(0);
        assertThat(low.nextAt()).isEqualTo(10_101_011);
        RequestRate high = new RequestRate(100, 0);
        assertThat(high.nextAt()).isEqualTo(-10_000_000);
        high.started(0);
        assertThat(high.nextAt()).isEqualTo(100_000);
        high.started(100_000);
        assertThat(high.nextAt()).isEqualTo(10_200_000);
    }
}
