package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.FetchLog;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.dns.Resolver;
import fanout.fetch.Fetch;
import fanout.fetch.Fetcher;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.Sink;
import fanout.synthetic.Exchange;
import fanout.synthetic.Handler;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import fanout.synthetic.SyntheticWebBuilder;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code maxDuration} holds whatever a thousand workers are waiting for when it comes. */
class MaxDurationTest {

    private static final int WORKERS = 1000;
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Manners ALL_AT_ONCE = new Manners(WORKERS, Duration.ZERO, false, Duration.ofSeconds(60));

    private final Recorded recorded = new Recorded();
    private final Metronome metronome = new Metronome();

    @BeforeAll
    static void warmUp() throws InterruptedException {
        Crawls.warmUp();
        Crawls.warmUpEnds();
    }

    @AfterEach
    void stop() {
        metronome.close();
    }

    private static CrawlJob.Builder job() {
        return CrawlJob.builder("late")
                .network(Jobs.LOOPBACK)
                .concurrency(WORKERS)
                .politeness(Jobs.politeness(ALL_AT_ONCE))
                .limits(Jobs.limits(100_000, DEADLINE, Duration.ofSeconds(30)));
    }

    private static CrawlJob thousandPages(SyntheticWeb web) {
        CrawlJob.Builder job = job();
        IntStream.rangeClosed(1, WORKERS).forEach(page -> job.startUrl(web.urlOf(0, page)));
        return job.build();
    }

    private static SyntheticWebBuilder host() {
        return SyntheticWeb.builder().pagesPerHost(WORKERS + 1);
    }

    private static SyntheticWeb answering(SyntheticWeb web, Handler handler) {
        IntStream.rangeClosed(1, WORKERS).forEach(page -> web.on("/page/" + page + ".html", handler));
        return web;
    }

    private void assertAllWereCancelledIn(Stage stage, CrawlReport report, SyntheticWeb web) {
        recorded.agreesWith(report);
        Crawls.assertNothingIsLeft(report, web);
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
        assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/deadline", (long) WORKERS));
        assertThat(report.deadlineExceeded()).containsEntry(stage, (long) WORKERS);
        assertIsInTime(report);
    }

    private void assertIsInTime(CrawlReport report) {
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(DEADLINE);
        metronome.assertPrompt(report.elapsed().minus(DEADLINE));
    }

