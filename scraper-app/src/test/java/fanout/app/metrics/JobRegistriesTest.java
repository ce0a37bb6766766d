package fanout.app.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a scrape says of jobs: each number is another one, and each is read by its name. */
class JobRegistriesTest {

    private static final String OPEN_METRICS = "text/plain;q=0.5, Application/OpenMetrics-Text; version=1.0.0";

    private final List<MeterRegistry> bound = new ArrayList<>();
    private final JobRegistries registries = new JobRegistries(2, bound::add);

    @AfterEach
    void close() {
        registries.close();
    }

    private String text(String accept) {
        return new String(registries.scrape(accept).text(), UTF_8);
    }

    private Map<String, String> series(String metric, String accept) {
        return Pattern.compile("(?m)^" + metric + "(?:\\{(.*)\\})? (\\S+)$")
                .matcher(text(accept))
                .results()
                .collect(Collectors.toMap(found -> String.valueOf(found.group(1)).replace("\"", ""),
                        found -> found.group(2), (a, _) -> a, TreeMap::new));
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(1_700_000_000 + second);
    }

    @Test
    void eachResultHasACounterOfItsOwn() {
        Map<String, String> expected = new TreeMap<>();
        int times = 0;
        for (CrawlResult result : CrawlResult.values()) {
            times++;
            for (int i = 0; i < times; i++) {
                registries.ended("docs", result, false, at(0));
            }
            expected.put("crawl_job=docs,result=" + result.label(), times + ".0");
            expected.put("crawl_job=other,result=" + result.label(), "0.0");
        }
        assertThat(series("scraper_crawls_ended_total", "")).isEqualTo(expected);
        assertThat(series("scraper_quota_exceeded_total", ""))
                .isEqualTo(Map.of("crawl_job=docs", "0.0", "crawl_job=other", "0.0"));
    }

    @Test
    void aQuotaIsCountedBesidesTheResult() {
        registries.ended("docs", CrawlResult.SINK, true, at(0));
        registries.ended("docs", CrawlResult.SINK, false, at(0));
        assertThat(series("scraper_quota_exceeded_total", "")).containsEntry("crawl_job=docs", "1.0");
        assertThat(series("scraper_crawls_ended_total", "")).containsEntry("crawl_job=docs,result=sink", "2.0");
    }

    /** An alert that compares with the present would fire for a job that has only just come. */
    @Test
    void whatIsNotKnownYetIsNotThere() {
        for (CrawlResult result : CrawlResult.values()) {
            if (result != CrawlResult.SUCCESS) {
                registries.ended("docs", result, false, at(0));
            }
        }
        assertThat(text("")).doesNotContain("scraper_crawl_last");
        registries.lastPages("docs", 0);
        assertThat(series("scraper_crawl_last_pages", "")).isEqualTo(Map.of("crawl_job=docs", "0.0"));
        registries.lastPages("docs", 7);
        registries.ended("docs", CrawlResult.SUCCESS, false, at(5));
        assertThat(series("scraper_crawl_last_pages", "")).isEqualTo(Map.of("crawl_job=docs", "7.0"));
        assertThat(series("scraper_crawl_last_success_timestamp_seconds", ""))
                .isEqualTo(Map.of("crawl_job=docs", "1.700000005E9"));
    }

    @Test
    void furtherJobsShareTheLatestSuccessOfAll() {
        registries.lastSuccess("a", at(1));
        registries.ended("b", CrawlResult.SUCCESS, false, at(2));
        registries.lastSuccess("c", at(4));
        registries.lastSuccess("d", at(3));
        registries.lastSuccess("other", at(2));
        assertThat(series("scraper_crawl_last_success_timestamp_seconds", "")).isEqualTo(Map.of("crawl_job=a",
                "1.700000001E9", "crawl_job=b", "1.700000002E9", "crawl_job=other", "1.700000004E9"));
    }

