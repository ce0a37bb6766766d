package fanout.crawl.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.TestRuntime;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.LeakyNetwork;
import fanout.crawl.fixtures.Recorded;
import fanout.internal.http.InterceptedFetcher;
import fanout.internal.http.Resolver;
import fanout.internal.http.SystemResolver;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.leak.JvmThreads;
import fanout.leak.junit.LeaksOnPurpose;
import fanout.report.CrawlReport;
import fanout.report.LeakCheck;
import fanout.synthetic.SyntheticWeb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The leak check of a report finds what was leaked on purpose. Without that, a clean report would prove nothing. */
class LeakTest {

    private final SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(20).start();
    private final CrawlJob job = Jobs.impatient(web).build();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    @LeaksOnPurpose(kind = "crawl", because = "its report stays what it is")
    void threadThatOutlivesTheCrawlIsFound() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Queue<Thread> leaked = new ConcurrentLinkedQueue<>();
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        AtomicBoolean once = new AtomicBoolean();
        try (Scraper scraper = Scraper.builder().extractor((_, _) -> {
            if (once.compareAndSet(false, true)) {
                String name = Thread.currentThread().getName() + " leaked";
                leaked.add(Thread.ofPlatform().name(name).start(() -> awaitUninterruptibly(end)));
            }
        }).build()) {
            CrawlReport report = scraper.crawl(job).to(new Recorded()).run();

            assertThat(report.leakCheck()).isEqualTo(new LeakCheck(1, 0, 0, 0, 0));
            assertThat(report.leakCheck().isClean()).isFalse();
            assertThat(JvmThreads.startingWith("crawl-")).hasSize(1);
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("left something behind: LeakCheck[liveTasks=1,")
                    .containsPattern(
                            "platform thread \"crawl-\\d+ workers/worker-\\d+ leaked\" #\\d+, WAITING, in no scope\n")
                    .contains("at fanout.crawl.leaks.LeakTest.awaitUninterruptibly(");
        } finally {
            System.setErr(usual);
            end.countDown();
            for (Thread thread : leaked) {
                thread.join();
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @LeaksOnPurpose(kind = "crawl", because = "its report stays what it is")
    void connectionThatIsNotGivenBackIsFound() throws InterruptedException {
        assertThat(crawlThrough(LeakyNetwork.Keeps.THE_CONNECTION)).isEqualTo(new LeakCheck(0, 1, 0, 0, 0))
                .matches(leaks -> !leaks.isClean());
    }

    @Test
    @LeaksOnPurpose(kind = "crawl", because = "its report stays what it is")
    void bodyThatIsNotClosedIsFound() throws InterruptedException {
        assertThat(crawlThrough(LeakyNetwork.Keeps.THE_BODY)).isEqualTo(new LeakCheck(0, 0, 1, 0, 0))
                .matches(leaks -> !leaks.isClean());
    }

    /** The leak check of a crawl over this network. */
    private LeakCheck crawlThrough(LeakyNetwork.Keeps keeps) throws InterruptedException {
        LeakyNetwork leaky = new LeakyNetwork(keeps);
        try (Resolver resolver = new SystemResolver(Ticker.system())) {
            return TestRuntime.of((crawled, traffic) -> InterceptedFetcher.forJob(crawled, leaky, resolver, traffic),
                    resolver::abandonedLookups).newCrawl(job, new Recorded()).run().leakCheck();
        } finally {
            leaky.letGo();
        }
    }

    @Test
    void resultsThatNoSinkTookAreFound() throws InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            CrawlReport report = scraper.crawl(job).to(_ -> {
                throw new IOException("no");
            }).run();

            assertThat(report.leakCheck().undeliveredResults()).isEqualTo(report.accounting().discovered());
            assertThat(report.leakCheck().isClean()).as("a sink's failure is no leak").isTrue();
        }
    }
}
