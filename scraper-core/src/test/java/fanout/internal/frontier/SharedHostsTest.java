package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Circuit;
import fanout.internal.host.HostSnapshot;
import fanout.internal.host.SharedHost;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness.Manners;
import fanout.outcome.CancelReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Crawls of one process at one host are one visitor. */
@Timeout(10)
class SharedHostsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** How long a crawl lets the one before it take its turn. */
    private static final Duration TURN = Duration.ofMillis(2);

    private final ManualTicker ticker = ManualTicker.stopped();
    private final Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);

    private static CrawlJob.Builder job(Manners manners, int firstPage, int pages) {
        CrawlJob.Builder job = plain().politeness(politeness(manners, false));
        for (int page = firstPage; page < firstPage + pages; page++) {
            job.startUrl("http://a.example.org/" + page);
        }
        return job;
    }

    private TestFrontier crawl(CrawlJob.Builder job) {
        return TestFrontier.of(job, ticker, group);
    }

    private static Duration readyIn(TestFrontier crawl) {
        return crawl.frontier.hosts(1).getFirst().readyIn().orElseThrow();
    }

    @Test
    void requestOfOneCrawlDelaysTheOther() {
        TestFrontier one = crawl(job(manners(2, SECOND), 0, 2));
        TestFrontier other = crawl(job(manners(2, SECOND), 10, 2));

        Lease lease = one.start();

        assertThat(other.isReady()).isFalse();
        assertThat(readyIn(other)).isEqualTo(SECOND);
        ticker.advance(SECOND);
        assertThat(other.isReady()).isTrue();
        one.ok(lease);
    }

    @Test
    void longestDelayHoldsForAllWhileItsCrawlHasWorkThere() {
        TestFrontier quick = crawl(job(manners(2, SECOND), 10, 3));
        TestFrontier slow = crawl(job(manners(2, SECOND.multipliedBy(10)), 0, 1));
        quick.ok(quick.start());

        assertThat(readyIn(quick)).as("the slow one is first").isEqualTo(SECOND.multipliedBy(10).plus(TURN));

        ticker.advance(SECOND.multipliedBy(10));
        slow.ok(slow.start());
        assertThat(readyIn(quick)).as("alone again").isEqualTo(SECOND);
    }

    @Test
    void delayOfACrawlThatHasLeftIsNoPartOfTheThrottle() {
        Manners throttled = new Manners(2, SECOND, true, Duration.ofMinutes(1));
        TestFrontier quick = crawl(job(throttled, 10, 4));
        TestFrontier slow = crawl(job(new Manners(2, SECOND.multipliedBy(40), true, Duration.ofHours(1)), 0, 1));
        quick.ok(quick.start());
        ticker.advance(SECOND.multipliedBy(41));
        quick.status(quick.start(), 404);
        ticker.advance(SECOND.multipliedBy(41));
        slow.ok(slow.start());

        assertThat(readyIn(quick)).isEqualTo(SECOND);
    }

    /** The ready-time of the quick ones has passed already: without an order both could take the turn at once. */
    @Test
    void turnsAreOfferedAnewWhenAStricterCrawlLeaves() {
        TestFrontier one = crawl(job(manners(1, SECOND), 0, 3));
        TestFrontier other = crawl(job(manners(1, SECOND), 10, 3));
        TestFrontier slow = crawl(job(manners(1, SECOND.multipliedBy(100)), 20, 3));
        one.ok(one.start());
        ticker.advance(SECOND.multipliedBy(50));

        slow.frontier.drain();
        while (slow.frontier.leftovers(CancelReason.INTERRUPTED).isPresent()) {
            assertThat(one.isReady()).isFalse();
        }

        assertThat(other.isReady()).as("it is the other's turn").isTrue();
        assertThat(one.isReady()).isFalse();
        ticker.advance(TURN);
        assertThat(one.isReady()).isTrue();
    }

    @Test
    void smallestConcurrencyHoldsForAllAndEachCountsTheOthersRequests() {
        TestFrontier wide = crawl(job(manners(8, Duration.ZERO), 10, 4));
        TestFrontier narrow = crawl(job(manners(1, Duration.ZERO), 0, 2));

        Lease held = wide.start();

        assertThat(narrow.isReady()).isFalse();
        assertThat(wide.isReady()).isFalse();
        wide.ok(held);
        assertThat(narrow.isReady()).isTrue();
        narrow.ok(narrow.start());
        wide.ok(wide.start());
        narrow.ok(narrow.start());

        Lease first = wide.start();
        assertThat(wide.isReady()).as("the narrow one is through").isTrue();
        wide.ok(first);
    }

    @Test
    void aHostThatAnotherCrawlHoldsIsNamedWithThatCrawl() {
        TestFrontier narrow = crawl(job(manners(1, Duration.ZERO), 0, 2));
        TestFrontier wide = crawl(job(manners(8, Duration.ZERO), 10, 4));
        assertThat(wide.frontier.heldByOthers()).isEmpty();
        assertThat(wide.frontier.isHeldByOthers()).isFalse();

        Lease held = narrow.start();
        ticker.advance(SECOND);

        SharedHost.Holder holder = new SharedHost.Holder("test", 1, SECOND, 1, Duration.ZERO);
        assertThat(wide.frontier.isHeldByOthers()).isTrue();
        assertThat(wide.frontier.heldByOthers()).singleElement()
                .satisfies(host -> assertThat(host.host().toString()).isEqualTo("a.example.org:80"))
                .satisfies(host -> assertThat(host.heldBy()).containsExactly(holder));
        assertThat(wide.frontier.hosts(1).getFirst().heldBy()).containsExactly(holder);
        assertThat(narrow.frontier.hosts(1).getFirst().heldBy()).as("it holds the host itself").isEmpty();
        assertThat(narrow.frontier.isHeldByOthers()).isFalse();

        narrow.ok(held);
        assertThat(wide.frontier.heldByOthers()).isEmpty();
        assertThat(wide.frontier.isHeldByOthers()).isFalse();
        wide.ok(wide.start());
    }

    @Test
    void retryAfterHoldsAll() {
        TestFrontier one = crawl(job(manners(2, SECOND), 0, 2).retries(TestFrontier.NO_RETRIES));
        TestFrontier other = crawl(job(manners(2, SECOND), 10, 2));

        one.retryAfter(one.start(), 503, SECOND.multipliedBy(30));

        ticker.advance(SECOND.multipliedBy(29));
        assertThat(other.isReady()).isFalse();
        ticker.advance(SECOND);
        assertThat(other.isReady()).isTrue();
    }

    @Test
    void autoThrottleOfOneCrawlHoldsForAll() {
        Manners throttled = new Manners(1, SECOND, true, Duration.ofMinutes(1));
        TestFrontier one = crawl(job(throttled, 0, 2));
        TestFrontier other = crawl(job(manners(2, SECOND), 10, 2));

        one.status(one.start(), 429);

        assertThat(readyIn(other)).as("429 doubles the delay").isEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void turnsGoRound() {
        List<TestFrontier> crawls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            crawls.add(crawl(job(manners(1, SECOND), 10 * i, 4)));
        }
        List<Integer> turns = new ArrayList<>();
        for (int turn = 0; turn < 12; turn++) {
            int next = 0;
            while (!crawls.get(next).isReady()) {
                next = (next + 1) % 3;
                ticker.advance(next == 0 ? Duration.ofMillis(1) : Duration.ZERO);
            }
            crawls.get(next).ok(crawls.get(next).start());
            turns.add(next);
        }
        assertThat(turns.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(turns.subList(3, 6)).isEqualTo(turns.subList(0, 3));
        assertThat(turns.subList(6, 9)).isEqualTo(turns.subList(0, 3));
        assertThat(turns.subList(9, 12)).isEqualTo(turns.subList(0, 3));
    }

    /** A crawl whose workers are all busy elsewhere does not hold up the others. */
    @Test
    void turnThatIsNotTakenGoesToTheNext() {
        TestFrontier one = crawl(job(manners(1, SECOND), 0, 3));
        TestFrontier other = crawl(job(manners(1, SECOND), 10, 3));
        one.ok(one.start());

        ticker.advance(SECOND);
        assertThat(other.isReady()).as("it is the other's turn").isTrue();
        assertThat(one.isReady()).isFalse();
        ticker.advance(TURN);
        assertThat(one.isReady()).as("who has not taken it").isTrue();
    }

    /** Without a delay, a worker that has just finished is back at once; the other crawl goes first all the same. */
    @Test
    void crawlThatFinishesLetsTheOtherGoFirst() {
        TestFrontier one = crawl(job(manners(1, Duration.ZERO), 0, 3));
        TestFrontier other = crawl(job(manners(1, Duration.ZERO), 10, 3));

        one.ok(one.start());

        assertThat(one.isReady()).isFalse();
        assertThat(other.isReady()).isTrue();
    }

    /** The turn of a crawl with work in hand, but none that may begin, is the next one's. */
    @Test
    void crawlWithAllPagesThatAHostMayHaveLeavesItsTurn() {
        Limits two = Limits.DEFAULT.toBuilder().maxPagesPerHost(2).build();
        TestFrontier one = crawl(job(manners(3, Duration.ZERO), 0, 4).limits(two));
        TestFrontier other = crawl(job(manners(3, Duration.ZERO), 10, 3));
        Lease first = one.start();
        ticker.advance(TURN);
        Lease second = one.start();
        ticker.advance(TURN);
        Lease third = other.start();

        one.ok(first);

        assertThat(one.isReady()).as("one page is ok, and the other may be").isFalse();
        assertThat(other.isReady()).isTrue();
        one.ok(second);
        other.ok(third);
    }

    @Test
    void crawlThatEndsLetsGoOfItsHosts() {
        TestFrontier quick = crawl(job(manners(1, SECOND), 10, 3));
        TestFrontier slow = crawl(job(manners(1, SECOND.multipliedBy(100)), 0, 5));
        quick.ok(quick.start());

        slow.frontier.drain();
        while (slow.frontier.leftovers(CancelReason.INTERRUPTED).isPresent()) {
            assertThat(group.kept().hosts()).isOne();
        }

        assertThat(readyIn(quick)).isEqualTo(SECOND);
    }

    @Test
    void circuitsAndCountsAreEachCrawlsOwn() {
        TestFrontier one = crawl(job(manners(2, Duration.ZERO), 0, 2)
                .circuitBreaker(new fanout.job.CircuitBreaking(100, 1, Duration.ofSeconds(30), 3)));
        TestFrontier other = crawl(job(manners(2, Duration.ZERO), 10, 2));

        one.status(one.start(), 500);

        HostSnapshot broken = one.frontier.hosts(1).getFirst();
        assertThat(broken.circuit()).isEqualTo(Circuit.Phase.OPEN);
        assertThat(broken.failed()).isOne();
        assertThat(broken.lastFailure().orElseThrow().detail()).isEqualTo(Optional.of("HTTP status 500"));
        HostSnapshot well = other.frontier.hosts(1).getFirst();
        assertThat(well.circuit()).isEqualTo(Circuit.Phase.CLOSED);
        assertThat(well.queued()).isEqualTo(2);
        assertThat(other.isReady()).isTrue();
    }

    @Test
    void hostThatWasLeftIsForgottenAfterAWhileAndNotBeforeItsDelay() {
        TestFrontier first = crawl(job(manners(1, Duration.ofMinutes(2)), 0, 1));
        first.ok(first.start());
        ticker.advance(Duration.ofSeconds(90));

        TestFrontier later = crawl(job(manners(1, Duration.ofMinutes(2)), 10, 1));
        assertThat(readyIn(later)).as("asked 90 seconds ago").isEqualTo(Duration.ofSeconds(30));
        ticker.advance(Duration.ofSeconds(30));
        later.ok(later.start());
        ticker.advance(Duration.ofMinutes(2));
        CrawlJob.Builder elsewhere = plain("http://b.example.org/");
        TestFrontier last = crawl(elsewhere);
        last.ok(last.start());

        assertThat(group.kept().hosts()).isOne();
    }
}
