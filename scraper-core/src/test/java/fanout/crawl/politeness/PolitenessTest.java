package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunsAlone;
import fanout.crawl.fixtures.WarmUp;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Arrival;
import fanout.synthetic.Fault;
import fanout.synthetic.Latency;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a crawl treats hosts, by the requests that arrive at them. */
@RunsAlone
class PolitenessTest {

    private static final Duration DELAY = Duration.ofMillis(200);

    private final Metronome metronome = new Metronome();
    private final Scraper scraper = Scraper.create();

    /** A server that still loads its classes records its first arrivals late. */
    @BeforeAll
    static void warmUp() throws InterruptedException {
        WarmUp.crawls();
    }

    @AfterEach
    void close() {
        metronome.close();
        scraper.close();
    }

    /**
     * The delay counts from the moment when a request was written; the server records a request when it has read it. If the
     * server's thread waited for a processor, the first of two requests is recorded late, and the gap between them looks
     * shorter than it was. An idle machine is some milliseconds late. The metronome measures how late this one is.
     */
    private Duration serverMayBeLate() {
        return Duration.ofMillis(10).plus(metronome.longestPause());
    }

    private static Politeness politeness(Manners manners, int maxRequestsPerSecond) {
        Politeness usual = Politeness.DEFAULT;
        return new Politeness(manners, usual.maxRetryAfter(), true, true, usual.maxCrawlDelay(), maxRequestsPerSecond,
                Map.of());
    }

    private static Manners delayed(int perHostConcurrency) {
        return new Manners(perHostConcurrency, DELAY, false, Duration.ofSeconds(60));
    }

    @Test
    void noTwoRequestsAreCloserThanTheDelayAtAnyHost() throws InterruptedException {
        int hosts = 100;
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(21)
                .punctual()
                .hosts(hosts)
                .pagesPerHost(10)
                .robots(Robots.allowAll())
                .latency(Latency.between(Duration.ZERO, Duration.ofMillis(300)))
                .fault(new Fault.Flaky(503, 1), 0.1)
                .fault(new Fault.Moved(302, 2), 0.1)
                .fault(new Fault.CookieWall(), 0.1)
                .fault(new Fault.Reset(), 0.05)
                .start()) {
            CrawlJob job = Jobs.impatient(web)
                    .concurrency(2 * hosts)
                    .politeness(politeness(delayed(2), 1_000_000))
                    .build();

            CrawlReport report = Crawls.run(scraper, job, new Recorded(), web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            for (int host = 0; host < hosts; host++) {
                assertThat(web.arrivals(web.hostOf(host))).hasSizeGreaterThan(10);
                assertThat(web.smallestGap(web.hostOf(host)).orElseThrow()).as("host %d", host)
                        .isGreaterThanOrEqualTo(DELAY.minus(serverMayBeLate()));
                assertThat(web.maxConcurrent(web.hostOf(host))).isLessThanOrEqualTo(2);
            }
            // The hosts are asked side by side. One after the other, they would take a hundred times as long.
            Duration oneByOne = DELAY.multipliedBy(web.arrivalCount());
            metronome.assertAtMost(oneByOne.dividedBy(10), report.elapsed());
        }
    }

    @Test
    void noSecondHoldsMoreRequestsThanAllowed() throws InterruptedException {
        int perSecond = 300;
        try (SyntheticWeb web = SyntheticWeb.builder().seed(23).punctual().hosts(10).pagesPerHost(70).start()) {
            CrawlJob job = Jobs.impatient(web).politeness(politeness(Jobs.IMPATIENT, perSecond)).build();

            CrawlReport report = Crawls.run(scraper, job, new Recorded(), web);

            List<Long> times = web.arrivals().stream().map(Arrival::nanoTime).toList();
            // A request counts from its lease. The server sees it when the worker has connected and written it.
            long window = Duration.ofSeconds(1).minusMillis(100).minus(metronome.longestPause()).toNanos();
            for (int first = 0; first + perSecond < times.size(); first++) {
                assertThat(times.get(first + perSecond) - times.get(first)).as("the window from request %d", first)
                        .isGreaterThan(window);
            }
            assertThat(times).hasSizeGreaterThan(700);
            // The crawl uses at least half of what the limit allows.
            metronome.assertAtMost(Duration.ofMillis(2 * 1000L * times.size() / perSecond), report.elapsed());
        }
    }

    @Test
    void crawlDelayIsKept() throws InterruptedException {
        Duration crawlDelay = Duration.ofMillis(300);
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(24)
                .punctual()
                .hosts(2)
                .pagesPerHost(8)
                .robotsOf(0, Robots.allowAll().crawlDelay(crawlDelay))
                .start()) {
            Crawls.run(scraper, Jobs.impatient(web).build(), new Recorded(), web);

            assertThat(web.smallestGap(web.hostOf(0)).orElseThrow())
                    .isGreaterThanOrEqualTo(crawlDelay.minus(serverMayBeLate()));
            assertThat(last(web, 1)).as("the other host does not wait").isLessThan(last(web, 0));
        }
    }

    @Test
    void retryAfterHoldsTheWholeHost() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(25)
                .punctual()
                .hosts(4)
                .pagesPerHost(30)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), false), 0.02)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), true), 0.02)
                .start()) {
            Manners one = new Manners(1, Duration.ZERO, false, Duration.ofSeconds(60));
            Recorded recorded = new Recorded();

            CrawlReport report = Crawls.run(scraper,
                    Jobs.impatient(web).politeness(politeness(one, 1_000_000)).build(), recorded, web);

            recorded.agreesWith(report);
            assertThat(recorded.counts()).containsOnlyKeys("ok");
            assertThat(IntStream.range(0, 4).map(host -> silencesAfter429(web, host)).sum()).isPositive();
        }
    }

    /** After each 429 no request arrives for a second. A date has whole seconds; the web rounds them up. */
    private int silencesAfter429(SyntheticWeb web, int host) {
        List<Arrival> arrivals = web.arrivals(web.hostOf(host));
        int silences = 0;
        for (int i = 0; i + 1 < arrivals.size(); i++) {
            if (arrivals.get(i).status() == 429) {
                silences++;
                assertThat(arrivals.get(i + 1).nanoTime() - arrivals.get(i).nanoTime())
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).minus(serverMayBeLate()).toNanos());
            }
        }
        return silences;
    }

    private static long last(SyntheticWeb web, int host) {
        return web.arrivals(web.hostOf(host)).getLast().nanoTime();
    }
}
