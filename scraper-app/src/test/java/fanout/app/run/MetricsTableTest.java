package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** README's table of metrics names exactly those that a scrape has. */
class MetricsTableTest {

    private static final Pattern IN_README = Pattern.compile("(scraper_[a-z_]+)");
    private static final Pattern IN_SCRAPE = Pattern.compile("(?m)^# TYPE (scraper_[a-z_]+) (\\w+)$");

    @Test
    void tableNamesEveryMetricAndNoOther() throws Exception {
        String readme = Files.readString(Path.of("").toAbsolutePath().resolveSibling("README.md"));
        String table = readme.substring(readme.indexOf("\n### Metrics\n"), readme.indexOf("\nNo label holds a URL"));
        assertThat(found(IN_SCRAPE, scrape())).isEqualTo(found(IN_README, table));
    }

    private static Set<String> found(Pattern metric, String text) {
        return metric.matcher(text).results().map(one -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String scrape() throws IOException, InterruptedException {
        try (MetricsServer metrics = MetricsServer.start(0);
                Scraper _ = Scraper.builder().meterRegistry(metrics.registry()).build();
                HttpClient client = HttpClient.newHttpClient()) {
            return client
                    .send(HttpRequest.newBuilder(URI.create(metrics.url())).timeout(Duration.ofSeconds(10)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
