package fanout.crawl.ending;

import static fanout.crawl.ending.ThousandWorkers.ALL_AT_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.FetchLog;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.RunsAlone;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.Fetcher;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.Sink;
import fanout.synthetic.Exchange;
import fanout.synthetic.Handler;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code maxDuration} holds, whatever a thousand workers are waiting for when it has passed. */
@RunsAlone
class MaxDurationTest {

    private static final int WORKERS = ThousandWorkers.COUNT;

    private final ThousandWorkers workers = new ThousandWorkers();

    @BeforeAll
    static void chooseDeadline() throws InterruptedException {
        ThousandWorkers.chooseDeadline();
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private static SyntheticWeb answering(SyntheticWeb web, Handler handler) {
        IntStream.rangeClosed(1, WORKERS).forEach(page -> web.on("/page/" + page + ".html", handler));
        return web;
    }

    @Test
    void inDns() throws InterruptedException {
        CrawlJob.Builder job = ThousandWorkers.job().politeness(Jobs.politenessWithoutRobots(ALL_AT_ONCE));
        IntStream.rangeClosed(1, WORKERS).forEach(i -> job.startUrl("http://host" + i + ".example.org/"));
        try (SyntheticWeb web = ThousandWorkers.host().start()) {
            Crawl crawl = FetchLog.newCrawl(job.build(), workers.recorded, new SilentResolver(), Fetcher::fetch);

            CrawlReport report = crawl.run();

            workers.assertAllWereCancelledIn(Stage.DNS, report, web);
            assertThat(report.fetching().peakInFlight()).isEqualTo(WORKERS);
        }
    }

    @Test
    void inConnect() throws InterruptedException, IOException {
        // A listener that accepts nothing lets one or two connect; then the kernel leaves the others without an answer.
        try (ServerSocket deaf = new ServerSocket(); SyntheticWeb web = ThousandWorkers.host().start()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            CrawlJob.Builder job = ThousandWorkers.job().politeness(Jobs.politenessWithoutRobots(ALL_AT_ONCE));
            IntStream.rangeClosed(1, WORKERS)
                    .forEach(i -> job.startUrl("http://127.0.0.1:" + deaf.getLocalPort() + "/" + i));

            CrawlReport report = workers.crawl(job.build());

            workers.assertAllWereCancelled(report, web);
            assertThat(report.timing().deadlineExceeded().get(Stage.CONNECT)).isGreaterThan(WORKERS - 10L);
        }
    }

    @Test
    void inHeaders() throws InterruptedException {
        try (SyntheticWeb web = answering(ThousandWorkers.host().start(), Exchange::stall)) {
            CrawlReport report = workers.crawl(ThousandWorkers.thousandPages(web));

            workers.assertAllWereCancelledIn(Stage.HEADERS, report, web);
            assertThat(web.arrivalCount()).isEqualTo(WORKERS + 1);
        }
    }

    @Test
    void inBody() throws InterruptedException {
        try (SyntheticWeb web = answering(ThousandWorkers.host().start(), exchange -> {
            exchange.respondHead(200, Map.of("Content-Type", "text/html"), 1000);
            exchange.sendRaw("<p>and then");
            exchange.stall();
        })) {
            CrawlReport report = workers.crawl(ThousandWorkers.thousandPages(web));

            workers.assertAllWereCancelledIn(Stage.BODY, report, web);
        }
    }

    @Test
    void inParse() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (SyntheticWeb web = ThousandWorkers.host().start();
                Scraper scraper = Scraper.builder().extractor((_, _) -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    throw new IllegalStateException("interrupted");
                }).build()) {
            CrawlReport report = scraper.crawl(ThousandWorkers.thousandPages(web)).to(workers.recorded).run();

            workers.assertAllWereCancelledIn(Stage.PARSE, report, web);
        }
    }

    /**
     * One fetch is in flight and could still find links. All other pages wait for their turn, which is after the
     * deadline.
     */
    @Test
    void inPoliteness() throws InterruptedException {
        Manners slow = new Manners(1, Duration.ofSeconds(40), false, Duration.ofSeconds(60));
        try (SyntheticWeb web = answering(ThousandWorkers.host().start(), Exchange::stall)) {
            CrawlJob.Builder job = ThousandWorkers.job().politeness(Jobs.politenessWithoutRobots(slow));

            CrawlReport report = workers.crawl(ThousandWorkers.thousandPages(web, job));

            workers.assertAllWereCancelled(report, web);
            assertThat(report.timing().deadlineExceeded()).containsOnly(
                    Map.entry(Stage.POLITENESS, WORKERS - 1L), Map.entry(Stage.HEADERS, 1L));
        }
    }

    @Test
    void inRobots() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .hosts(WORKERS)
                .pagesPerHost(1)
                .robots(Robots.allowAll().after(Duration.ofMinutes(1)))
                .start()) {
            CrawlJob.Builder job = ThousandWorkers.job();
            web.startUrls().forEach(job::startUrl);

            workers.assertAllWereCancelledIn(Stage.ROBOTS, workers.crawl(job.build()), web);
            assertThat(web.arrivalCount()).isEqualTo(WORKERS);
        }
    }

    @Test
    void inSink() throws InterruptedException {
        Duration sinkReturnsAfter = ThousandWorkers.deadline().plusMillis(100);
        Ticker ticker = Ticker.system();
        long start = ticker.nanos();
        CountDownLatch never = new CountDownLatch(1);
        Sink slow = outcome -> {
            long left = start + sinkReturnsAfter.toNanos() - ticker.nanos();
            assertThat(never.await(left, TimeUnit.NANOSECONDS)).isFalse();
            workers.recorded.write(outcome);
        };
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(5000).bodyBytes(100).start();
                FetchLog fetches = new FetchLog()) {
            CrawlJob job = ThousandWorkers.job().startUrl(web.urlOf(0, 0)).build();

            CrawlReport report = Crawls.run(fetches.newCrawl(job, slow), web);

            workers.recorded.agreesWith(report);
            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
            assertThat(workers.recorded.counts()).containsOnlyKeys("ok", "cancelled/deadline");
            // Every page that a worker got is written: workers that could not send an outcome left it with the pool.
            for (FetchLog.Entry entry : fetches.all()) {
                if (entry.fetch() instanceof Fetch.Response && !entry.url().endsWith("/robots.txt")) {
                    Outcome outcome = workers.recorded.only(entry.url());
                    assertThat(outcome.name() + outcome.detail().orElse("")).isIn("ok", "cancelledin parse");
                }
            }
            workers.metronome.assertPrompt(report.timing().elapsed().minus(sinkReturnsAfter));
        }
    }
}
