package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.crawl.fixtures.WarmUp;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.synthetic.Arrival;
import fanout.synthetic.Latency;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many requests of a crawl are in flight at its hosts. */
class HostConcurrencyTest {

    private final Scraper scraper = Scraper.create();

    @BeforeAll
    static void warmUp() throws InterruptedException {
        WarmUp.crawls();
    }

    @AfterEach
    void close() {
        scraper.close();
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
            CrawlJob job = Jobs.impatient(web).politeness(Jobs.politeness(three)).build();

            Crawls.run(scraper, job, new Recorded(), web);

            for (int host = 0; host < 4; host++) {
                assertThat(web.maxConcurrent(web.hostOf(host))).isEqualTo(3);
            }
            assertThat(web.maxConcurrent()).isLessThanOrEqualTo(12);
        }
    }

    /** The fast hosts are hosts 3 and 4; the crawl ends when it is through with them. */
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
            CrawlJob job = Jobs.impatient(web).concurrency(8).politeness(Jobs.politeness(two)).build();
            Recorded recorded = new Recorded();

            try (RunningCrawl running = new RunningCrawl(scraper.crawl(job).to(recorded).build())) {
                RunningCrawl
                        .until(() -> web.arrivalCount(web.hostOf(3)) == 51 && web.arrivalCount(web.hostOf(4)) == 51);
                running.crawl().drain();
                recorded.agreesWith(running.report());
            }

            // Of the eight workers, the slow host may hold two, and the next two hosts hold none while they wait. When
            // the fast hosts are finished, the slow ones have hardly begun.
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
