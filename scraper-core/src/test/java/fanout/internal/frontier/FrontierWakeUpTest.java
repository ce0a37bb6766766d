package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Fetched;
import fanout.page.Content;
import fanout.page.Link;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each event that gives a waiting worker something to do, or an end, wakes one that waits at that moment, and not only
 * when something else happens. On the machine's clock, because the manual one wakes waiters now and then: a wake-up
 * that is missed here comes an hour late.
 */
@Timeout(60)
class FrontierWakeUpTest {

    private static final String A = "http://a.example.org/";
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Frontier> frontiers = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    @AfterEach
    void interruptWorkersThatWait() throws InterruptedException {
        workers.forEach(Thread::interrupt);
        for (Thread worker : workers) {
            worker.join();
        }
        leases.forEach(Lease::close);
        frontiers.forEach(Frontier::close);
    }

    private Frontier frontier(CrawlJob.Builder job) {
        return frontier(job, new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE));
    }

    private Frontier frontier(CrawlJob.Builder job, Frontier.Group group) {
        return frontier(job, group, Ticker.system());
    }

    private Frontier frontier(CrawlJob.Builder job, Frontier.Group group, Ticker ticker) {
        Frontier frontier = new Frontier(job.build(), group, Deadline.after(HOUR, ticker), ticker,
                new SplittableRandom(1), Optional.empty());
        frontiers.add(frontier);
        return frontier;
    }

    private Lease taken(Frontier frontier) throws InterruptedException {
        Lease lease = (Lease) frontier.take().orElseThrow();
        leases.add(lease);
        return lease;
    }

    /** A worker that waits. */
    private CompletableFuture<Optional<Lease>> waiting(Frontier frontier) {
        CompletableFuture<Optional<Lease>> taken = new CompletableFuture<>();
        Thread worker = Thread.ofPlatform().daemon().start(() -> {
            try {
                taken.complete(frontier.take().map(Lease.class::cast));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the test has failed, or needs this worker no more
            }
        });
        workers.add(worker);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> taken.isDone() || worker.getState() == Thread.State.TIMED_WAITING);
        assertThat(taken).as("nothing is to be done yet").isNotDone();
        return taken;
    }

    private Optional<Lease> woken(CompletableFuture<Optional<Lease>> waiting) throws Exception {
        try {
            Optional<Lease> lease = waiting.get(20, TimeUnit.SECONDS);
            lease.ifPresent(leases::add);
            return lease;
        } catch (TimeoutException e) {
            throw new AssertionError("a worker that nothing has woken", e);
        }
    }

    @Test
    void drainWakesAllWorkers() throws Exception {
        Frontier frontier = frontier(plain(A));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A));
            taken(frontier);
            List<CompletableFuture<Optional<Lease>>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(waiting(frontier));
            }
            frontier.drain();
            for (CompletableFuture<Optional<Lease>> worker : waiting) {
                assertThat(woken(worker)).isEmpty();
            }
        }
    }

    @Test
    void lastSourceThatIsClosedEndsTheCrawlForAllWorkers() throws Exception {
        Frontier frontier = frontier(plain(A));
        Source source = frontier.openSource();
        CompletableFuture<Optional<Lease>> one = waiting(frontier);
        CompletableFuture<Optional<Lease>> other = waiting(frontier);
        source.close();
        assertThat(woken(one)).isEmpty();
        assertThat(woken(other)).isEmpty();
    }

    @Test
    void urlThatIsOfferedWakesAWorker() throws Exception {
        Frontier frontier = frontier(plain(A));
        try (Source source = frontier.openSource()) {
            CompletableFuture<Optional<Lease>> worker = waiting(frontier);
            source.offer(TestFrontier.request(A));
            assertThat(woken(worker)).isPresent();
        }
    }

    /** A host that keeps a delay has no ready-time until its request is written. */
    @Test
    void requestThatIsWrittenWakesAWorkerForTheNext() throws Exception {
        Frontier frontier =
                frontier(plain(A).politeness(politeness(manners(2, Duration.ofMillis(1)), false)));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A + 1));
            source.offer(TestFrontier.request(A + 2));
            Lease first = taken(frontier);
            CompletableFuture<Optional<Lease>> worker = waiting(frontier);
            first.written(Ticker.system().nanos());
            assertThat(woken(worker)).isPresent();
        }
    }

    @Test
    void leaseThatEndsWakesAWorkerForTheNextUrlOfItsHost() throws Exception {
        Frontier frontier =
                frontier(plain(A).politeness(politeness(manners(1, Duration.ZERO), false)));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A + 1));
            source.offer(TestFrontier.request(A + 2));
            Lease first = taken(frontier);
            CompletableFuture<Optional<Lease>> worker = waiting(frontier);
            finish(first);
            assertThat(woken(worker)).isPresent();
        }
    }

    @Test
    void leaseThatIsGivenUpWakesAWorkerForItsUrl() throws Exception {
        Frontier frontier = frontier(plain(A));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A));
            Lease first = taken(frontier);
            CompletableFuture<Optional<Lease>> worker = waiting(frontier);
            first.close();
            assertThat(woken(worker)).isPresent();
        }
    }

    /** One wake-up for many links: the worker that takes the first passes it on. */
    @Test
    void manyLinksOfOnePageWakeAllWorkers() throws Exception {
        Frontier frontier = frontier(plain(A));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A));
            Lease first = taken(frontier);
            List<CompletableFuture<Optional<Lease>>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(waiting(frontier));
            }
            finish(first, A + 1, A + 2, A + 3);
            for (CompletableFuture<Optional<Lease>> worker : waiting) {
                assertThat(woken(worker)).isPresent();
            }
        }
    }

    @Test
    void endOfTheLastLeaseWakesAllWorkers() throws Exception {
        Frontier frontier = frontier(plain(A));
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A));
        }
        Lease last = taken(frontier);
        CompletableFuture<Optional<Lease>> one = waiting(frontier);
        CompletableFuture<Optional<Lease>> other = waiting(frontier);
        finish(last);
        assertThat(woken(one)).isEmpty();
        assertThat(woken(other)).isEmpty();
    }

    /** The machine's clock, on which the first worker that is woken is interrupted in the same moment. */
    private static final class FirstIsInterrupted implements Ticker {

        private final AtomicBoolean isFirst = new AtomicBoolean(true);

        @Override
        public long nanos() {
            return Ticker.system().nanos();
        }

        @Override
        public Instant now() {
            return Ticker.system().now();
        }

        @Override
        public long await(Condition condition, long nanos) throws InterruptedException {
            long left = Ticker.system().await(condition, nanos);
            if (isFirst.compareAndSet(true, false)) {
                throw new InterruptedException("woken and interrupted");
            }
            return left;
        }
    }

    /** The end of the last lease wakes one worker, whose look at the frontier would wake the others. */
    @Test
    void wakeUpOfAnInterruptedWorkerReachesTheNext() throws Exception {
        Frontier frontier = frontier(plain(A), new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE),
                new FirstIsInterrupted());
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(A));
        }
        Lease last = taken(frontier);
        CompletableFuture<Optional<Lease>> interrupted = waiting(frontier);
        CompletableFuture<Optional<Lease>> next = waiting(frontier);
        finish(last);
        assertThat(woken(next)).isEmpty();
        assertThat(interrupted).isNotDone();
    }

    /** Of a process, two sitemaps are read at once: a third crawl waits until one of them has ended. */
    @Test
    void sitemapThatEndsWakesAWorkerOfAnotherCrawl() throws Exception {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        List<Lease> reading = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            reading.add(taken(frontier(plain().sitemap(sitemap(i)), group)));
        }
        CompletableFuture<Optional<Lease>> worker = waiting(frontier(plain().sitemap(sitemap(2)), group));
        finishSitemap(reading.getFirst());
        assertThat(woken(worker)).isPresent();
    }

    private static CanonicalUrl sitemap(int host) {
        return CanonicalUrl.of("http://h" + host + ".example.org/sitemap.xml");
    }

    private static void finish(Lease lease, String... links) {
        List<Link> found = new ArrayList<>();
        for (String link : links) {
            found.add(new Link(CanonicalUrl.of(link), Optional.empty()));
        }
        Work.FetchPage page = TestFrontier.page(lease);
        Fetched fetched =
                new Fetched(page.request(), page.trailAfter(TestFrontier.attempt()), Content.UNREAD, List.of());
        lease.finish(new LeaseResult.PageResult(fetched, found, 0, TestFrontier.status(200)));
        lease.close();
    }

    private static void finishSitemap(Lease lease) {
        lease.finish(new LeaseResult.SitemapFound(List.of(), List.of(), 0, Optional.empty(), TestFrontier.status(200)));
        lease.close();
    }
}
