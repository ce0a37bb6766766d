package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.FetchLog;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.PagesLog;
import fanout.crawl.fixtures.PagesLog.Line;
import fanout.internal.fetch.Fetch;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.report.Accounting;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Arrival;
import fanout.synthetic.ExpectedPage;
import fanout.synthetic.ExpectedPage.Kind;
import fanout.synthetic.Fault;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crawl wrote agrees with what the server saw; only then the crawl's own counters are compared with both. */
class AccountingTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void pagesFileAgreesWithTheServersLog() throws IOException, InterruptedException {
        crawl(webWithFaults(), Duration.ofSeconds(30), "ok", "redirected", "skipped/robots", "failed/http_status",
                "failed/connection", "failed/too_many_redirects");
    }

    @Test
    void pagesFileAgreesWithTheLogOfAServerThatFallsSilent() throws IOException, InterruptedException {
        crawl(SyntheticWeb.builder()
                .seed(12)
                .pagesPerHost(40)
                .fault(new Fault.Stalled(), 0.2)
                .fault(new Fault.Dripping(Duration.ofMillis(20)), 0.1)
                .start(), Duration.ofSeconds(3), "ok", "failed/timeout");
    }

    private void crawl(SyntheticWeb started, Duration requestTimeout, String... ends)
            throws IOException, InterruptedException {
        PagesLog pages = new PagesLog(folder.resolve("pages.jsonl"));
        try (SyntheticWeb web = started; FetchLog fetches = new FetchLog(); pages) {
            CrawlJob job = Jobs.impatient(web)
                    .retries(new Retries(2, Duration.ofMillis(5), Duration.ofMillis(20)))
                    .limits(Jobs.limits(10_000, Duration.ofMinutes(2), requestTimeout))
                    .build();
            CrawlReport report = Crawls.run(fetches.newCrawl(job, pages), web);
            List<Line> lines = pages.lines();
            Map<String, List<Arrival>> arrivals = Crawls.pageArrivals(web);
            Map<String, ExpectedPage> expected = web.expectedPages();

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(lines).extracting(Line::url).doesNotHaveDuplicates();
            Set<String> urls = lines.stream().map(Line::url).collect(Collectors.toSet());
            assertThat(without(arrivals.keySet(), urls)).as("URLs that arrived and have no line").isEmpty();
            for (Line line : lines) {
                agrees(line, arrivals.getOrDefault(line.url(), List.of()), fetches.of(line.url()));
            }
            assertThat(without(expected.keySet(), urls)).as("URLs that have no line").isEmpty();
            assertThat(without(urls, expected.keySet())).as("URLs that no page links to").isEmpty();
            assertThat(urls(lines, "ok")).isEqualTo(successfullyAnswered(arrivals, expected, fetches));
            assertThat(lines.stream().map(Line::end).distinct()).containsExactlyInAnyOrder(ends);
            assertThat(report.accounting()).isEqualTo(accounting(lines));
        }
    }

    private static SyntheticWeb webWithFaults() {
        return SyntheticWeb.builder()
                .seed(11)
                .hosts(3)
                .pagesPerHost(250)
                .manySpellings()
                .robotsOf(1, Robots.disallow("/page/7", "/hop/", "/cookie/3"))
                .fault(new Fault.Flaky(503, 1), 0.04)
                .fault(new Fault.Broken(404), 0.04)
                .fault(new Fault.Broken(500), 0.02)
                .fault(new Fault.TooManyRequests(1, Duration.ZERO, false), 0.02)
                .fault(new Fault.TooManyRequests(1, Duration.ofMillis(1), true), 0.01)
                .fault(new Fault.Moved(301, 1), 0.03)
                .fault(new Fault.Moved(302, 3), 0.03)
                .fault(new Fault.Loop(307), 0.02)
                .fault(new Fault.CookieWall(), 0.03)
                .fault(new Fault.Reset(), 0.02)
                .fault(new Fault.Truncated(), 0.02)
                .start();
    }

    private static Set<String> without(Set<String> urls, Set<String> others) {
        return urls.stream().filter(url -> !others.contains(url)).collect(Collectors.toSet());
    }

    /**
     * As many attempts as arrivals, and the status that the last one was answered with. On a busy machine a connect may
     * time out, and such an attempt never arrives.
     */
    private static void agrees(Line line, List<Arrival> arrivals, List<FetchLog.Entry> fetches) {
        long unconnected = fetches.stream().filter(AccountingTest::isUnconnected).count();
        assertThat(line.number("attempts")).as("%s\nthe server saw %s\nthe client saw %s", line, arrivals, fetches)
                .isEqualTo(Math.toIntExact(arrivals.size() + unconnected));
        int lastStatus = arrivals.isEmpty() ? 0 : arrivals.getLast().status();
        assertThat(line.number("status")).as("status of %s", line).isEqualTo(lastStatus);
    }

    private static boolean isUnconnected(FetchLog.Entry entry) {
        return timeout(entry).filter(stage -> stage == Stage.CONNECT).isPresent();
    }

    /** The stage in which the client's patience ended, if it did. */
    private static Optional<Stage> timeout(FetchLog.Entry entry) {
        return entry.fetch() instanceof Fetch.NoResponse none && none.failure() instanceof Failure.TimedOut timedOut
                ? Optional.of(timedOut.stage())
                : Optional.empty();
    }

    private static Set<String> urls(List<Line> lines, String end) {
        return lines.stream().filter(line -> line.end().equals(end)).map(Line::url).collect(Collectors.toSet());
    }

    /** URLs that the server answered with a whole page: once each, but for answers that came too late. */
    private static Set<String> successfullyAnswered(Map<String, List<Arrival>> arrivals,
            Map<String, ExpectedPage> expected, FetchLog fetches) {
        Map<String, Long> answers = arrivals.values()
                .stream()
                .flatMap(List::stream)
                .filter(arrival -> arrival.status() == 200)
                .map(Crawls::url)
                .filter(url -> Optional.ofNullable(expected.get(url))
                        .filter(page -> page.kind() == Kind.OK)
                        .isPresent())
                .collect(Collectors.groupingBy(url -> url, Collectors.counting()));
        answers.forEach((url, times) -> {
            long late = fetches.of(url).stream().filter(entry -> timeout(entry).isPresent()).count();
            assertThat(times).as(url).isBetween(1L, 1 + late);
        });
        return answers.keySet();
    }

    private static Accounting accounting(List<Line> lines) {
        Map<String, Long> outcomes =
                lines.stream().collect(Collectors.groupingBy(line -> line.text("outcome"), Collectors.counting()));
        return new Accounting(lines.size(), outcomes.getOrDefault("ok", 0L), outcomes.getOrDefault("redirected", 0L),
                outcomes.getOrDefault("failed", 0L), outcomes.getOrDefault("skipped", 0L),
                outcomes.getOrDefault("cancelled", 0L), reasons(lines));
    }

    private static Map<Reason, Long> reasons(List<Line> lines) {
        return lines.stream()
                .map(line -> line.text("reason"))
                .filter(reason -> !reason.isEmpty())
                .map(Reason::ofLabel)
                .collect(Collectors.groupingBy(reason -> reason, Collectors.counting()));
    }
}
