package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.crawl.fixtures.RunsAlone;
import fanout.crawl.fixtures.WarmUp;
import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Exchange;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Crawls that are cancelled or interrupted. */
@RunsAlone
class EndingTest {

    private static final int IN_FLIGHT = 200;

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();
    private final Metronome metronome = new Metronome();

    @BeforeAll
    static void warmUp() throws InterruptedException {
        WarmUp.crawls();
    }

    @AfterEach
    void close() {
        metronome.close();
        scraper.close();
    }

    @Test
    void cancelEndsAllNetworkActivityAtOnce() throws InterruptedException {
        Queue<Long> left = new ConcurrentLinkedQueue<>();
        try (SyntheticWeb web = stalling(left); RunningCrawl running = stalled(web)) {
            long cancelledAt = System.nanoTime();
            running.crawl().cancel();
            CrawlReport report = running.report();

            metronome.assertPrompt(Duration.ofNanos(silentAt(left) - cancelledAt));
            assertEndedWithoutLoss(report, web);
        }
    }

    @Test
    void interruptEndsTheCrawlAndIsThrownOnceTheReportExists() throws InterruptedException {
        Queue<Long> left = new ConcurrentLinkedQueue<>();
        try (SyntheticWeb web = stalling(left); RunningCrawl running = stalled(web)) {
            long interruptedAt = System.nanoTime();
            running.thread().interrupt();

            assertThat(running.thrown()).isInstanceOf(InterruptedException.class);
            metronome.assertPrompt(Duration.ofNanos(silentAt(left) - interruptedAt));
            assertEndedWithoutLoss(running.crawl().report().orElseThrow(), web);
        }
    }

    @Test
    void manyInterruptsDoNotCostTheReport() throws InterruptedException {
        try (SyntheticWeb web = stalling(new ConcurrentLinkedQueue<>()); RunningCrawl running = stalled(web)) {
            while (running.thread().isAlive()) {
                running.thread().interrupt();
                Thread.onSpinWait();
            }

            assertThat(running.thrown()).isInstanceOf(InterruptedException.class);
            CrawlReport report = running.crawl().report().orElseThrow();
            Crawls.assertNothingRuns(report, web);
            assertThat(report.accounting().discovered()).isEqualTo(IN_FLIGHT);
            // A second interrupt cancels the writing, too: what was not written is counted.
            assertThat(recorded.outcomes().size() + report.leakCheck().undeliveredResults()).isEqualTo(IN_FLIGHT);
        }
    }

    @Test
    void crawlThatIsCancelledBeforeItRunsFetchesNothing() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(3).start()) {
            Crawl crawl = scraper.crawl(Jobs.impatient(web).build()).to(recorded).build();
            crawl.cancel();

            CrawlReport report = Crawls.run(crawl, web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
            assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/interrupted", 3L));
            assertThat(web.arrivalCount()).isZero();
        }
    }

    /** The moment when the last client had left the server. */
    private static long silentAt(Queue<Long> left) {
        RunningCrawl.until(() -> left.size() == IN_FLIGHT);
        return left.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static SyntheticWeb stalling(Queue<Long> left) {
        SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start();
        return web.on("/robots.txt", exchange -> exchange.respond(404, "text/plain", ""))
                .on("/", exchange -> stallAndNote(exchange, left));
    }

    private static void stallAndNote(Exchange exchange, Queue<Long> left) throws IOException {
        try {
            exchange.stall();
        } finally {
            left.add(System.nanoTime());
        }
    }

    /** A crawl with all its fetches in flight, one at each host. The hosts are one server. */
    private RunningCrawl stalled(SyntheticWeb web) {
        CrawlJob job = Jobs
                .impatient(IntStream.range(0, IN_FLIGHT).mapToObj(host -> web.urlOf(host, "/")).toArray(String[]::new))
                .concurrency(IN_FLIGHT)
                .build();
        RunningCrawl running = new RunningCrawl(scraper.crawl(job).to(recorded).build());
        RunningCrawl.until(() -> web.inFlight() == IN_FLIGHT
                && web.arrivals().stream().filter(arrival -> arrival.path().equals("/")).count() == IN_FLIGHT);
        return running;
    }

    private void assertEndedWithoutLoss(CrawlReport report, SyntheticWeb web) {
        Crawls.assertNothingIsLeft(report, web);
        recorded.agreesWith(report);
        assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
        assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/interrupted", (long) IN_FLIGHT));
    }
}
