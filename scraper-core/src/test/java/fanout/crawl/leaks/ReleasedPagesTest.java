package fanout.crawl.leaks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.page.Extractor;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A crawl runs for days: what it had in its hands for a page, it lets go of before its end. */
class ReleasedPagesTest {

    private static final int PAGES = 30;

    /** Whatever comes with a page, by its kind. Worker and writer each may still have one in their hands. */
    private final Map<String, List<Reference<Object>>> seen = new ConcurrentHashMap<>();

    private void saw(String kind, Object each) {
        seen.computeIfAbsent(kind, _ -> new CopyOnWriteArrayList<>()).add(new WeakReference<>(each));
    }

    private long held(String kind) {
        return seen.getOrDefault(kind, List.of()).stream().filter(each -> !each.refersTo(null)).count();
    }

    @Test
    void pagesAreGarbageWhileTheirCrawlRuns() throws InterruptedException {
        Extractor extractor = (page, _) -> {
            saw("page", page);
            saw("document", page.document());
            saw("body", page.body());
            saw("head", page.head());
        };
        Sink sink = new Sink() {
            @Override
            public void write(Outcome outcome) {
                saw("outcome", outcome);
                if (seen.get("outcome").size() == PAGES) {
                    await().atMost(10, SECONDS).untilAsserted(() -> {
                        System.gc();
                        assertThat(seen.keySet()).hasSize(5)
                                .allSatisfy(kind -> assertThat(held(kind)).as(kind).isLessThanOrEqualTo(2));
                    });
                }
            }
        };
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(PAGES).start();
                Scraper scraper = Scraper.builder().extractor(extractor).build()) {
            CrawlJob job = Jobs.impatient(web).concurrency(1).build();

            CrawlReport report = scraper.crawl(job).to(sink).run();

            assertThat(report.failure()).as("of the sink, which looks at what is held").isEmpty();
            assertThat(report.accounting().ok()).isEqualTo(PAGES);
        }
    }
}
