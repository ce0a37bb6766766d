package fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.Crawl;
import fanout.Scraper;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.leak.JvmThreads;
import fanout.report.CrawlReport;
import fanout.report.LeakCheck;
import fanout.sink.Sink;
import fanout.synthetic.Arrival;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs crawls, and looks behind each for what it may have left. */
final class Crawls {

    /** How soon whoever ends a crawl may expect its end. */
    static final Duration PROMPTLY = Duration.ofMillis(250);

    /** For a night: {@code -Dfanout.soak=true}. */
    private static final boolean SOAK = Boolean.getBoolean("fanout.soak");
    /** For a machine that nobody waits for: {@code -Dfanout.ci=true}. */
    private static final boolean CI = Boolean.getBoolean("fanout.ci");

    private Crawls() {}

    /** A number of repetitions: the first in a build that people wait for. */
    static int times(int quick, int ci, int soak) {
        return SOAK ? soak : CI ? ci : quick;
    }

    /** Has the JVM load and compile what every crawl needs, so that a test of milliseconds measures the crawl. */
    static void warmUp() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(500).start(); Scraper scraper = Scraper.create()) {
            scraper.crawl(Jobs.impatient(web).build(), new Recorded());
        }
    }

    /** The same of a crawl's end with much in flight. */
    static void warmUpEnds() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            try (SyntheticWeb web = SyntheticWeb.builder()
                    .pagesPerHost(301)
                    .latency(Latency.fixed(Duration.ofMinutes(1)))
                    .start(); Scraper scraper = Scraper.create()) {
                Manners allAtOnce = new Manners(300, Duration.ZERO, false, Duration.ofSeconds(60));
                CrawlJob.Builder job = CrawlJob.builder("warm-up")
                        .network(Jobs.LOOPBACK)
                        .concurrency(300)
                        .politeness(Jobs.politeness(allAtOnce))
                        .limits(Jobs.limits(1000, Duration.ofMillis(500), Duration.ofSeconds(30)));
                IntStream.rangeClosed(1, 300).forEach(page -> job.startUrl(web.urlOf(0, page)));
                scraper.crawl(job.build(), new Recorded());
            }
        }
    }

    /** Runs a crawl whose results are all delivered and which leaves nothing behind. */
    static CrawlReport run(Scraper scraper, CrawlJob job, Sink sink, SyntheticWeb web) throws InterruptedException {
        return run(scraper.newCrawl(job, sink), web);
    }

    /** The same for a crawl that is ready to run. */
    static CrawlReport run(Crawl crawl, SyntheticWeb web) throws InterruptedException {
        CrawlReport report = crawl.run();
        assertNothingIsLeft(report, web);
        return report;
    }

    /** The report says so, and so do the JVM and the server. */
    static void assertNothingIsLeft(CrawlReport report, SyntheticWeb web) {
        assertThat(report.leakCheck()).isEqualTo(new LeakCheck(0, 0, 0, 0, 0));
        assertNothingRuns(report, web);
    }

    /** The same, but results may be undelivered. */
    static void assertNothingRuns(CrawlReport report, SyntheticWeb web) {
        assertThat(report.leakCheck().isClean()).as("%s", report.leakCheck()).isTrue();
        assertThat(report.accounting().isBalanced()).as("%s", report.accounting()).isTrue();
        assertThat(JvmThreads.startingWith("crawl-")).isEmpty();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(web.openConnections()).as("connections open at the server").isZero());
    }

    /** Requests for pages by URL, as the server saw them. */
    static Map<String, List<Arrival>> pageArrivals(SyntheticWeb web) {
        return web.arrivals()
                .stream()
                .filter(arrival -> !arrival.path().equals("/robots.txt") && !arrival.path().endsWith(".xml"))
                .collect(Collectors.groupingBy(Crawls::url));
    }

    static String url(Arrival arrival) {
        return "http://" + arrival.host() + arrival.path();
    }
}
