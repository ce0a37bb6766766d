package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Docs;
import fanout.app.Site;
import fanout.app.metrics.JobRegistries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of metrics in docs/operations.md name exactly those that a scrape of the service has; labels stay few. */
class ServiceMetricsTest {

    private static final Pattern ON_PAGE = Pattern.compile("`(scraper_[a-z_]+)");
    private static final Pattern IN_SCRAPE = Pattern.compile("(?m)^# TYPE (scraper_[a-z_]+) (\\w+)$");

    private static final Pattern ANY_TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\w+)$");

    @TempDir
    private Path data;

    private static Set<String> found(Pattern metric, String text) {
        return metric.matcher(text).results().map(one -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void tablesNameEveryMetricAndNoOther() throws Exception {
        String page = Docs.text("operations.md");
        String tables = page.substring(page.indexOf("\n## Metrics of a crawl\n"), page.indexOf("\nEvery metric of"));
        try (Site site = new Site("Docs"); RunningService running = RunningService.start(data)) {
            String crawl = running.submitted(site.job("/"));
            running.awaitState(crawl, "finished");
            running.get("/nothing");
            String unmatched = "scraper_api_requests_total{route=\"unmatched\",status=\"404\"} 1.0";
            // A request is counted when its answer was sent, and the next one may come sooner.
            String scrape = await().atMost(Duration.ofSeconds(20))
                    .until(() -> running.get("/metrics").text(), text -> text.contains(unmatched));
            assertThat(found(IN_SCRAPE, scrape)).isEqualTo(found(ON_PAGE, tables));
            assertThat(scrape).contains("scraper_fetches_total{crawl_job=\"test\",outcome=\"ok\",reason=\"\"} 11.0",
                    "scraper_api_requests_total{route=\"/api/v1/crawls\",status=\"201\"} 1.0",
                    "jvm_memory_used_bytes", "process_cpu_usage").doesNotContain(site.url(""), "127.0.0.1", crawl);
        }
    }

    /** The rules of {@code promtool check metrics}. */
    @Test
    void namesAndHelpsAreThoseThatPrometheusAsksFor() throws Exception {
        try (Site site = new Site("Docs"); RunningService running = RunningService.start(data)) {
            running.awaitState(running.submitted(site.job("/")), "finished");
            String scrape = running.get("/metrics").text();
            Matcher type = ANY_TYPE.matcher(scrape);
            int types = 0;
            for (; type.find(); types++) {
                String name = type.group(1);
                String kind = type.group(2);
                assertThat(name.endsWith("_total")).as(name).isEqualTo(kind.equals("counter"));
                assertThat(name).doesNotMatch(".*_(count|sum|bucket|gauge|counter|histogram|summary)")
                        .doesNotMatch("(.*_)?(s|ms|us|ns|sec|b|kb|mb|gb|tb|pb|m|h|d)(_.*)?")
                        .matches("[a-z0-9_]+");
                assertThat(scrape).contains("# HELP " + name + " ");
            }
            assertThat(types).isGreaterThan(40);
            assertThat(Double.parseDouble(value("process_cpu_seconds_total", scrape))).isBetween(0.01, 1e6);
            assertThat(Double.parseDouble(value("system_cpus", scrape))).isPositive();
        }
    }

    private static String value(String metric, String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith(metric + " "))
                .map(line -> line.substring(metric.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void furtherJobsShareOneLabel() {
        try (JobRegistries registries = new JobRegistries(2, _ -> {})) {
            for (int i = 0; i < 5; i++) {
                registries.ofJob("job-" + i).counter("scraper.test").increment();
            }
            assertThat(new String(registries.scrape("").text(), UTF_8).lines()
                    .filter(line -> line.startsWith("scraper_test_total")))
                    .containsExactly(
                            "scraper_test_total{crawl_job=\"job-0\"} 1.0",
                            "scraper_test_total{crawl_job=\"job-1\"} 1.0",
                            "scraper_test_total{crawl_job=\"other\"} 3.0");
        }
    }
}
