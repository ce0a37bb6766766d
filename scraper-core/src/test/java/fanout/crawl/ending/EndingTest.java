package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Exchange;
import fanout.synthetic.Handler;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Crawls that somebody ends: gently, at once, or by an interrupt. */
class EndingTest {

    private static final int IN_FLIGHT = 200;

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();
    private final Metronome metronome = new Metronome();

    @BeforeAll
    static void warmUp() throws InterruptedException {
        Crawls.warmUp();
    }

    @AfterEach
    void close() {
        metronome.close();
        scraper.close();
    }

    /** Every kind of work is in flight or waits; after the drain only what is in flight ends. */
    @Test
    void drainStartsNothingNewAndLetsWhatIsInFlightEnd() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Handler held = gated(gate, exchange -> exchange.respond(200, "text/html", "<a href=/new>new</a>"));
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(4).pagesPerHost(1).start()) {
            web.on("/held", held)
                    .on("/flaky", exchange -> exchange.respond(503, "text/html", ""))
                    .on("/flaky-later", gated(gate, exchange -> exchange.respond(503, "text/html", "")))
                    .on("/moved",
                            gated(gate, exchange -> exchange.respond(302, Map.of("Location", "/target"), new byte[0])))
                    .on("/robots.txt", exchange -> {
                        if (exchange.host() == 2) {
                            gate.await();
                        }
                        exchange.respond(404, "text/plain", "");
                    });
            CrawlJob job = Jobs.impatient(web.urlOf(0, "/flaky"), web.urlOf(0, "/held"), web.urlOf(0, "/moved"),
                    web.urlOf(0, "/flaky-later"), web.urlOf(2, "/behind-robots"), web.urlOf(1, "/held"),
                    web.urlOf(3, "/untouched"))
                    .concurrency(5)
                    // Once its robots.txt is read, the last host has to wait.
                    .politeness(patientWith(web.hostOf(3)))
                    .retries(new Retries(3, Duration.ofSeconds(20), Duration.ofSeconds(20)))
                    .build();
            try (RunningCrawl running = new RunningCrawl(scraper.newCrawl(job, recorded))) {
                // Four robots.txt, /flaky, and what waits for the gate.
                long arrivals = 9;
                RunningCrawl.until(() -> web.inFlight() == 5 && web.arrivalCount() == arrivals);

                running.crawl().drain();
                gate.countDown();
                CrawlReport report = running.report();

                assertThat(web.arrivalCount()).as("%s", web.arrivals()).isEqualTo(arrivals);
                Crawls.assertNothingIsLeft(report, web);
                recorded.agreesWith(report);
                assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
                assertThat(end(web.urlOf(0, "/held"))).isEqualTo("ok");
                assertThat(end(web.urlOf(0, "/moved"))).isEqualTo("redirected");
                assertThat(end(web.urlOf(0, "/target"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(0, "/new"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(0, "/flaky"))).as("keeps its last failure").isEqualTo("failed/http_status");
                assertThat(end(web.urlOf(0, "/flaky-later"))).isEqualTo("failed/http_status");
                assertThat(end(web.urlOf(2, "/behind-robots"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(3, "/untouched"))).isEqualTo("cancelled/interrupted");
            }
        }
    }

    private static Politeness patientWith(String host) {
        Politeness usual = Jobs.politeness(Jobs.IMPATIENT);
        Manners patient = new Manners(1, Duration.ofMinutes(30), false, Duration.ofHours(1));
        return new Politeness(usual.manners(), usual.maxRetryAfter(), true, true, usual.maxCrawlDelay(),
                usual.maxRequestsPerSecond(), Map.of(host, patient));
    }

    private static Handler gated(CountDownLatch gate, Handler handler) {
        return exchange -> {
            gate.await();
            handler.handle(exchange);
        };
    }

    private String end(String url) {
        Outcome outcome = recorded.only(url);
        return outcome.name() + outcome.reason().map(reason -> "/" + reason).orElse("");
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
            Crawl crawl = scraper.newCrawl(Jobs.impatient(web).build(), recorded);
            crawl.cancel();

            CrawlReport report = Crawls.run(crawl, web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
            assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/interrupted", 3L));
            assertThat(web.arrivalCount()).isZero();
        }
    }

    /** When the server saw the last client leave. */
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

    /** A crawl with all its fetches in flight: one each at many hosts, which are all the same server. */
    private RunningCrawl stalled(SyntheticWeb web) {
        CrawlJob job = Jobs
                .impatient(IntStream.range(0, IN_FLIGHT).mapToObj(host -> web.urlOf(host, "/")).toArray(String[]::new))
                .concurrency(IN_FLIGHT)
                .build();
        RunningCrawl running = new RunningCrawl(scraper.newCrawl(job, recorded));
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