    private CrawlReport crawl(CrawlJob job) throws InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            return scraper.crawl(job, recorded);
        }
    }

    @Test
    void inDns() throws InterruptedException {
        CrawlJob.Builder job = job().politeness(Jobs.politenessWithoutRobots(ALL_AT_ONCE));
        IntStream.rangeClosed(1, WORKERS).forEach(i -> job.startUrl("http://host" + i + ".example.org/"));
        CountDownLatch never = new CountDownLatch(1);
        Resolver silent = new Resolver() {
            @Override
            public List<InetAddress> resolve(String host) throws InterruptedException {
                never.await();
                throw new AssertionError("nobody answers");
            }

            @Override
            public long abandonedLookups() {
                return 0;
            }

            @Override
            public void close() {}
        };
        try (SyntheticWeb web = host().start()) {
            Crawl crawl = FetchLog.newCrawl(job.build(), recorded, silent, Fetcher::fetch);

            CrawlReport report = crawl.run();

            assertAllWereCancelledIn(Stage.DNS, report, web);
            assertThat(report.peakInFlight()).isEqualTo(WORKERS);
        }
    }

    @Test
    void inConnect() throws InterruptedException, IOException {
        // A listener that accepts nothing lets one or two connect; then the kernel leaves the others without an answer.
        try (ServerSocket deaf = new ServerSocket(); SyntheticWeb web = host().start()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            CrawlJob.Builder job = job().politeness(Jobs.politenessWithoutRobots(ALL_AT_ONCE));
            IntStream.rangeClosed(1, WORKERS)
                    .forEach(i -> job.startUrl("http://127.0.0.1:" + deaf.getLocalPort() + "/" + i));

            CrawlReport report = crawl(job.build());

            recorded.agreesWith(report);
            Crawls.assertNothingIsLeft(report, web);
            assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/deadline", (long) WORKERS));
            assertThat(report.deadlineExceeded().get(Stage.CONNECT)).isGreaterThan(WORKERS - 10L);
            assertIsInTime(report);
        }
    }

    @Test
    void inHeaders() throws InterruptedException {
        try (SyntheticWeb web = answering(host().start(), Exchange::stall)) {
            assertAllWereCancelledIn(Stage.HEADERS, crawl(thousandPages(web)), web);
            assertThat(web.arrivalCount()).isEqualTo(WORKERS + 1);
        }
    }

    @Test
    void inBody() throws InterruptedException {
        try (SyntheticWeb web = answering(host().start(), exchange -> {
            exchange.respondHead(200, Map.of("Content-Type", "text/html"), 1000);
            exchange.sendRaw("<p>and then");
            exchange.stall();
        })) {
            assertAllWereCancelledIn(Stage.BODY, crawl(thousandPages(web)), web);
        }
    }

    @Test
    void inParse() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (SyntheticWeb web = host().start(); Scraper scraper = Scraper.builder().extractor(_ -> {
            try {
                never.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("interrupted");
        }).build()) {
            assertAllWereCancelledIn(Stage.PARSE, scraper.crawl(thousandPages(web), recorded), web);
        }
    }

    @Test
    void inPoliteness() throws InterruptedException {
        Manners slow = new Manners(1, Duration.ofMillis(1500), false, Duration.ofSeconds(60));
        try (SyntheticWeb web = host().start()) {
            CrawlJob.Builder job = job().politeness(Jobs.politeness(slow));
            IntStream.rangeClosed(1, WORKERS).forEach(page -> job.startUrl(web.urlOf(0, page)));

            CrawlReport report = crawl(job.build());

            recorded.agreesWith(report);
            Crawls.assertNothingIsLeft(report, web);
            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
            // robots.txt at 0 s, a page at 1.5 s, and no other before 3 s: so there is nothing left to wait for.
            assertThat(recorded.counts()).containsExactly(
                    Map.entry("cancelled/deadline", WORKERS - 1L), Map.entry("ok", 1L));
            assertThat(report.deadlineExceeded()).containsOnly(Map.entry(Stage.POLITENESS, WORKERS - 1L));
            assertThat(report.elapsed()).isLessThan(DEADLINE);
        }
    }

    @Test
    void inRobots() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .hosts(WORKERS)
                .pagesPerHost(1)
                .robots(Robots.allowAll().after(Duration.ofMinutes(1)))
                .start()) {
            CrawlJob.Builder job = job();
            web.startUrls().forEach(job::startUrl);

            assertAllWereCancelledIn(Stage.ROBOTS, crawl(job.build()), web);
            assertThat(web.arrivalCount()).isEqualTo(WORKERS);
        }
    }

    @Test
    void inSink() throws InterruptedException {
        Ticker ticker = Ticker.system();
        long start = ticker.nanos();
        CountDownLatch never = new CountDownLatch(1);
        Sink slow = outcome -> {
            long left = start + DEADLINE.plusMillis(100).toNanos() - ticker.nanos();
            assertThat(never.await(left, TimeUnit.NANOSECONDS)).isFalse();
            recorded.write(outcome);
        };
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(5000).bodyBytes(100).start();
                FetchLog fetches = new FetchLog()) {
            CrawlReport report = Crawls.run(
                    fetches.newCrawl(job().startUrl(web.urlOf(0, 0)).build(), slow), web);

            recorded.agreesWith(report);
            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
            assertThat(recorded.counts()).containsOnlyKeys("ok", "cancelled/deadline");
            // Every page that a worker got was written: those who could not send left theirs with the pool.
            for (FetchLog.Entry entry : fetches.all()) {
                if (entry.fetch() instanceof Fetch.Response && !entry.url().endsWith("/robots.txt")) {
                    Outcome outcome = recorded.only(entry.url());
                    assertThat(outcome.name() + outcome.detail().orElse("")).isIn("ok", "cancelledin parse");
                }
            }
            metronome.assertPrompt(report.elapsed().minus(DEADLINE.plusMillis(100)));
        }
    }

    @Test
    void deadlineThatNoReadyTimeCanMeetEndsTheCrawlAtOnce() throws InterruptedException {
        Manners patient = new Manners(1, Duration.ofSeconds(40), false, Duration.ofSeconds(60));
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(5).start()) {
            CrawlReport report = crawl(Jobs.impatient(web)
                    .politeness(Jobs.politenessWithoutRobots(patient))
                    .limits(Jobs.limits(100, Duration.ofSeconds(30), Duration.ofSeconds(30)))
                    .build());

            recorded.agreesWith(report);
            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
            assertThat(recorded.counts()).containsOnlyKeys("ok", "cancelled/deadline");
            assertThat(recorded.outcomes()).filteredOn(outcome -> outcome.name().equals("cancelled"))
                    .extracting(Outcome::detail)
                    .containsOnly(Optional.of("in politeness"));
            assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(10));
        }
    }
}
