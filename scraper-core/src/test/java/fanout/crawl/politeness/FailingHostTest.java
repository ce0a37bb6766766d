package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Answers;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Arrival;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts that keep failing, in whole crawls. */
class FailingHostTest {

    private static final int WINDOW = 5;
    private static final Duration OPEN_FOR = Duration.ofMillis(100);
    private static final CircuitBreaking IMPATIENT = new CircuitBreaking(50, WINDOW, OPEN_FOR, 3);

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        scraper.close();
    }

    private static CrawlJob.Builder job(SyntheticWeb web) {
        // Host 0 has links to a hundred pages that fail; host 1 is healthy.
        String links = String.join("", IntStream.range(0, 100).mapToObj(i -> "<a href=/bad?" + i + ">x</a>").toList());
        web.on("/start", Answers.html(links));
        return Jobs.impatient(web.urlOf(0, "/start"), web.urlOf(1, 0))
                .concurrency(4)
                .retries(new Retries(1, Duration.ofMillis(1), Duration.ofMillis(1)))
                .circuitBreaker(IMPATIENT);
    }

    @Test
    void hostThatKeepsFailingIsGivenUpAndTheOtherGoesOn() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(200).start()) {
            IntStream.range(0, 100).forEach(i -> web.on("/bad?" + i, Answers.text(500, "")));

            CrawlReport report = Crawls.run(scraper, job(web).build(), recorded, web);

            recorded.agreesWith(report);
            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            long asked = bad(web).size();
            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 201L), Map.entry("failed/http_status", asked),
                    Map.entry("skipped/circuit_open", 100 - asked));
            // A window, the other requests in flight, and a probe for every opening but the last.
            assertThat(asked).isBetween(WINDOW - 2L, WINDOW + 3L + 2);
            // No request came between the two probes.
            Arrival first = bad(web).get(Math.toIntExact(asked) - 2);
            Arrival second = bad(web).get(Math.toIntExact(asked) - 1);
            assertThat(second.nanoTime() - first.nanoTime())
                    .isGreaterThanOrEqualTo(OPEN_FOR.minusMillis(20).toNanos());
        }
    }

    private static List<Arrival> bad(SyntheticWeb web) {
        return web.arrivals().stream().filter(arrival -> arrival.path().startsWith("/bad")).toList();
    }

    @Test
    void hostThatRecoversIsCrawledToItsEnd() throws InterruptedException {
        // Three failures open the circuit. The fourth is in flight then, or is a probe; the next one succeeds in time.
        AtomicInteger asked = new AtomicInteger();
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(10).start()) {
            IntStream.range(0, 100)
                    .forEach(i -> web.on("/bad?" + i, exchange -> exchange.respond(
                            asked.incrementAndGet() <= 4 ? 500 : 200, "text/html", "")));

            CrawlReport report = Crawls.run(scraper, job(web).build(), recorded, web);

            recorded.agreesWith(report);
            assertThat(recorded.counts()).containsOnlyKeys("ok", "failed/http_status");
            assertThat(recorded.counts()).containsEntry("failed/http_status", 4L);
            assertThat(web.arrivalCount()).isEqualTo(2 + 1 + 100 + 10);
        }
    }

    @Test
    void refusalsAndMissingPagesAreNoFailuresOfTheHost() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(10).start()) {
            IntStream.range(0, 100).forEach(i -> web.on("/bad?" + i, Answers.text(i % 2 == 0 ? 404 : 429, "")));

            Crawls.run(scraper, job(web).build(), recorded, web);

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 11L), Map.entry("failed/http_status", 100L));
        }
    }
}
