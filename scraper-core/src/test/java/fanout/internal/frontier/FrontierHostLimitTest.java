package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Part;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A host has as many pages as it may, and not one more. */
class FrontierHostLimitTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";

    private static CrawlJob.Builder job(long perHost, String... starts) {
        return plain(starts).limits(Limits.DEFAULT.toBuilder().maxPagesPerHost(perHost).build());
    }

    private static List<Outcome> leftovers(TestFrontier crawl) {
        List<Outcome> left = new ArrayList<>();
        for (Optional<Step> step = crawl.frontier.leftovers(CancelReason.INTERRUPTED); step.isPresent(); step =
                crawl.frontier.leftovers(CancelReason.INTERRUPTED)) {
            assertThat(step.get().isProvisional()).as("taken back by a resume: %s", step.get()).isTrue();
            left.addAll(step.get().outcomes());
        }
        return left;
    }

    private static List<String> lines(List<Outcome> outcomes) {
        return outcomes.stream().map(TestFrontier::line).toList();
    }

    @Test
    void restOfAHostWaitsAndTheOthersGoOn() {
        TestFrontier crawl = TestFrontier.of(job(2, A + 1, A + 2, A + 3, B + 1));
        crawl.ok(crawl.start(A + 1));
        crawl.ok(crawl.start(B + 1));
        crawl.ok(crawl.start(A + 2), A + 4, B + 2);
        crawl.ok(crawl.start(B + 2));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        List<Outcome> left = leftovers(crawl);
        assertThat(lines(left)).containsExactly(A + "3 skipped/budget", A + "4 skipped/budget");
        assertThat(left).extracting(Outcome::detail)
                .containsOnly(Optional.of("limits.maxPagesPerHost: 2 pages of a.example.org:80"));
        assertThat(crawl.frontier.snapshot().cut()).isEqualTo(
                new Cut(1, List.of(new Part("a.example.org:80", 2, 2)), List.of()));
    }

    @Test
    void hostThatHasJustAsManyPagesAsItMayIsNotCut() {
        TestFrontier crawl = TestFrontier.of(job(2, A + 1, A + 2));
        crawl.ok(crawl.start(A + 1));
        crawl.ok(crawl.start(A + 2));

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(leftovers(crawl)).isEmpty();
        assertThat(crawl.frontier.snapshot().cut()).isEqualTo(Cut.NONE);
    }

    @Test
    void pageInFlightHoldsTheLastPlaceUntilItIsKnown() {
        TestFrontier crawl = TestFrontier.of(job(1, A + 1, A + 2, A + 3), ManualTicker.stopped());
        Lease first = crawl.start(A + 1);
        assertThat(crawl.hasLease()).as("it may be ok").isFalse();
        crawl.status(first, 404);
        Lease second = crawl.start(A + 2);
        assertThat(crawl.hasLease()).isFalse();
        crawl.ok(second);

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).containsExactly(A + "3 skipped/budget");
    }

    /** Of which only one is ever in flight otherwise. */
    @Test
    void linkOutOfScopeInFlightHoldsNoPlace() {
        Scope scope = new Scope(List.of(), Set.of(), List.of(), List.of(TextPattern.of("/out")), 9)
                .checkingExternal(true);
        TestFrontier crawl = TestFrontier.of(job(2, A + 1).scope(scope), ManualTicker.stopped());
        crawl.ok(crawl.start(A + 1), A + "out1", A + "out2", A + 2, A + 3);
        Lease outside = crawl.start(A + "out1");
        Lease other = crawl.start(A + "out2");
        Lease page = crawl.start(A + 2);
        assertThat(crawl.hasLease()).as("a page in flight does").isFalse();
        crawl.ok(outside);
        crawl.ok(other);
        assertThat(crawl.hasLease()).as("and is left alone with it").isFalse();
        crawl.ok(page);

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).containsExactly(A + "3 skipped/budget");
    }

    @Test
    void redirectCountsWhereItLeads() {
        TestFrontier crawl = TestFrontier.of(job(1, A + 1, A + 2, B + 1));
        crawl.redirect(crawl.start(A + 1), B + 2);
        crawl.ok(crawl.start(B + 1));
        crawl.ok(crawl.start(A + 2));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).as("the chain ends where the limit is")
                .containsExactly(A + "1 redirected", B + "2 skipped/budget");
    }

    @Test
    void failureThatWaitsForItsRetryIsLeftAsItIs() {
        Retries retries = new Retries(3, Duration.ofSeconds(9), Duration.ofSeconds(9));
        TestFrontier crawl = TestFrontier.of(job(1, A + 1, A + 2).retries(retries));
        crawl.fail(crawl.start(A + 1), new Failure.Connection("refused"));
        crawl.ok(crawl.start(A + 2));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).containsExactly(A + "1 failed/connection");
    }

    @Test
    void hostThatIsCutIsAskedForNothingMore() {
        TestFrontier crawl = TestFrontier.of(job(1, A + 1)
                .politeness(TestFrontier.politeness(TestFrontier.NO_DELAY, true)));
        crawl.robots(crawl.start(A + "robots.txt"), TestFrontier.disallow("/none"));
        crawl.ok(crawl.start(A + 1), IntStream.range(2, 9).mapToObj(page -> A + page).toArray(String[]::new));

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(7);
    }

    /** Its rules take memory that other hosts wait for, and its state is kept only while there is work. */
    @Test
    void hostThatIsCutKeepsItsPagesAndNoRules() {
        Frontier.Group group = new Frontier.Group(1, Long.MAX_VALUE, 1);
        TestFrontier crawl = TestFrontier.of(job(1, A + 1, B + 1)
                .politeness(TestFrontier.politeness(TestFrontier.NO_DELAY, true)), ManualTicker.jumping(), group);
        for (String host : List.of(A, B)) {
            crawl.robots(crawl.start(host + "robots.txt"), TestFrontier.disallow("/none"));
            crawl.ok(crawl.start(host + 1), host + 2, A + 3);
        }
        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).containsExactlyInAnyOrder(A + "2 skipped/budget", A + "3 skipped/budget",
                B + "2 skipped/budget");
    }

    @Test
    void hostThatWasForgottenKeepsItsCount() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE, 1);
        TestFrontier crawl = TestFrontier.open(job(2, A + 1), ManualTicker.jumping(), group);
        crawl.ok(crawl.start(A + 1));
        for (String page : List.of(B + 1, A + 2, B + 2)) {
            crawl.source().offer(TestFrontier.request(page));
            crawl.ok(crawl.start(page));
        }
        crawl.source().offer(TestFrontier.request(A + 3));
        crawl.source().offer(TestFrontier.request(B + 3));
        crawl.source().close();

        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(lines(leftovers(crawl))).containsExactlyInAnyOrder(A + "3 skipped/budget", B + "3 skipped/budget");
    }

    @Test
    void sitemapOfAHostThatIsCutIsRead() {
        TestFrontier crawl = TestFrontier.of(job(1, A + 1).sitemap(CanonicalUrl.of(A + "map.xml")));
        Lease first = crawl.start();
        Lease other = crawl.start();
        Lease page = first.work() instanceof Work.FetchPage ? first : other;
        crawl.ok(page);
        crawl.sitemap(page == first ? other : first);

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void reportNamesTheHostsOfWhichMostIsCut() {
        List<String> starts = new ArrayList<>();
        for (int host = 1; host <= 25; host++) {
            for (int page = 0; page <= host; page++) {
                starts.add("http://h" + host + ".example.org/" + page);
            }
        }
        TestFrontier crawl = TestFrontier.of(job(1, starts.toArray(String[]::new)));
        for (int host = 1; host <= 25; host++) {
            crawl.ok(crawl.start());
        }
        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(leftovers(crawl)).hasSize(25 * 26 / 2);
        Cut cut = crawl.frontier.snapshot().cut();
        assertThat(cut.hosts()).isEqualTo(25);
        assertThat(cut.mostByHost()).isEqualTo(IntStream.rangeClosed(6, 25)
                .mapToObj(host -> new Part("h" + (31 - host) + ".example.org:80", 1, 31 - host))
                .toList());
    }
}
