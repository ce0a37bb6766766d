package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.NO_DELAY;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.RobotsRules;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.page.Trail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of several priorities and methods: who is first at a host, and what is sent a second time. */
@Timeout(10)
class FrontierRequestsTest {

    private static final String A = "http://a.example.org/";
    private static final Retries TWICE = new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static Request request(String url, Method method, int priority) {
        return TestFrontier.request(url).with(new Details(method, Map.of(), Optional.empty(), priority, Map.of()));
    }

    private static TestFrontier crawl(CrawlJob.Builder job, Request... requests) {
        TestFrontier crawl = TestFrontier.open(job, ManualTicker.jumping());
        for (Request request : requests) {
            assertThat(crawl.source().offer(request)).isTrue();
        }
        crawl.source().close();
        return crawl;
    }

    /** Serves all that waits, and returns the paths in their order. */
    private static List<String> served(TestFrontier crawl) {
        List<String> paths = new ArrayList<>();
        for (Optional<Lease> lease = crawl.take(); lease.isPresent(); lease = crawl.take()) {
            paths.add(lease.get().work().url().toString().substring(A.length()));
            crawl.ok(lease.get());
        }
        return paths;
    }

    @Test
    void theHighestIsFirstAndEqualOnesAreInOrderOfDiscovery() {
        TestFrontier crawl = crawl(plain(A), request(A + "low", Method.GET, -5), request(A + "a", Method.GET, 0),
                request(A + "high", Method.GET, 7), request(A + "b", Method.GET, 0),
                request(A + "low2", Method.GET, -5), request(A + "higher", Method.GET, 8),
                request(A + "high2", Method.GET, 7), request(A + "lowest", Method.GET, Integer.MIN_VALUE));

        assertThat(served(crawl)).containsExactly("higher", "high", "high2", "", "a", "b", "low", "low2", "lowest");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatComesWhileOthersAreServedTakesItsPlaceAmongThem(int seed) {
        record Waiting(String path, int priority, int number) {}
        Random random = new Random(seed);
        TestFrontier crawl = TestFrontier.open(plain(A), ManualTicker.jumping());
        List<Waiting> waiting = new ArrayList<>(List.of(new Waiting("", 0, 0)));
        Comparator<Waiting> order = Comparator.comparingInt(Waiting::priority)
                .reversed()
                .thenComparingInt(Waiting::number);
        for (int i = 1; i < 5_000; i++) {
            if (waiting.isEmpty() || random.nextInt(2_000) > i % 2_000) {
                int priority = random.nextInt(3) == 0 ? random.nextInt(9) - 4 : 0;
                Waiting next = new Waiting(i + "x".repeat(random.nextInt(100)), priority, i);
                crawl.source().offer(request(A + next.path(), Method.GET, priority));
                waiting.add(next);
            } else {
                Waiting first = waiting.stream().min(order).orElseThrow();
                crawl.ok(crawl.start(A + first.path()));
                waiting.remove(first);
            }
        }
        crawl.source().close();
        waiting.sort(order);
        assertThat(served(crawl)).containsExactlyElementsOf(waiting.stream().map(Waiting::path).toList());
    }

    @Test
    void aHostIsNotHeldUpByTheOneWithTheHigherPriority() {
        TestFrontier crawl = crawl(plain(A), request("http://b.example.org/", Method.GET, 9));
        crawl.ok(crawl.start(A));
        crawl.ok(crawl.start("http://b.example.org/"));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void pagesThatWaitForRobotsAreServedByPriority() {
        TestFrontier crawl = crawl(plain(A).politeness(politeness(NO_DELAY, true)),
                request(A + "high", Method.GET, 1));
        crawl.robots(crawl.start(A + "robots.txt"), RobotsRules.ALLOW_ALL);
        assertThat(served(crawl)).containsExactly("high", "");
    }

    @Test
    void aRepetitionIsBeforeItsEqualsAndBehindWhatIsHigher() {
        TestFrontier crawl = crawl(plain(A).retries(TWICE), request(A + "a", Method.GET, 0),
                request(A + "high", Method.GET, 1), request(A + "high2", Method.GET, 1));
        crawl.status(crawl.start(A + "high"), 503);
        crawl.status(crawl.start(A + "high2"), 503);
        crawl.status(crawl.start(A), 503);
        crawl.ticker.advance(Duration.ofSeconds(2));

        assertThat(served(crawl)).containsExactly("high", "high2", "", "a");
    }

    @Test
    void aRepetitionDoesNotPassByWhatIsHigher() {
        TestFrontier crawl = crawl(plain(A + "low").retries(TWICE));
        crawl.status(crawl.start(A + "low"), 503);
        crawl.ticker.advance(Duration.ofSeconds(2));
        TestFrontier other = TestFrontier.open(plain(A).retries(TWICE), ManualTicker.jumping());
        other.status(other.start(A), 503);
        other.ticker.advance(Duration.ofSeconds(2));
        other.source().offer(request(A + "high", Method.GET, 1));
        other.source().offer(request(A + "low", Method.GET, -1));
        other.source().close();

        assertThat(served(other)).containsExactly("high", "", "low");
        assertThat(served(crawl)).containsExactly("low");
    }

    /** It has waited for its turn already. */
    @Test
    void aPageThatMetAStaleConnectionIsNext() {
        TestFrontier crawl = crawl(plain(A), request(A + "a", Method.GET, 0));
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        assertThat(served(crawl)).containsExactly("", "a");
    }

    @Test
    void linksInheritDataAndNotPriority() {
        TestFrontier crawl = TestFrontier.open(plain(A), ManualTicker.jumping());
        crawl.ok(crawl.start(A));
        Details details = new Details(Method.POST, Map.of("X-A", "b"), Optional.of(new Request.Body("text/plain", "c")),
                5, Map.of("n", 1));
        crawl.source().offer(TestFrontier.request(A + "from").with(details));
        crawl.source().close();
        crawl.ok(crawl.start(A + "from"), A + "link");

        assertThat(TestFrontier.page(crawl.start(A + "link")).request().details())
                .isEqualTo(Details.of(Map.of("n", 1)));
        crawl.giveBack();
    }

    @Test
    void aRedirectTargetKeepsThePriorityAndTheData() {
        Details details = new Details(Method.POST, Map.of(), Optional.of(new Request.Body("text/plain", "c")), 5,
                Map.of("n", 1));
        TestFrontier crawl = crawl(plain(A), TestFrontier.request(A + "from").with(details));
        crawl.redirect(crawl.start(A + "from"), A + "to");

        assertThat(TestFrontier.page(crawl.start(A + "to")).request().details())
                .as("the test's redirects have no status, and count as 302")
                .isEqualTo(new Details(Method.GET, Map.of(), Optional.empty(), 5, Map.of("n", 1)));
        crawl.giveBack();
    }

    @ParameterizedTest
    @CsvSource({"GET, 2", "HEAD, 2", "PUT, 2", "DELETE, 2", "POST, 1", "PATCH, 1"})
    void whatTheServerMayHaveSeenIsTriedAgainByItsMethod(Method method, int attempts) {
        TestFrontier crawl = crawl(plain("http://b.example.org/").retries(TWICE), request(A, method, 1));
        crawl.ok(crawl.start("http://b.example.org/"));
        for (int i = 0; i < attempts; i++) {
            crawl.status(crawl.start(A), 503);
        }
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.outcomes.getLast().trail().attempts()).isEqualTo(attempts);
        assertThat(crawl.lines()).contains(A + " failed/http_status");
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void whatTheServerHasNotSeenIsTriedAgain(Method method) {
        TestFrontier crawl = crawl(plain("http://b.example.org/").retries(TWICE), request(A, method, 1));
        crawl.ok(crawl.start("http://b.example.org/"));
        Lease lease = crawl.start(A);
        Attempt unsent = new Attempt(Instant.EPOCH, Duration.ZERO, Optional.empty(), Optional.empty(),
                Optional.empty(), false);
        crawl.finish(lease, new LeaseResult.PageResult(new Failed(TestFrontier.page(lease).request(),
                new Trail(1, 0, Optional.of(unsent)), new Failure.Connection("refused")), List.of(), 0,
                HostFeedback.NONE));
        crawl.ok(crawl.start(A));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    /** The server may have closed the connection after it had read the request. */
    @ParameterizedTest
    @CsvSource({"PUT, true", "POST, false"})
    void aStaleConnectionMayHaveCarriedTheRequest(Method method, boolean again) {
        TestFrontier crawl = crawl(plain("http://b.example.org/").retries(TWICE), request(A, method, 1));
        crawl.ok(crawl.start("http://b.example.org/"));
        crawl.fail(crawl.start(A), new Failure.StaleConnection());
        if (again) {
            crawl.ok(crawl.start(A));
        }
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).contains(A + (again ? " ok" : " failed/connection"));
    }

    @Test
    void aJobMaySendAPostASecondTime() {
        TestFrontier crawl = crawl(plain("http://b.example.org/")
                .retries(new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1), true)),
                request(A, Method.POST, 1));
        crawl.ok(crawl.start("http://b.example.org/"));
        crawl.status(crawl.start(A), 503);
        crawl.ok(crawl.start(A));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void requestsOfOneUrlAreKnownByTheirMethodAndBody() {
        Request post = TestFrontier.request(A)
                .with(new Details(Method.POST, Map.of(),
                        Optional.of(new Request.Body("text/plain", "1")), 0, Map.of()));
        Request other = TestFrontier.request(A)
                .with(new Details(Method.POST, Map.of(),
                        Optional.of(new Request.Body("text/plain", "2")), 0, Map.of()));
        TestFrontier crawl = crawl(plain(A), post, other, post, request(A, Method.HEAD, 0),
                request(A, Method.GET, 3));
        IntStream.range(0, 4).forEach(_ -> crawl.ok(crawl.start(A)));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().links().duplicates()).isEqualTo(2);
    }
}
