package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.crawl.fixtures.WarmUp;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import fanout.synthetic.SyntheticWebBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

/** A crawl by a thousand workers with a deadline, and what must be true when it has passed. */
final class ThousandWorkers implements AutoCloseable {

    static final int COUNT = 1000;
    static final Manners ALL_AT_ONCE = new Manners(COUNT, Duration.ZERO, false, Duration.ofSeconds(60));

    private static Duration deadline = Duration.ofSeconds(2);

    final Recorded recorded = new Recorded();
    final Metronome metronome = new Metronome();

    /**
     * Chooses the deadline by the time that this machine takes until a thousand fetches are in flight: six times as
     * much, but from one to two seconds, unless three times as much is more.
     */
    static void chooseDeadline() throws InterruptedException {
        WarmUp.ends();
        try (SyntheticWeb web = host().latency(Latency.fixed(Duration.ofMinutes(1))).start();
                Scraper scraper = Scraper.create()) {
            long start = System.nanoTime();
            try (RunningCrawl running =
                    new RunningCrawl(scraper.crawl(thousandPages(web)).to(new Recorded()).build())) {
                RunningCrawl.until(() -> web.inFlight() == COUNT);
                Duration needed = Duration.ofNanos(System.nanoTime() - start);
                running.crawl().cancel();
                running.report();
                long millis = Math.max(Math.clamp(6 * needed.toMillis(), 1000, 2000), 3 * needed.toMillis());
                deadline = Duration.ofMillis(millis);
            }
        }
    }

    /** The deadline of all jobs. All workers wait by then, unless the machine has become far slower. */
    static Duration deadline() {
        return deadline;
    }

    static CrawlJob.Builder job() {
        return CrawlJob.builder("late")
                .network(Jobs.LOOPBACK)
                .concurrency(COUNT)
                .politeness(Jobs.politeness(ALL_AT_ONCE))
                .limits(Jobs.limits(100_000, deadline, Duration.ofMinutes(2)));
    }

    /** One host with a page for each worker. */
    static SyntheticWebBuilder host() {
        return SyntheticWeb.builder().pagesPerHost(COUNT + 1);
    }

    static CrawlJob thousandPages(SyntheticWeb web) {
        return thousandPages(web, job());
    }

    static CrawlJob thousandPages(SyntheticWeb web, CrawlJob.Builder job) {
        IntStream.rangeClosed(1, COUNT).forEach(page -> job.startUrl(web.urlOf(0, page)));
        return job.build();
    }

    CrawlReport crawl(CrawlJob job) throws InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            return scraper.crawl(job).to(recorded).run();
        }
    }

    /** The deadline has cancelled all workers in one stage. */
    void assertAllWereCancelledIn(Stage stage, CrawlReport report, SyntheticWeb web) {
        assertAllWereCancelled(report, web);
        assertThat(report.timing().deadlineExceeded()).containsEntry(stage, (long) COUNT);
    }

    /** The deadline has cancelled all workers, and the crawl has ended promptly. */
    void assertAllWereCancelled(CrawlReport report, SyntheticWeb web) {
        recorded.agreesWith(report);
        Crawls.assertNothingIsLeft(report, web);
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
        assertThat(recorded.counts()).containsOnly(Map.entry("cancelled/deadline", (long) COUNT));
        assertThat(report.timing().elapsed()).isGreaterThanOrEqualTo(deadline);
        metronome.assertPrompt(report.timing().elapsed().minus(deadline));
    }

    @Override
    public void close() {
        metronome.close();
    }
}
