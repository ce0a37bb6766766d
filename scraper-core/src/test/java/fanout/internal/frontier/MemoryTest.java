package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.Change;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.HostMemory;
import fanout.page.Content;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a crawl that goes on later is told of its hosts: what has changed, once, and what must not wait at once. */
class MemoryTest {

    private static final String A = "http://a.example.org/";
    private static final Host HOST = CanonicalUrl.of(A).host();
    private static final Failure REFUSED = new Failure.Connection("refused");
    private static final Instant NEVER = Instant.EPOCH;

    private static CrawlJob.Builder pages(int count) {
        return plain(IntStream.rangeClosed(1, count).mapToObj(n -> A + n).toArray(String[]::new));
    }

    private static List<HostMemory> told(TestFrontier crawl) {
        return crawl.changes.stream().map(change -> ((Change.HostChanged) change).memory()).toList();
    }

    private static HostMemory circuit(int failures, int successes, int openings, Instant openUntil) {
        return new HostMemory(HOST, Duration.ZERO, NEVER, failures, successes, openings, openUntil);
    }

    private static HostMemory throttle(Duration delay) {
        return new HostMemory(HOST, delay, NEVER, 0, 0, 0, NEVER);
    }

    /** Finishes the next page as one that took so long. */
    private static void ok(TestFrontier crawl, Duration latency) {
        Lease lease = crawl.start();
        Fetched fetched = new Fetched(TestFrontier.page(lease).request(), Trail.NONE, Content.UNREAD, List.of());
        crawl.finish(lease, new PageResult(fetched, List.of(), 0,
                new HostFeedback(Optional.of(latency), 200, Optional.empty(), HostHealth.SUCCESS)));
    }

    @Test
    void ofAHostThatIsWellNothingIsTold() {
        TestFrontier crawl = TestFrontier.of(pages(2));
        crawl.ok(crawl.start());
        crawl.ok(crawl.start());
        assertThat(crawl.changes).isEmpty();
    }

    @Test
    void eachVerdictOnAHostThatFailsIsTold() {
        TestFrontier crawl = TestFrontier.of(pages(3).circuitBreaker(
                new CircuitBreaking(100, 10, Duration.ofSeconds(30), 3)));
        crawl.fail(crawl.start(), REFUSED);
        crawl.ok(crawl.start());
        crawl.fail(crawl.start(), REFUSED);
        assertThat(told(crawl)).containsExactly(circuit(1, 0, 0, NEVER), circuit(1, 1, 0, NEVER),
                circuit(2, 1, 0, NEVER));
    }

    @Test
    void aCircuitThatOpensIsToldAtOnceAndAFailureWithTheNextStep() {
        TestFrontier crawl = TestFrontier.of(pages(2).retries(
                new Retries(5, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .circuitBreaker(new CircuitBreaking(60, 3, Duration.ofSeconds(30), 3)));
        crawl.ok(crawl.start()); // its step has what was admitted
        crawl.fail(crawl.start(), REFUSED);
        assertThat(crawl.changes).as("nothing is settled").isEmpty();
        crawl.fail(crawl.start(), REFUSED);
        assertThat(told(crawl)).containsExactly(circuit(1, 1, 0, NEVER),
                circuit(2, 1, 1, crawl.ticker.now().plusSeconds(30)));
        crawl.ok(crawl.start());
        assertThat(told(crawl)).last().satisfies(closed -> {
            assertThat(closed.openingsInARow()).isZero();
            assertThat(closed.openUntil()).isEqualTo(NEVER);
        });
    }

    @Test
    void aRetryAfterIsToldAtOnceAndNotAgain() {
        TestFrontier crawl = TestFrontier.of(pages(3).retries(
                new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1))));
        crawl.ok(crawl.start()); // its step has what was admitted
        Lease first = crawl.start();
        Lease second = crawl.start();
        crawl.retryAfter(first, 429, Duration.ofSeconds(9));
        Instant until = crawl.ticker.now().plusSeconds(9);
        assertThat(told(crawl)).extracting(HostMemory::heldUntil).containsExactly(until);
        crawl.ok(second);
        crawl.ok(crawl.start());
        assertThat(told(crawl)).hasSize(1);
    }

    @Test
    void aDelayIsToldWhenItHasChangedByMoreThanAnEighth() {
        TestFrontier crawl = TestFrontier.of(pages(5).politeness(TestFrontier.politeness(
                new Manners(1, Duration.ofMillis(10), true, Duration.ofMinutes(10)), false)));
        ok(crawl, Duration.ofSeconds(8));
        ok(crawl, Duration.ofSeconds(6)); // the mean is seven
        assertThat(told(crawl)).containsExactly(throttle(Duration.ofSeconds(8)));
        ok(crawl, Duration.ofSeconds(9));
        assertThat(told(crawl)).as("an eighth more").hasSize(1);
        ok(crawl, Duration.ofMillis(9_001));
        assertThat(told(crawl)).containsExactly(throttle(Duration.ofSeconds(8)), throttle(Duration.ofMillis(9_001)));
        crawl.giveBack();
    }

    @Test
    void aHostThatIsQuickAgainIsToldOnce() {
        TestFrontier crawl = TestFrontier.of(pages(5).politeness(TestFrontier.politeness(
                new Manners(1, Duration.ofSeconds(5), true, Duration.ofMinutes(10)), false)));
        ok(crawl, Duration.ofSeconds(8));
        ok(crawl, Duration.ZERO);
        ok(crawl, Duration.ZERO);
        ok(crawl, Duration.ZERO);
        assertThat(told(crawl)).containsExactly(throttle(Duration.ofSeconds(8)), HostMemory.none(HOST));
        ok(crawl, Duration.ofSeconds(6));
        assertThat(told(crawl)).last().isEqualTo(throttle(Duration.ofSeconds(6)));
    }
}
