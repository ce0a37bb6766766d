package example;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import fanout.Scraper;
import fanout.job.Cidr;
import fanout.job.CrawlJob;
import fanout.job.Network;
import fanout.outcome.Fetched;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user writes: the lines in README.md and docs/library.md come from here. */
class LibraryUseTest {

    private static final List<String> EXPORTED =
            List.of("fanout", "fanout.job", "fanout.outcome", "fanout.page", "fanout.report", "fanout.url");

    @Test
    void tenLinesCrawlASite() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(8).start()) {
            String url = web.urlOf(0, 0);
            Network loopback = new Network(false, List.of(Cidr.parse("127.0.0.0/8")));
            List<Item> items = new ArrayList<>();

            // docs
            MeterRegistry registry = new SimpleMeterRegistry();
            Extractor headings = (page, results) -> page.document()
                    .select("h1")
                    .forEach(h1 -> results.item(Item.of(page.request().url(), "heading", Map.of("text", h1.text()))));
            Sink sink = outcome -> {
                if (outcome instanceof Fetched page)
                    items.addAll(page.items());
            };
            CrawlJob job = CrawlJob.builder("docs").startUrl(url).network(loopback).build();
            try (Scraper scraper = Scraper.builder().meterRegistry(registry).extractor(headings).build()) {
                CrawlReport report = scraper.crawl(job).to(sink).run();
                // docs end

                assertThat(report.accounting().ok()).isEqualTo(8);
                assertThat(report.leakCheck().isClean()).isTrue();
            }
            assertThat(items).hasSize(8).extracting(Item::rule).containsOnly("heading");
            assertThat(items).extracting(item -> item.fields().get("text")).contains("Page 7");
            assertThat(registry.get("scraper.fetches").functionCounters()).isNotEmpty();
        }
    }

    @Test
    void onlyExportedTypesAreSeen() {
        DescribedPredicate<JavaClass> exportedOrForeign = DescribedPredicate.describe("exported",
                type -> !type.getPackageName().startsWith("fanout")
                        || EXPORTED.contains(type.getPackageName())
                        || type.getPackageName().equals("fanout.synthetic")
                        || type.isEquivalentTo(Extractor.class)
                        || type.isEquivalentTo(Sink.class));
        classes().should()
                .onlyDependOnClassesThat(exportedOrForeign)
                .check(new ClassFileImporter().importClasses(LibraryUseTest.class));
    }
}
