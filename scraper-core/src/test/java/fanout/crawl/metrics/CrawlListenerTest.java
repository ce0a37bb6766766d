package fanout.crawl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.outcome.CrawlListener;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Fault;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a program's own listener is told of a crawl, and what becomes of one that throws. */
class CrawlListenerTest {

    private final SyntheticWeb web =
            SyntheticWeb.builder().seed(3).pagesPerHost(20).fault(new Fault.Flaky(503, 1), 0.3).start();
    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();
    private final Notes notes = new Notes();

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    /** Keeps what it is told. */
    private static final class Notes implements CrawlListener {

        private final List<String> admitted = new CopyOnWriteArrayList<>();
        private final List<Outcome> settled = new CopyOnWriteArrayList<>();
        private final List<String> attempted = new CopyOnWriteArrayList<>();
        private final Map<String, List<Stage>> stages = new ConcurrentHashMap<>();
        private final List<String> settledUnknown = new CopyOnWriteArrayList<>();

        @Override
        public void admitted(Request request) {
            admitted.add(request.url().toString());
        }

        @Override
        public void entered(CanonicalUrl url, Stage stage) {
            stages.computeIfAbsent(url.toString(), _ -> new CopyOnWriteArrayList<>()).add(stage);
        }

        @Override
        public void attempted(CanonicalUrl url, Attempt attempt) {
            attempted.add(url.toString());
        }

        @Override
        public void settled(Outcome outcome) {
            settled.add(outcome);
            if (!admitted.contains(Recorded.url(outcome))) {
                settledUnknown.add(Recorded.url(outcome));
            }
        }
    }

    @Test
    void listenerIsToldOfUrlsStagesAttemptsAndOutcomes() throws InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();

        CrawlReport report = scraper.crawl(Jobs.impatient(web).build())
                .to(recorded)
                .meterRegistry(registry)
                .listener(notes)
                .run();

        recorded.agreesWith(report);
        assertThat(notes.settled).isEqualTo(recorded.outcomes());
        assertThat(notes.settledUnknown).as("settled before they were admitted").isEmpty();
        assertThat(notes.admitted).containsExactlyInAnyOrderElementsOf(
                recorded.outcomes().stream().map(Recorded::url).toList());
        assertThat(notes.attempted).as("what the server has seen, robots.txt and retries included")
                .containsExactlyInAnyOrderElementsOf(web.arrivals().stream().map(Crawls::url).toList())
                .hasSizeGreaterThan(notes.admitted.size() + 1);
        assertThat(notes.stages.get(web.urlOf(0, 0))).startsWith(Stage.ROBOTS)
                .containsSubsequence(Stage.HEADERS, Stage.BODY, Stage.PARSE);
        assertThat(registry.get("scraper.fetch.duration").timer().count()).isEqualTo(notes.attempted.size());
    }

    @Test
    void listenerThatThrowsIsDroppedAndTheCrawlGoesOn() throws InterruptedException {
        List<Object> calls = new CopyOnWriteArrayList<>();
        CrawlListener worker = new CrawlListener() {
            @Override
            public void attempted(CanonicalUrl url, Attempt attempt) {
                calls.add(attempt);
                throw new IllegalStateException("a bug in a listener");
            }

            @Override
            public void settled(Outcome outcome) {
                calls.add(outcome);
            }
        };
        CrawlListener writer = new CrawlListener() {
            @Override
            public void settled(Outcome outcome) {
                calls.add("writer");
                throw new AssertionError("another bug in a listener");
            }
        };

        CrawlReport report = scraper.crawl(Jobs.impatient(web).concurrency(1).build())
                .to(recorded)
                .listener(worker)
                .listener(writer)
                .listener(notes)
                .run();

        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        recorded.agreesWith(report);
        assertThat(notes.settled).as("the others are told all").isEqualTo(recorded.outcomes());
        assertThat(calls).hasSize(2).contains("writer").hasAtLeastOneElementOfType(Attempt.class);
    }
}
