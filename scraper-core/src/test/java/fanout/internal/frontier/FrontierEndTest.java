package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.job.Retries;
import fanout.outcome.CancelReason;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Content;
import fanout.page.Link;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken on, what is handed out once, and when a crawl is over. */
// a mistake may block even what ignores an interrupt
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrontierEndTest {

    private static final String A = "http://a.example.org/";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final List<Lease> held = new ArrayList<>();

    @AfterEach
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void giveBack() {
        held.forEach(Lease::close);
    }

    @Test
    void everyUrlIsHandedOutOnceHoweverOftenItIsFound() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        crawl.ok(crawl.start(A), A, A + 1, A + 1, A + 2);
        crawl.ok(crawl.start(A + 1), A, A + 2, "http://elsewhere.example.org/");
        crawl.ok(crawl.start(A + 2));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        FrontierSnapshot snapshot = crawl.frontier.snapshot();
        assertThat(snapshot.urls().discovered()).isEqualTo(3);
        assertThat(snapshot.links().duplicates()).isEqualTo(4);
        assertThat(snapshot.links().outOfScope()).isEqualTo(1);
        assertThat(snapshot.urls().leased()).isZero();
        assertThat(snapshot.urls().peakLeased()).isEqualTo(1);
    }

    @Test
    void hostThatIsReadyWhenTheDeadlineComesIsNotWaitedFor() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2)
                .politeness(TestFrontier.politeness(TestFrontier.manners(1, LONGEST_DELAY), false))
                .limits(limits(10, 10, LONGEST_DELAY)));
        crawl.ok(crawl.start(A + 1));
        assertThat(crawl.end()).isEqualTo("MAX_DURATION");
    }

    @Test
    void linksDeeperThanTheScopeAreNotFollowed() {
        TestFrontier crawl = TestFrontier.of(plain(A).scope(Scope.of(1)));
        crawl.ok(crawl.start(A), A + 1);
        Lease deepest = crawl.start(A + 1);
        assertThat(TestFrontier.page(deepest).request().depth()).isEqualTo(1);
        crawl.ok(deepest, A + 2, A + 3);
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(2);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void patternsHoldForLinksAndNotForStartUrls() {
        Scope scope = new Scope(List.of(), Set.of(), List.of(TextPattern.of("/in/")),
                List.of(TextPattern.of("secret")), 20);
        TestFrontier crawl = TestFrontier.of(plain(A).scope(scope));
        crawl.ok(crawl.start(A), A + "in/1", A + "out", A + "in/secret");
        crawl.ok(crawl.start(A + "in/1"));
        assertThat(crawl.frontier.snapshot().links().outOfScope()).isEqualTo(2);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void urlsBeyondTheLimitAreDroppedAndKnownOnesAreStillDuplicates() {
        TestFrontier crawl = TestFrontier.of(plain(A).limits(limits(10, 2, HOUR)));
        crawl.ok(crawl.start(A), A + 1, A + 2, A + 3, A, A + 1);
        crawl.ok(crawl.start(A + 1));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.frontier.snapshot().urls().discovered()).isEqualTo(2);
        assertThat(crawl.frontier.snapshot().links().dropped()).isEqualTo(2);
        assertThat(crawl.frontier.snapshot().links().duplicates()).isEqualTo(2);
    }

    @Test
    void pagesInFlightHoldTheirShareOfTheBudget() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, A + 4).limits(limits(2, 10, HOUR)));
        Lease one = crawl.start();
        Lease two = crawl.start();
        assertThat(crawl.frontier.snapshot().ended()).isEmpty();
        crawl.status(one, 404); // gives its share back
        Lease three = crawl.start();
        crawl.ok(two);
        crawl.ok(three);
        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(crawl.frontier.leftovers(CancelReason.DEADLINE).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + "4 skipped/budget");
    }

    @Test
    void retryThatTheBudgetLeavesKeepsItsFailure() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).limits(limits(1, 10, HOUR))
                .retries(new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(1))));
        crawl.status(crawl.start(A + 1), 503);
        crawl.ok(crawl.start(A + 2));
        assertThat(crawl.end()).isEqualTo("MAX_PAGES");
        assertThat(crawl.frontier.leftovers(CancelReason.DEADLINE).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + "1 failed/http_status");
    }

    @Test
    void openSourceKeepsTheCrawlAlive() throws Exception {
        TestFrontier crawl = TestFrontier.open(plain(A), ManualTicker.stopped());
        crawl.ok(crawl.start(A));
        FutureTask<Optional<Lease>> taking = waiting(crawl.frontier);
        assertThat(crawl.source().offer(TestFrontier.request(A + 1))).isTrue();
        Lease late = taking.get(20, TimeUnit.SECONDS).orElseThrow();
        FutureTask<Optional<Lease>> last = waiting(crawl.frontier);
        crawl.ok(late);
        crawl.source().close();
        crawl.source().close();
        assertThat(last.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThatThrownBy(() -> crawl.source().offer(TestFrontier.request(A + 2)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void drainFreesEverybodyWhoWaits() throws Exception {
        TestFrontier crawl = TestFrontier.open(plain(A), ManualTicker.stopped());
        crawl.start(A);
        List<FutureTask<Optional<Lease>>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(waiting(crawl.frontier));
        }
        crawl.frontier.drain();
        for (FutureTask<Optional<Lease>> one : waiting) {
            assertThat(one.get(20, TimeUnit.SECONDS)).isEmpty();
        }
        crawl.giveBack();
    }

    @Test
    void deadlineFreesEverybodyWhoWaits() throws Exception {
        TestFrontier crawl = TestFrontier.open(plain(A).limits(limits(10, 10, HOUR)), ManualTicker.stopped());
        crawl.start(A);
        FutureTask<Optional<Lease>> first = waiting(crawl.frontier);
        FutureTask<Optional<Lease>> second = waiting(crawl.frontier);
        crawl.ticker.advance(HOUR.minusNanos(1));
        assertThat(crawl.frontier.snapshot().ended()).isEmpty();
        crawl.ticker.advance(Duration.ofNanos(1));
        assertThat(first.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(second.get(20, TimeUnit.SECONDS)).isEmpty();
        crawl.giveBack();
    }

    /** On the machine's clock: the manual one wakes waiters now and then, which would hide a lost wake-up. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void followerLeadsWhenTheLeaderIsInterrupted() throws Exception {
        List<FutureTask<Optional<Lease>>> waiting = allWaitBeforeTheirHostsAreReady(1, 2, Thread::interrupt);
        assertThatThrownBy(() -> waiting.getFirst().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        held.add(waiting.getLast().get(20, TimeUnit.SECONDS).orElseThrow());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoeverLeavesWithALeaseWakesTheNext() throws Exception {
        for (FutureTask<Optional<Lease>> one : allWaitBeforeTheirHostsAreReady(4, 4, _ -> {})) {
            held.add(one.get(20, TimeUnit.SECONDS).orElseThrow());
        }
    }

    /**
     * Starts threads that wait for their hosts, and does something to the first. On a busy machine the hosts may be
     * ready before that is done, which would prove nothing: then it begins anew, with a longer delay.
     */
    private List<FutureTask<Optional<Lease>>> allWaitBeforeTheirHostsAreReady(int hosts, int threads,
            Consumer<Thread> toTheFirst)
            throws Exception {
        for (Duration delay = Duration.ofMillis(500); delay.compareTo(LONGEST_DELAY) < 0; delay =
                delay.multipliedBy(2)) {
            long began = Ticker.system().nanos();
            Frontier frontier = hostsThatAreReadyIn(delay, hosts);
            List<FutureTask<Optional<Lease>>> calls = new ArrayList<>();
            List<Thread> started = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                FutureTask<Optional<Lease>> call = new FutureTask<>(() -> frontier.take().map(Lease.class::cast));
                calls.add(call);
                started.add(started(call));
            }
            toTheFirst.accept(started.getFirst());
            if (Ticker.system().nanos() - began < delay.toNanos()) {
                return calls;
            }
            frontier.drain();
            for (FutureTask<Optional<Lease>> call : calls) {
                hold(call);
            }
        }
        throw new AssertionError("too busy a machine: no thread was seen to wait within " + LONGEST_DELAY);
    }

    private void hold(FutureTask<Optional<Lease>> call) throws Exception {
        try {
            call.get(20, TimeUnit.SECONDS).ifPresent(held::add);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(InterruptedException.class);
        }
    }

    /** A frontier with one page left on each host, whose delay has just begun. */
    private Frontier hostsThatAreReadyIn(Duration delay, int hosts) throws InterruptedException {
        Frontier frontier = TestFrontier.alone(plain(A)
                .politeness(TestFrontier.politeness(TestFrontier.manners(8, delay), false))
                .build(), Deadline.after(HOUR, Ticker.system()), Ticker.system());
        try (Source source = frontier.openSource()) {
            for (int host = 0; host < hosts; host++) {
                source.offer(TestFrontier.request("http://h" + host + ".example.org/1"));
                source.offer(TestFrontier.request("http://h" + host + ".example.org/2"));
            }
        }
        for (int host = 0; host < hosts; host++) {
            Lease lease = (Lease) frontier.take().orElseThrow();
            held.add(lease);
            lease.written(Ticker.system().nanos());
        }
        return frontier;
    }

    @Test
    void leaseIsFinishedOnce() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        Lease lease = crawl.start();
        crawl.ok(lease);
        lease.close();
        assertThatThrownBy(() -> crawl.ok(lease)).isInstanceOf(IllegalStateException.class);
        assertThat(crawl.lines()).containsExactly(A + " ok");
    }

    @Test
    void leaseThatIsGivenUpLeavesItsUrlInTheFrontierToBeCounted() {
        TestFrontier crawl = TestFrontier.of(plain(A).limits(limits(1, 10, HOUR)));
        crawl.start().close();
        assertThat(crawl.frontier.snapshot().urls().leased()).isZero();
        crawl.frontier.drain();
        assertThat(crawl.frontier.leftovers(CancelReason.ABORTED).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + " cancelled/aborted");
    }

    @Test
    void leaseWhoseFindingTheFrontierCannotTakeIsGivenUp() {
        TestFrontier crawl = TestFrontier.of(plain(A));
        List<Link> broken = new ArrayList<>();
        broken.add(null);
        assertThatThrownBy(() -> {
            try (Lease lease = crawl.start()) {
                lease.finish(new LeaseResult.PageResult(
                        new Fetched(TestFrontier.page(lease).request(), TestFrontier.page(lease)
                                .trailAfter(
                                        TestFrontier.attempt()),
                                Content.UNREAD, List.of()),
                        broken, 0, TestFrontier.status(200)));
            }
        }).isInstanceOf(NullPointerException.class);
        assertThat(crawl.frontier.snapshot().urls().leased()).isZero();
        crawl.frontier.drain();
        assertThat(crawl.frontier.leftovers(CancelReason.ABORTED).orElseThrow().outcomes())
                .extracting(TestFrontier::line)
                .containsExactly(A + " cancelled/aborted");
    }

    /** Each page links to two more; many workers on few hosts, so that they wait for each other all the time. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyWorkersFetchEveryPageOnceAndAllComeHome(int delayMillis) throws InterruptedException {
        int pages = delayMillis == 0 ? 2000 : 300;
        for (int round = 0; round < 10; round++) {
            Frontier frontier = TestFrontier.alone(plain("http://h0.example.org/0")
                    .scope(new Scope(List.of(Scope.Domain.parse("example.org")), Set.of(), List.of(), List.of(), 1000))
                    .politeness(TestFrontier.politeness(TestFrontier.manners(2, Duration.ofMillis(delayMillis)), false))
                    .build(), Deadline.after(HOUR, Ticker.system()), Ticker.system());
            try (Source source = frontier.openSource()) {
                source.offer(TestFrontier.request("http://h0.example.org/0"));
            }
            Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                // Not virtual ones: a mistake that loops would take the carriers from all tests that follow.
                workers.add(Thread.ofPlatform().daemon().start(() -> work(frontier, pages, outcomes)));
            }
            for (Thread worker : workers) {
                assertThat(worker.join(Duration.ofSeconds(30))).as("a worker that no thread wakes").isTrue();
            }
            assertThat(outcomes).extracting(TestFrontier::line).hasSize(pages).doesNotHaveDuplicates();
            assertThat(frontier.snapshot().ended()).hasToString("Optional[EXHAUSTED]");
        }
    }

    private static void work(Frontier frontier, int pages, Queue<Outcome> outcomes) {
        try {
            Optional<Assignment> taken = frontier.take();
            while (taken.isPresent()) {
                try (Lease lease = (Lease) taken.get()) {
                    lease.written(Ticker.system().nanos());
                    lease.finish(binaryTree(lease, pages)).ifPresent(step -> outcomes.addAll(step.outcomes()));
                }
                taken = frontier.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Page N links to 2N + 1 and 2N + 2. */
    private static LeaseResult binaryTree(Lease lease, int pages) {
        int page = Integer.parseInt(lease.work().url().pathAndQuery().substring(1));
        List<Link> links = new ArrayList<>();
        for (int next = 2 * page + 1; next <= 2 * page + 2 && next < pages; next++) {
            links.add(new Link(CanonicalUrl.of("http://h" + next % 5 + ".example.org/" + next), Optional.empty()));
        }
        Work.FetchPage work = TestFrontier.page(lease);
        Fetched fetched =
                new Fetched(work.request(), work.trailAfter(TestFrontier.attempt()), Content.UNREAD, List.of());
        return new LeaseResult.PageResult(fetched, links, 0, TestFrontier.status(200));
    }

    private static FutureTask<Optional<Lease>> waiting(Frontier frontier) {
        FutureTask<Optional<Lease>> taking = new FutureTask<>(() -> frontier.take().map(Lease.class::cast));
        started(taking);
        return taking;
    }

    /** Starts a call and returns once it waits, or has ended. */
    private static Thread started(FutureTask<?> call) {
        Thread thread = Thread.ofPlatform().daemon().start(call);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> call.isDone() || thread.getState() == Thread.State.TIMED_WAITING
                                || thread.getState() == Thread.State.WAITING);
        return thread;
    }
}