    @Test
    void eachRegistryIsBoundOnce() {
        MeterRegistry docs = registries.ofJob("docs");
        assertThat(registries.ofJob("docs")).isSameAs(docs);
        MeterRegistry news = registries.ofJob("news");
        MeterRegistry other = registries.ofJob("third");
        assertThat(registries.ofJob("other")).isSameAs(other);
        assertThat(bound).containsExactly(other, docs, news);
        assertThat(registries.own()).isNotIn(bound);
    }

    @Test
    void theFormatIsTheScrapers() {
        registries.own().counter("mine").increment(3);
        assertThat(registries.scrape("").type()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text("text/plain")).contains("# TYPE mine_total counter\n", "\nmine_total 3.0\n")
                .doesNotContain("_created");
        assertThat(registries.scrape(OPEN_METRICS).type())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(text(OPEN_METRICS)).contains("# TYPE mine counter\n", "\nmine_total 3.0\nmine_created ")
                .endsWith("# EOF\n");
    }

    @Test
    void oneRegistryIsScrapedInBothFormats() {
        try (ScrapedRegistry registry = new ScrapedRegistry()) {
            registry.meters().counter("mine").increment(3);
            Scrape plain = registry.scrape("");
            assertThat(plain.type()).startsWith("text/plain;");
            assertThat(new String(plain.text(), UTF_8)).contains("\nmine_total 3.0\n").doesNotContain("_created");
            Scrape open = registry.scrape(OPEN_METRICS);
            assertThat(open.type()).startsWith("application/openmetrics-text;");
            assertThat(new String(open.text(), UTF_8)).contains("\nmine_total 3.0\nmine_created ");
        }
    }

    /**
     * Kinds of which there are two registries: each point keeps its labels and its numbers, and has its registry's
     * time.
     */
    @Test
    void whatCountsHasTheTimeOfItsRegistry() {
        try (ScrapedRegistry one = new ScrapedRegistry(); ScrapedRegistry two = new ScrapedRegistry()) {
            int number = 1;
            for (ScrapedRegistry each : List.of(one, two)) {
                MeterRegistry meters = each.meters();
                meters.config().commonTags("of", String.valueOf(number));
                Counter.builder("count").register(meters).increment(number);
                Gauge.builder("level", () -> 5).register(meters);
                DistributionSummary.builder("size").register(meters).record(10 * number);
                Timer.builder("time").publishPercentileHistogram().register(meters).record(Duration.ofSeconds(number));
                number++;
            }
            MetricSnapshots merged = MergedSnapshots.of(List.of(
                    new MergedSnapshots.Source(one.source().metrics(), 1_000),
                    new MergedSnapshots.Source(two.source().metrics(), 2_000)));
            assertThat(new String(new Exposition(() -> merged).scrape(OPEN_METRICS).text(), UTF_8).lines()).contains(
                    "count_total{of=\"1\"} 1.0", "count_created{of=\"1\"} 1.000", "count_total{of=\"2\"} 2.0",
                    "count_created{of=\"2\"} 2.000", "level{of=\"1\"} 5.0", "level{of=\"2\"} 5.0",
                    "size_sum{of=\"1\"} 10.0", "size_created{of=\"1\"} 1.000", "size_sum{of=\"2\"} 20.0",
                    "size_count{of=\"2\"} 1", "size_created{of=\"2\"} 2.000", "time_seconds_sum{of=\"1\"} 1.0",
                    "time_seconds_created{of=\"1\"} 1.000", "time_seconds_bucket{of=\"2\",le=\"+Inf\"} 1",
                    "time_seconds_sum{of=\"2\"} 2.0", "time_seconds_created{of=\"2\"} 2.000");
        }
    }

