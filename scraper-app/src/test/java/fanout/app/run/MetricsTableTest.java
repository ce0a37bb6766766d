package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.app.Docs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of a crawl's metrics in docs/operations.md names exactly those that a scrape has. */
class MetricsTableTest {

    private static final Pattern ON_PAGE = Pattern.compile("(scraper_[a-z_]+)");
    private static final Pattern IN_SCRAPE = Pattern.compile("(?m)^# TYPE (scraper_[a-z_]+) (\\w+)$");

    private static final Pattern CREATED =
            Pattern.compile("(?m)^scraper_fetches_created\\{outcome=\"ok\",reason=\"\"\\} (\\S+)$");

    @Test
    void tableNamesEveryMetricAndNoOther() throws Exception {
        String page = Docs.text("operations.md");
        String table =
                page.substring(page.indexOf("\n## Metrics of a crawl\n"), page.indexOf("\nNo label holds a URL"));
        assertThat(found(IN_SCRAPE, scrape("*/*"))).isEqualTo(found(ON_PAGE, table));
    }

    /**
     * A crawl may be over before its second scrape; a scraper that reads OpenMetrics learns when its counters were 0.
     */
    @Test
    void openMetricsSaySinceWhenCountersCount() throws Exception {
        double before = System.currentTimeMillis() / 1e3;
        String text = scrape("application/openmetrics-text; version=1.0.0");
        Matcher created = CREATED.matcher(text);
        assertThat(created.find()).as(text).isTrue();
        assertThat(Double.parseDouble(created.group(1))).isBetween(before - 1, System.currentTimeMillis() / 1e3);
        assertThat(text).endsWith("# EOF\n");
    }

    private static Set<String> found(Pattern metric, String text) {
        return metric.matcher(text).results().map(one -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String scrape(String accept) throws IOException, InterruptedException {
        try (MetricsServer metrics = MetricsServer.start(0);
                Scraper _ = Scraper.builder().meterRegistry(metrics.registry()).build();
                HttpClient client = HttpClient.newHttpClient()) {
            return client
                    .send(HttpRequest.newBuilder(URI.create(metrics.url()))
                            .header("Accept", accept)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
