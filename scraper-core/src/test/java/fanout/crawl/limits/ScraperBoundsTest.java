package fanout.crawl.limits;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.job.Network;
import fanout.journal.Journal;
import fanout.outcome.Reason;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.report.CrawlReport;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scraper sets for all its crawls, and what each may have of its own. */
class ScraperBoundsTest {

    @TempDir
    private Path folder;

    @Test
    void jobCannotReachAnAddressThatTheScraperDoesNotAllow() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(5).start();
                Scraper scraper = Scraper.builder().network(Network.DEFAULT).build()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(_ -> {}).run();
            assertThat(report.accounting().reasons()).containsOnlyKeys(Reason.PRIVATE_ADDRESS);
            assertThat(report.accounting().ok()).isZero();
        }
    }

    @Test
    void aJobAllowsNoMoreBecauseItsScraperDoes() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(5).start();
                Scraper scraper = Scraper.builder().network(Jobs.LOOPBACK).build()) {
            assertThat(scraper.crawl(Jobs.impatient(web).build()).to(_ -> {}).run().accounting().ok()).isPositive();
            assertThat(scraper.crawl(Jobs.impatient(web).network(Network.DEFAULT).build())
                    .to(_ -> {})
                    .run()
                    .accounting()
                    .ok())
                    .isZero();
        }
    }

    @Test
    void aCrawlIsCountedInTheRegistryThatItIsGiven() throws Exception {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        SimpleMeterRegistry shared = new SimpleMeterRegistry();
        try (SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(5).start();
                Scraper scraper = Scraper.builder().meterRegistry(shared).build();
                Journal journal = Journal.create(folder.resolve("crawl.journal"));
                Sink pages = PagesFile.jsonLines(OutputFile.resume(folder.resolve("pages.jsonl")))) {
            CrawlReport report =
                    scraper.crawl(Jobs.impatient(web).build()).to(pages).meterRegistry(own).journal(journal).run();
            assertThat(ok(own)).isEqualTo(report.accounting().ok()).isPositive();
            assertThat(ok(shared)).isZero();
        }
    }

    @Test
    void aScraperKeepsTheExtractorsThatItsBuilderHad() throws InterruptedException {
        Scraper.Builder builder = Scraper.builder().extractor(item("first"));
        try (SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(5).start();
                Scraper scraper = builder.build();
                Scraper _ = builder.extractor(item("second")).build()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(_ -> {}).run();
            assertThat(report.items().extracted()).isEqualTo(report.accounting().ok()).isPositive();
        }
    }

    private static Extractor item(String rule) {
        return (page, results) -> results.item(Item.of(page.request().url(), rule, Map.of("n", 1)));
    }

    private static long ok(SimpleMeterRegistry registry) {
        return (long) registry.get("scraper.fetches").tags("outcome", "ok").functionCounter().count();
    }
}