    @Test
    void aKindThatNoMeterHasIsABug() {
        MetricSnapshots info = new MetricSnapshots(
                InfoSnapshot.builder()
                        .name("build")
                        .dataPoint(
                                InfoSnapshot.InfoDataPointSnapshot.builder().labels(Labels.of("version", "1")).build())
                        .build());
        assertThatThrownBy(() -> MergedSnapshots.of(List.of(new MergedSnapshots.Source(info, 0))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Info");
    }

    private static <T> T elsewhere(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        return task.get(20, TimeUnit.SECONDS);
    }

    /**
     * While a thread binds the meters of a job, another one adds that job, or the last one that gets a registry of its
     * own.
     */
    @ParameterizedTest
    @CsvSource({"docs, 2", "news, 0"})
    void aThreadThatComesSecondTakesWhatIsThere(String added, int taken) throws Exception {
        List<MeterRegistry> made = new ArrayList<>();
        AtomicReference<JobRegistries> racing = new AtomicReference<>();
        List<MeterRegistry> ofTheFirst = new ArrayList<>();
        try (JobRegistries one = new JobRegistries(1, registry -> {
            made.add(registry);
            if (made.size() == 2) {
                ofTheFirst.add(other(racing.get(), added));
            }
        })) {
            racing.set(one);
            MeterRegistry second = one.ofJob("docs");
            assertThat(made).hasSize(3);
            assertThat(ofTheFirst).containsExactly(made.get(2));
            assertThat(second).isSameAs(made.get(taken));
            assertThat(made.get(1).isClosed()).as("the one that was made in vain").isTrue();
            assertThat(made.get(2).isClosed()).isFalse();
        }
    }

    private static MeterRegistry other(JobRegistries registries, String job) {
        try {
            return elsewhere(() -> registries.ofJob(job));
        } catch (Exception e) {
            throw new AssertionError("the lock is free while meters are bound", e);
        }
    }

    @Test
    void noCallKeepsOtherThreadsOut() throws Exception {
        registries.ended("docs", CrawlResult.SUCCESS, false, at(0));
        assertThat(elsewhere(() -> registries.ofJob("docs"))).isSameAs(registries.ofJob("docs"));
        registries.scrape("");
        assertThat(elsewhere(() -> registries.scrape("")).text()).isNotEmpty();
        registries.close();
        assertThat(elsewhere(() -> registries.ofJob("docs")).isClosed()).isTrue();
    }

    /** A gauge of a closed registry would keep what it reads. */
    @Test
    void closedRegistriesTakeNoMeters() {
        MeterRegistry docs = registries.ofJob("docs");
        MeterRegistry own = registries.own();
        registries.close();
        assertThat(docs.isClosed()).isTrue();
        assertThat(own.isClosed()).isTrue();
    }

    /** What Prometheus' own checker refuses is left out or renamed. */
    @Test
    void theProcessIsMeasured() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (ProcessMeters _ = new ProcessMeters(registry)) {
            assertThat(registry.getMeters()).extracting(meter -> meter.getId().getName())
                    .contains("system.cpus", "process.cpu", "jvm.memory.used", "jvm.threads.live", "jvm.classes.loaded",
                            "process.files.open", "process.uptime", "process.start.time", "process.cpu.usage",
                            "jvm.gc.memory.allocated")
                    .doesNotContain("process.cpu.time", "system.cpu.count");
            assertThat(registry.get("process.cpu").functionCounter().count()).isBetween(0.01, 1e6);
        }
    }

    /**
     * Listeners are told of a collection in the order in which they came, so the one that comes last knows that all
     * were told.
     */
    @Test
    void collectionsAreTimedUntilItIsClosed() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Semaphore told = new Semaphore(0);
        NotificationListener last = (notification, _) -> {
            var of = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            if (of.getGcCause().equals("System.gc()")) {
                told.release();
            }
        };
        try {
            try (ProcessMeters _ = new ProcessMeters(registry)) {
                for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                    ((NotificationEmitter) collector).addNotificationListener(last, null, null);
                }
                System.gc();
                assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(pauses(registry)).isPositive();
            }
            long before = pauses(registry);
            told.drainPermits();
            System.gc();
            assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(pauses(registry)).isEqualTo(before);
        } finally {
            for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                ((NotificationEmitter) collector).removeNotificationListener(last);
            }
        }
    }

    private static long pauses(MeterRegistry registry) {
        return registry.find("jvm.gc.pause").timers().stream().mapToLong(Timer::count).sum();
    }
}
