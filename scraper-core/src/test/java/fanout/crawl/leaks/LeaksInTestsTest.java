package fanout.crawl.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.LeakyNetwork;
import fanout.crawl.fixtures.Recorded;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.fetch.Fetcher;
import fanout.internal.fetch.Traffic;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.Lease;
import fanout.internal.frontier.Source;
import fanout.internal.http.InterceptedFetcher;
import fanout.internal.http.Resolver;
import fanout.internal.http.SystemResolver;
import fanout.internal.limit.BodyRoom;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.leak.junit.Behind;
import fanout.leak.junit.TestRun;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The leak check of every test names what the crawler has lent. No test registers a fetcher or a frontier with it. */
class LeaksInTestsTest {

    private static final String NO_GRACE = "PT0S";

    @AfterEach
    void removeWhatTheSampleLeft() throws Exception {
        Behind.remove();
    }

    private static void fetch(String path, LeakyNetwork.Keeps keeps) throws Exception {
        LeakyNetwork leaky = new LeakyNetwork(keeps);
        Behind.removedBy(leaky::letGo);
        Ticker ticker = Ticker.system();
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(2).start();
                Resolver resolver = new SystemResolver(ticker);
                Fetcher fetcher = InterceptedFetcher.forJob(Jobs.impatient(web).build(), leaky, resolver,
                        new Traffic())) {
            FetchRequest request =
                    new FetchRequest(CanonicalUrl.of(URI.create(web.urlOf(0, 0)).resolve(path).toString()), "*/*",
                            _ -> true,
                            1 << 20, Overflow.FAIL);
            Fetch fetch = Deadline.after(Duration.ofSeconds(20), ticker)
                    .within(() -> fetcher.fetch(request, new Silent()));
            assertThat(fetch).isInstanceOf(Fetch.Response.class);
            fetch.close();
        }
    }

    private static final class Silent implements FetchListener {

        @Override
        public void entered(Stage stage, Deadline until) {}

        @Override
        public void requestWritten(long nanos) {}
    }

    static class HeldConnection {
        @Test
        void leaves() throws Exception {
            fetch("/", LeakyNetwork.Keeps.THE_CONNECTION);
        }
    }

    @Test
    void connectionIsNamedWithWhoAcquiredIt() {
        assertThat(TestRun.of(HeldConnection.class, NO_GRACE).failure("leaves()"))
                .containsPattern(
                        "^1 left behind:\n    connection Connection\\{127.0.0.1:\\d+.* for http://127.0.0.1:\\d+/\\S*, "
                                + "taken by \"main\", in no scope\n        at ")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$HeldConnection.leaves(");
    }

    static class OpenBody {
        @Test
        void leaves() throws Exception {
            fetch("/robots.txt", LeakyNetwork.Keeps.THE_BODY);
        }
    }

    @Test
    void bodyIsNamedWithWhoOpenedIt() {
        assertThat(TestRun.of(OpenBody.class, NO_GRACE).failure("leaves()"))
                .containsPattern(
                        "^1 left behind:\n    body of http://127.0.0.1:\\d+/\\S*, taken by \"main\", in no scope\n")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$OpenBody.leaves(");
    }

    static class HeldBodyMemory {
        @Test
        void leaves() {
            BodyRoom.Allocation allocation = new BodyRoom(1_000, Ticker.system()).open();
            Behind.removedBy(allocation::close);
        }
    }

    @Test
    void memoryOfABodyIsNamedWithWhoTookIt() {
        assertThat(TestRun.of(HeldBodyMemory.class, NO_GRACE).failure("leaves()"))
                .startsWith("1 left behind:\n    body in memory of at most 500 bytes, taken by \"main\", in no scope\n")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$HeldBodyMemory.leaves(");
    }

    static class HeldPlace {
        @Test
        void leaves() throws InterruptedException {
            DocumentRoom room = new DocumentRoom(1, 1_000, Ticker.system());
            DocumentRoom.Stay stay = room.stay(this, 700);
            stay.enter(Deadline.after(Duration.ofHours(1), Ticker.system()), (_, _) -> {});
            Behind.removedBy(stay::leave);
        }
    }

    @Test
    void placeToParseIsNamedWithWhoTookIt() {
        assertThat(TestRun.of(HeldPlace.class, NO_GRACE).failure("leaves()"))
                .startsWith(
                        "1 left behind:\n    place to parse a page with 700 bytes, taken by \"main\", in no scope\n")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$HeldPlace.leaves(");
    }

    static class HeldLease {
        @Test
        void leaves() throws InterruptedException {
            CrawlJob job = CrawlJob.builder("leak").startUrl("http://example.org/").build();
            Ticker ticker = Ticker.system();
            Frontier frontier =
                    new Frontier(job, new Frontier.Group(1, Long.MAX_VALUE),
                            Deadline.after(job.limits().maxDuration(), ticker),
                            ticker, new SplittableRandom(1), Optional.empty());
            try (Source start = frontier.openSource()) {
                job.start().urls().forEach(start::offer);
            }
            Lease lease = (Lease) frontier.take().orElseThrow();
            Behind.removedBy(lease::close);
        }
    }

    @Test
    void leaseIsNamedWithWhoTookIt() {
        assertThat(TestRun.of(HeldLease.class, NO_GRACE).failure("leaves()"))
                .startsWith(
                        "1 left behind:\n    lease of http://example.org/robots.txt, taken by \"main\", in no scope\n")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$HeldLease.leaves(");
    }

    static class LeakingCrawl {
        @Test
        void leavesWhatItsExtractorStarted() throws InterruptedException {
            CountDownLatch end = new CountDownLatch(1);
            AtomicBoolean once = new AtomicBoolean();
            try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(2).start();
                    Scraper scraper = Scraper.builder().extractor((_, _) -> {
                        if (once.compareAndSet(false, true)) {
                            String name = Thread.currentThread().getName() + " leaked";
                            Thread thread = Thread.ofPlatform().name(name).start(() -> await(end));
                            Behind.removedBy(() -> {
                                end.countDown();
                                thread.join();
                            });
                        }
                    }).build()) {
                CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(new Recorded()).run();
                assertThat(report.leakCheck().liveTasks()).isOne();
            }
        }

        private static void await(CountDownLatch end) {
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void crawlThatReportedALeakIsNamedBesideIt() {
        assertThat(TestRun.of(LeakingCrawl.class, NO_GRACE).failure("leavesWhatItsExtractorStarted()"))
                .startsWith("2 left behind:")
                .containsPattern(
                        "platform thread \"crawl-\\d+ workers/worker-\\d+ leaked\" #\\d+, WAITING, in no scope\n")
                .containsPattern("crawl crawl-\\d+ reported LeakCheck\\[liveTasks=1, ")
                .contains("at fanout.crawl.leaks.LeaksInTestsTest$LeakingCrawl.leavesWhatItsExtractorStarted(");
    }
}
