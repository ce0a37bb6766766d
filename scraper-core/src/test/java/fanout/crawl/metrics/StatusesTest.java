package fanout.crawl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import fanout.report.CrawlReport;
import fanout.synthetic.Arrival;
import fanout.synthetic.SyntheticWeb;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a crawl makes of every status that a server may write, and how it counts them. */
@Timeout(60)
class StatusesTest {

    /** As many of each class as of no other. */
    private static final Map<Integer, Integer> HIGHEST = Map.of(2, 299, 3, 310, 4, 452, 5, 520, 6, 605, 9, 999);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Recorded recorded = new Recorded();

    private static IntStream statuses() {
        return IntStream.rangeClosed(200, 999)
                .filter(status -> status <= HIGHEST.getOrDefault(status / 100, 0) && (status < 900 || status > 994));
    }

    private static String expected(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> "redirected, once";
            case 408, 429, 500, 502, 503, 504 -> "failed/http_status, twice";
            default -> status / 100 == 2 ? "ok, once" : "failed/http_status, once";
        };
    }

    private static String described(Outcome outcome) {
        String reason = outcome.reason().map(each -> "/" + each).orElse("");
        int attempts = outcome.trail().attempts();
        return outcome.name() + reason + ", "
                + (attempts == 1 ? "once" : attempts == 2 ? "twice" : attempts + " times");
    }

    @Test
    void everyStatusHasItsOutcomeAndIsCountedInItsClass() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start();
                Scraper scraper = Scraper.builder().meterRegistry(registry).build()) {
            CrawlJob.Builder job = Jobs.impatient(web.urlOf(0, "/target"))
                    .retries(new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2)));
            statuses().forEach(status -> {
                web.on("/" + status, exchange -> exchange.respond(status, Map.of("Location", "/target"), new byte[0]));
                job.startUrl(web.urlOf(0, "/" + status));
            });
            CrawlReport report = Crawls.run(scraper, job.build(), recorded, web);
            recorded.agreesWith(report);

            Map<String, String> seen = new TreeMap<>();
            Map<String, String> expected = new TreeMap<>();
            statuses().forEach(status -> {
                Outcome outcome = recorded.only(web.urlOf(0, "/" + status));
                seen.put(status + " as " + outcome.trail().last().flatMap(Attempt::head).orElseThrow().status(),
                        described(outcome));
                expected.put(status + " as " + status, expected(status));
            });
            assertThat(seen).isEqualTo(expected);
            assertCounts(web);
        }
    }

    private void assertCounts(SyntheticWeb web) {
        Map<Integer, Long> answered =
                web.arrivals().stream().collect(Collectors.groupingBy(Arrival::status, Collectors.counting()));
        Map<String, Double> counted = new TreeMap<>();
        Map<String, Double> expected = new TreeMap<>();
        for (int digit = 1; digit <= 5; digit++) {
            String name = digit + "xx";
            int of = digit;
            counted.put(name,
                    registry.get("scraper.http.responses").tag("status_class", name).functionCounter().count());
            expected.put(name, answered.entrySet()
                    .stream()
                    .filter(each -> each.getKey() / 100 == of)
                    .mapToDouble(Map.Entry::getValue)
                    .sum());
        }
        assertThat(counted).isEqualTo(expected);
        assertThat(expected.values()).doesNotHaveDuplicates();
    }
}
