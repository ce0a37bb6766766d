package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.PagesLog;
import fanout.crawl.fixtures.PagesLog.Line;
import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Arrival;
import fanout.synthetic.Fault;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The page budget is exact, never one more, however many workers race for it. */
class MaxPagesTest {

    private static final int MAX_PAGES = 100;
    private static final int WORKERS = 64;
    private static final int TIMES = Crawls.times(10, 100, 1000);

    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> webs() {
        return Stream.of(
                Arguments.of("healthy", List.of()),
                Arguments.of("half of it fails", List.of(new Fault.Broken(404), new Fault.Flaky(503, 1))),
                Arguments.of("half of it redirects", List.of(new Fault.Moved(302, 1), new Fault.CookieWall())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("webs")
    void exactlySoManyPagesAreOk(String name, List<Fault> faults) throws IOException, InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            for (int seed = 1; seed <= TIMES; seed++) {
                crawl(scraper, name + seed, faults, seed);
            }
        }
    }

    private void crawl(Scraper scraper, String name, List<Fault> faults, int seed)
            throws IOException, InterruptedException {
        var builder = SyntheticWeb.builder().seed(seed).hosts(2).pagesPerHost(150).bodyBytes(200);
        faults.forEach(fault -> builder.fault(fault, 0.25));
        PagesLog pages = new PagesLog(folder.resolve(name));
        try (SyntheticWeb web = builder.start(); pages) {
            CrawlJob job = Jobs.impatient(web)
                    .concurrency(WORKERS)
                    .limits(Jobs.limits(MAX_PAGES, Duration.ofMinutes(1), Duration.ofSeconds(30)))
                    .build();
            CrawlReport report = Crawls.run(scraper, job, pages, web);
            pages.close();

            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
            List<Line> lines = pages.lines();
            assertThat(lines).extracting(Line::url).doesNotHaveDuplicates();
            assertThat(lines).filteredOn(line -> line.end().equals("ok")).hasSize(MAX_PAGES);
            assertThat(lines).extracting(Line::end).doesNotContain("cancelled/deadline", "cancelled/interrupted");
            assertNothingWasFetchedInVain(lines, Crawls.pageArrivals(web));
        }
    }

    /** Every page that the server gave out is one of those that count. */
    private static void assertNothingWasFetchedInVain(List<Line> lines, Map<String, List<Arrival>> arrivals) {
        List<String> ok = lines.stream().filter(line -> line.end().equals("ok")).map(Line::url).toList();
        assertThat(arrivals.values().stream().flatMap(List::stream).filter(arrival -> arrival.status() == 200))
                .extracting(Crawls::url)
                .containsExactlyInAnyOrderElementsOf(ok);
        for (Line line : lines) {
            int arrived = arrivals.getOrDefault(line.url(), List.of()).size();
            assertThat(line.number("attempts")).as("%s", line).isEqualTo(arrived);
        }
    }
}
