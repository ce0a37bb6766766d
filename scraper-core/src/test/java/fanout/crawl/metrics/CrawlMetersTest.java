package fanout.crawl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Selector;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Fault;
import fanout.synthetic.SyntheticWeb;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Meters say what the report says, under names that never change, and counters never fall. */
class CrawlMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void metersExistBeforeTheFirstCrawl() {
        try (Scraper _ = Scraper.builder().meterRegistry(registry).build()) {
            assertThat(registry.getMeters()).extracting(meter -> meter.getId().getName())
                    .contains(
                            "scraper.active.connections", "scraper.workers", "scraper.workers.busy",
                            "scraper.frontier.urls",
                            "scraper.results.queue.size", "scraper.results.queue.capacity", "scraper.fetches",
                            "scraper.http.responses", "scraper.fetch.duration", "scraper.fetched.bytes",
                            "scraper.retries",
                            "scraper.deadline.exceeded", "scraper.hosts", "scraper.items", "scraper.items.dropped",
                            "scraper.crawls",
                            "scraper.leaked.tasks", "scraper.crawls.stalled", "scraper.sink.failures");
            assertThat(tags("scraper.frontier.urls", "state")).containsExactlyInAnyOrder("ready", "delayed", "leased");
            assertThat(tags("scraper.hosts", "circuit")).containsExactlyInAnyOrder("closed", "open", "half_open");
            assertThat(tags("scraper.http.responses", "status_class"))
                    .containsExactlyInAnyOrder("1xx", "2xx", "3xx", "4xx", "5xx");
            assertThat(registry.find("scraper.fetches").meters())
                    .extracting(meter -> meter.getId().getTag("outcome") + "/" + meter.getId().getTag("reason"))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("ok/", "redirected/"),
                            Arrays.stream(Reason.values()).map(reason -> reason.outcome() + "/" + reason.label()))
                            .toList());
        }
    }

    @Test
    void countersAgreeWithTheReportsAndNeverFallFromOneCrawlToTheNext() throws InterruptedException {
        try (Scraper scraper = Scraper.builder().meterRegistry(registry).build();
                SyntheticWeb web = SyntheticWeb.builder()
                        .seed(7)
                        .hosts(2)
                        .pagesPerHost(60)
                        .fault(new Fault.Flaky(503, 1), 0.1)
                        .fault(new Fault.Broken(404), 0.1)
                        .fault(new Fault.Moved(302, 1), 0.1)
                        .start()) {
            Map<Meter.Id, Double> before = counters();
            List<CrawlReport> reports = new ArrayList<>();
            for (int crawl = 1; crawl <= 2; crawl++) {
                reports.add(scraper.crawl(Jobs.impatient(web).build()).to(_ -> assertNothingFell(before)).run());
                assertNothingFell(before);
                assertThat(gauge("scraper.crawls", "state", "ended")).isEqualTo(crawl);
            }
            assertThat(fetches("ok", "")).isEqualTo(reports.stream().mapToLong(r -> r.accounting().ok()).sum());
            assertThat(fetches("redirected", ""))
                    .isEqualTo(reports.stream().mapToLong(r -> r.accounting().redirected()).sum())
                    .isPositive();
            assertThat(fetches("failed", "http_status"))
                    .isEqualTo(reports.stream().mapToLong(r -> r.accounting().failed()).sum())
                    .isPositive();
            assertThat(counter("scraper.retries")).isPositive();
            assertThat(counter("scraper.fetched.bytes")).isPositive();
            assertThat(counter("scraper.leaked.tasks")).isZero();
            assertThat(registry.get("scraper.fetch.duration").timer().count())
                    .isGreaterThanOrEqualTo(reports.stream().mapToLong(r -> r.accounting().discovered()).sum());
            assertThat(gauge("scraper.crawls", "state", "running")).isZero();
            assertThat(gauge("scraper.workers")).isZero();
            assertThat(gauge("scraper.active.connections")).isZero();
            assertThat(gauge("scraper.frontier.urls", "state", "ready")).isZero();
        }
    }

    @Test
    void scrapersOfOneRegistryAreCountedTogether() throws InterruptedException {
        long ok = 0;
        try (SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(20).start()) {
            try (Scraper one = Scraper.builder().meterRegistry(registry).build();
                    Scraper other = Scraper.builder().meterRegistry(registry).build()) {
                AtomicBoolean both = new AtomicBoolean();
                ok += one.crawl(Jobs.impatient(web).build()).to(outcome -> {
                    if (both.compareAndSet(false, true)) {
                        other.crawl(Jobs.impatient(web).build())
                                .to(_ -> assertThat(gauge("scraper.crawls", "state", "running")).isEqualTo(2))
                                .run();
                    }
                }).run().accounting().ok() * 2;
                assertThat(fetches("ok", "")).isEqualTo(ok);
            }
            try (Scraper later = Scraper.builder().meterRegistry(registry).build()) {
                ok += later.crawl(Jobs.impatient(web).build()).to(_ -> {}).run().accounting().ok();
                assertThat(fetches("ok", "")).isEqualTo(ok).isPositive();
                assertThat(gauge("scraper.crawls", "state", "ended")).isEqualTo(3);
                assertThat(registry.get("scraper.fetch.duration").timer().count()).isGreaterThanOrEqualTo(ok);
            }
        }
    }

    @Test
    void itemsAndTheirLossesAreThoseOfTheReport() throws InterruptedException {
        Extractor twoOfEach = (page, results) -> {
            results.item(Item.of(page.request().url(), "one", Map.of("n", 1)));
            results.item(Item.of(page.request().url(), "two", Map.of("n", 2)));
        };
        Field missing = Field.select("missing", new Selector.Css(".missing")).required().build();
        ExtractRule losing = new ExtractRule("losing", Optional.empty(), Optional.empty(), Optional.empty(),
                List.of(missing));
        try (Scraper scraper = Scraper.builder().meterRegistry(registry).extractor(twoOfEach).build();
                SyntheticWeb web = SyntheticWeb.builder().seed(7).hosts(1).pagesPerHost(10).start()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).extract(List.of(losing)).build()).to(_ -> {}).run();

            assertThat(report.items()).isEqualTo(new CrawlReport.Items(20, 10));
            assertThat(counter("scraper.items")).isEqualTo(20);
            assertThat(counter("scraper.items.dropped")).isEqualTo(10);
        }
    }

    @Test
    void aStandstillAndAFailureOfTheSinkAreCounted() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(3).start();
                Scraper scraper =
                        Scraper.builder().meterRegistry(registry).stallAfter(Duration.ofMillis(100)).build()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(_ -> {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> registry.get("scraper.crawls.stalled").gauge().value() == 1);
                throw new IOException("disk full");
            }).run();

            assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(registry.get("scraper.sink.failures").functionCounter().count()).isOne();
            assertThat(registry.get("scraper.crawls.stalled").gauge().value()).isZero();
        }
    }

    @Test
    void whatIsNotWrittenInTimeIsADeadlineOfTheSink() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(3).start();
                Scraper scraper = Scraper.builder().meterRegistry(registry).build()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).flushTimeout(Duration.ofMillis(50)).build())
                    .to(_ -> Thread.sleep(Duration.ofMinutes(1)))
                    .run();

            assertThat(report.timing().deadlineExceeded()).containsExactly(Map.entry(Stage.SINK, 1L));
            assertThat(registry.get("scraper.deadline.exceeded").tag("stage", "sink").functionCounter().count())
                    .isOne();
            assertThat(registry.get("scraper.sink.failures").functionCounter().count()).isOne();
        }
    }

    private void assertNothingFell(Map<Meter.Id, Double> before) {
        Map<Meter.Id, Double> now = counters();
        before.forEach((id, value) -> assertThat(now.get(id)).as("%s", id).isGreaterThanOrEqualTo(value));
        before.putAll(now);
    }

    private Map<Meter.Id, Double> counters() {
        Map<Meter.Id, Double> values = new HashMap<>();
        for (Meter meter : registry.getMeters()) {
            if (meter instanceof FunctionCounter counter) {
                values.put(meter.getId(), counter.count());
            }
        }
        return values;
    }

    private long fetches(String outcome, String reason) {
        return (long) registry.get("scraper.fetches")
                .tags("outcome", outcome, "reason", reason)
                .functionCounter()
                .count();
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private List<String> tags(String name, String tag) {
        return registry.find(name).meters().stream().map(meter -> meter.getId().getTag(tag)).distinct().toList();
    }
}
