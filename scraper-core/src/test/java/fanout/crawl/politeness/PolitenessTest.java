package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RequestLog;
import fanout.crawl.fixtures.RequestLog.Sent;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a crawl treats hosts, by the requests that arrive at them. */
class PolitenessTest {

    private static final Duration DELAY = Duration.ofMillis(200);
    /** By this much a schedule that fell behind may catch up. */
    private static final Duration CATCHING_UP = Duration.ofMillis(10);
    /** A date of Retry-After is of another clock than the server's record of a request. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMillis(10);

    private final Metronome metronome = new Metronome();
    private final RequestLog requests = new RequestLog();

    /** A server that still loads its classes records its first arrivals late. */
    @BeforeAll
    static void warmUp() throws InterruptedException {
        WarmUp.crawls();
    }

    @AfterEach
    void close() {
        metronome.close();
        requests.close();
    }

    /**
     * Asserts that each request arrived at the host no earlier than this after the one before was written.
     *
     * <p>The server records when a request arrives, and the client when it has written one: that is the moment from
     * which the delay counts ({@code OkHttpFetcherTest} holds it to the last byte). The server's record of the first
     * request would not do. It is made when a thread of the server has a processor, which may be late, and then the gap
     * looks too short. Nor does the order of these records: on a busy machine the second request may be recorded before
     * the first.
     */
    private void assertApart(Duration delay, List<Arrival> arrivals) {
        Map<Arrival, Sent> sent = requests.of(arrivals);
        List<Arrival> asSent = arrivals.stream()
                .sorted(Comparator.comparingLong((Arrival arrival) -> sent.get(arrival).written()))
                .toList();
        for (int i = 0; i + 1 < asSent.size(); i++) {
            Arrival first = asSent.get(i);
            Arrival next = asSent.get(i + 1);
            assertThat(Duration.ofNanos(next.nanoTime() - sent.get(first).written()))
                    .as("between %s and %s", first, next)
                    .isGreaterThanOrEqualTo(delay);
        }
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

            CrawlReport report = Crawls.run(requests.newCrawl(job, new Recorded()), web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            for (int host = 0; host < hosts; host++) {
                assertThat(web.arrivals(web.hostOf(host))).hasSizeGreaterThan(10);
                assertApart(DELAY, web.arrivals(web.hostOf(host)));
                assertThat(web.maxConcurrent(web.hostOf(host))).isLessThanOrEqualTo(2);
            }
            // The hosts are asked side by side. One after the other, they would take a hundred times as long.
            Duration oneByOne = DELAY.multipliedBy(web.arrivalCount());
            metronome.assertAtMost(oneByOne.dividedBy(10), report.timing().elapsed());
        }
    }

    /**
     * The limit spaces requests evenly, so no request arrives before its place in the row. (That each single second
     * keeps the limit, also after a pause, is asked where time is exact: by {@code FrontierPolitenessTest} and the
     * simulation. Here the way from a worker to the server's record takes as long as the machine makes it, and requests
     * that are late come close together.)
     */
    @Test
    void requestsAreSpacedByTheLimitOverAllHosts() throws InterruptedException {
        int perSecond = 300;
        long spacing = Duration.ofSeconds(1).dividedBy(perSecond).toNanos();
        try (SyntheticWeb web = SyntheticWeb.builder().seed(23).punctual().hosts(10).pagesPerHost(70).start()) {
            CrawlJob job = Jobs.impatient(web).politeness(politeness(Jobs.IMPATIENT, perSecond)).build();
            long began = System.nanoTime();

            CrawlReport report = Crawls.run(requests.newCrawl(job, new Recorded()), web);

            List<Arrival> arrivals = web.arrivals();
            assertThat(arrivals).hasSizeGreaterThan(700);
            for (int i = 0; i < arrivals.size(); i++) {
                assertThat(Duration.ofNanos(arrivals.get(i).nanoTime() - began))
                        .as("request %d", i)
                        .isGreaterThanOrEqualTo(Duration.ofNanos(i * spacing).minus(CATCHING_UP));
            }
            // The crawl uses at least half of what the limit allows.
            metronome.assertAtMost(Duration.ofMillis(2 * 1000L * arrivals.size() / perSecond),
                    report.timing().elapsed());
        }
    }

    @Test
    void crawlDelayIsKept() throws InterruptedException {
        Duration crawlDelay = Duration.ofMillis(300);
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(24)
                .punctual()
                .hosts(4)
                .pagesPerHost(4)
                .robots(Robots.allowAll().crawlDelay(crawlDelay))
                .robotsOf(3, Robots.allowAll())
                .start()) {
            Crawls.run(requests.newCrawl(Jobs.impatient(web).build(), new Recorded()), web);

            for (int host = 0; host < 3; host++) {
                assertThat(web.arrivals(web.hostOf(host))).hasSize(5);
                assertApart(crawlDelay, web.arrivals(web.hostOf(host)));
                assertThat(last(web, 3)).as("the other host does not wait").isLessThan(last(web, host));
            }
        }
    }

    @Test
    void retryAfterHoldsTheWholeHost() throws InterruptedException {
        int hosts = 24;
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(25)
                .punctual()
                .hosts(hosts)
                .pagesPerHost(5)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), false), 0.04)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), true), 0.04)
                .start()) {
            Manners one = new Manners(1, Duration.ZERO, false, Duration.ofSeconds(60));
            Recorded recorded = new Recorded();

            CrawlReport report = Crawls.run(requests.newCrawl(
                    Jobs.impatient(web).politeness(politeness(one, 1_000_000)).build(), recorded), web);

            recorded.agreesWith(report);
            assertThat(recorded.counts()).containsOnlyKeys("ok");
            assertThat(IntStream.range(0, hosts).map(host -> silencesAfter429(web, host)).sum()).isGreaterThan(5);
        }
    }

    /**
     * After each 429 no request arrives for a second. A date has whole seconds; the web rounds them up. The server
     * records a request before it answers, so it is never late here; but a date is of another clock.
     */
    private int silencesAfter429(SyntheticWeb web, int host) {
        List<Arrival> arrivals = web.arrivals(web.hostOf(host));
        int silences = 0;
        for (int i = 0; i + 1 < arrivals.size(); i++) {
            if (arrivals.get(i).status() == 429) {
                silences++;
                assertThat(arrivals.get(i + 1).nanoTime() - arrivals.get(i).nanoTime())
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).minus(CLOCKS_DIFFER).toNanos());
            }
        }
        return silences;
    }

    private static long last(SyntheticWeb web, int host) {
        return web.arrivals(web.hostOf(host)).getLast().nanoTime();
    }
}
