package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a crawl treats hosts, by what arrives at them. */
class PolitenessTest {

    private static final Duration DELAY = Duration.ofMillis(200);

    private final Metronome metronome = new Metronome();

    /**
     * The delay counts from the moment a request was written, and the server notes a request when it has read it. So the
     * first of two may be noted late, if the server's thread waited for a processor, and the gap then looks shorter than it
     * was. Some milliseconds are what an idle machine shows; how long threads wait on this one, the metronome knows.
     */
    private Duration serverMayBeLate() {
        return Duration.ofMillis(10).plus(metronome.longestPause());
    }

    private final Scraper scraper = Scraper.create();

    /** A server that is still loading its classes notes its first arrivals late. */
    @BeforeAll
    static void warmUp() throws InterruptedException {
        Crawls.warmUp();
    }

    @AfterEach
    void close() {
        metronome.close();
        scraper.close();
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
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(21)
                .punctual()
                .hosts(50)
                .pagesPerHost(20)
                .robots(Robots.allowAll())
                .latency(Latency.between(Duration.ZERO, Duration.ofMillis(300)))
                .fault(new Fault.Flaky(503, 1), 0.1)
                .fault(new Fault.Moved(302, 2), 0.1)
                .fault(new Fault.CookieWall(), 0.1)
                .fault(new Fault.Reset(), 0.05)
                .start()) {
            CrawlJob job = Jobs.impatient(web).politeness(politeness(delayed(2), 1_000_000)).build();

            CrawlReport report = Crawls.run(scraper, job, new Recorded(), web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            for (int host = 0; host < 50; host++) {
                assertThat(web.arrivals(web.hostOf(host))).hasSizeGreaterThan(20);
                assertThat(web.smallestGap(web.hostOf(host)).orElseThrow()).as("host %d", host)
                        .isGreaterThanOrEqualTo(DELAY.minus(serverMayBeLate()));
                assertThat(web.maxConcurrent(web.hostOf(host))).isLessThanOrEqualTo(2);
            }
            // The hosts were asked side by side: one after the other would have taken 50 times as long.
            Duration oneByOne = DELAY.multipliedBy(web.arrivalCount());
            assertThat(report.elapsed()).isLessThan(oneByOne.dividedBy(10));
        }
    }

    @Test
    void hostNeverHasMoreRequestsInFlightThanItsConcurrency() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(22)
                .hosts(4)
                .pagesPerHost(100)
                .latency(Latency.fixed(Duration.ofMillis(10)))
                .start()) {
            Manners three = new Manners(3, Duration.ZERO, false, Duration.ofSeconds(60));
            CrawlJob job = Jobs.impatient(web).politeness(politeness(three, 1_000_000)).build();

            Crawls.run(scraper, job, new Recorded(), web);

            for (int host = 0; host < 4; host++) {
                assertThat(web.maxConcurrent(web.hostOf(host))).isEqualTo(3);
            }
            assertThat(web.maxConcurrent()).isLessThanOrEqualTo(12);
        }
    }

    @Test
    void noSecondHoldsMoreRequestsThanAllowed() throws InterruptedException {
        int perSecond = 150;
        try (SyntheticWeb web = SyntheticWeb.builder().seed(23).punctual().hosts(10).pagesPerHost(50).start()) {
            CrawlJob job = Jobs.impatient(web).politeness(politeness(Jobs.IMPATIENT, perSecond)).build();

            CrawlReport report = Crawls.run(scraper, job, new Recorded(), web);

            List<Long> times = web.arrivals().stream().map(Arrival::nanoTime).toList();
            // Counted when a worker gets its lease; the server sees the request when the worker has connected and written.
            long window = Duration.ofSeconds(1).minusMillis(100).toNanos();
            for (int first = 0; first + perSecond < times.size(); first++) {
                assertThat(times.get(first + perSecond) - times.get(first)).as("the window from request %d", first)
                        .isGreaterThan(window);
            }
            assertThat(times).hasSizeGreaterThan(500);
            // And the limit is used: no slower than half of it.
            assertThat(report.elapsed()).isLessThan(Duration.ofMillis(2 * 1000L * times.size() / perSecond));
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
                .hosts(2)
                .pagesPerHost(60)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), false), 0.02)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), true), 0.02)
                .start()) {
            Manners one = new Manners(1, Duration.ZERO, false, Duration.ofSeconds(60));
            Recorded recorded = new Recorded();

            CrawlReport report = Crawls.run(scraper,
                    Jobs.impatient(web).politeness(politeness(one, 1_000_000)).build(), recorded, web);

            recorded.agreesWith(report);
            assertThat(recorded.counts()).containsOnlyKeys("ok");
            assertThat(IntStream.range(0, 2).map(host -> silencesAfter429(web, host)).sum()).isPositive();
        }
    }

    /** After each 429 nothing comes for a second: a date has whole seconds, and the web rounds them up. */
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

    @Test
    void slowHostDoesNotSlowTheOthersDown() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(26)
                .hosts(5)
                .pagesPerHost(50)
                .latencyOf(0, Latency.fixed(Duration.ofMillis(100)))
                .robotsOf(1, Robots.allowAll().crawlDelay(Duration.ofMillis(100)))
                .robotsOf(2, Robots.allowAll().after(Duration.ofSeconds(2)))
                .start()) {
            Manners two = new Manners(2, Duration.ZERO, false, Duration.ofSeconds(60));
            CrawlJob job = Jobs.impatient(web).concurrency(8).politeness(politeness(two, 1_000_000)).build();
            Recorded recorded = new Recorded();

            CrawlReport report = Crawls.run(scraper, job, recorded, web);

            recorded.agreesWith(report);
            assertThat(recorded.counts()).containsExactly(Map.entry("ok", 250L));
            // Eight workers, of which the slow host may hold two, and the other two never hold one while they wait: when
            // the fast hosts are through, the slow ones have hardly begun.
            long fastDone = Math.max(last(web, 3), last(web, 4));
            Map<String, Long> before = web.arrivals()
                    .stream()
                    .filter(arrival -> arrival.nanoTime() <= fastDone)
                    .collect(Collectors.groupingBy(Arrival::host, Collectors.counting()));
            assertThat(before.get(web.hostOf(0))).isLessThan(40);
            assertThat(before.get(web.hostOf(1))).isLessThan(25);
            assertThat(before.get(web.hostOf(2))).as("only robots.txt").isEqualTo(1);
        }
    }

    private static long last(SyntheticWeb web, int host) {
        return web.arrivals(web.hostOf(host)).getLast().nanoTime();
    }
}
