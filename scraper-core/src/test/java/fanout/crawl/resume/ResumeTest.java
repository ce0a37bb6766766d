package fanout.crawl.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Selector;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.FinishReason;
import fanout.sink.ItemsFile;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.sink.Tee;
import fanout.synthetic.Arrival;
import fanout.synthetic.Handler;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Crawls that end before their time, with a journal, and go on. */
class ResumeTest {

    private static final int PAGES = 50;

    private final Scraper scraper = Scraper.create();
    private final SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(PAGES).start();

    @TempDir
    private Path folder;

    private Path pages;
    private Path items;

    @BeforeEach
    void paths() {
        pages = folder.resolve("pages");
        items = folder.resolve("items");
    }

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    private CrawlJob job(long maxPages) {
        return Jobs.impatient(web)
                .limits(Limits.DEFAULT.toBuilder().maxPages(maxPages).build())
                .extract(List.of(new ExtractRule("titles", Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of(Field.select("title", new Selector.Css("title")).build()))))
                .build();
    }

    private Path journal() {
        return folder.resolve("crawl.journal");
    }

    private Sink sink(boolean csv) throws IOException {
        OutputFile pagesFile = OutputFile.resume(pages);
        OutputFile itemsFile = OutputFile.resume(items);
        return csv
                ? Tee.of(List.of(PagesFile.csv(pagesFile), ItemsFile.csv(itemsFile, List.of("title"))))
                : Tee.of(List.of(PagesFile.jsonLines(pagesFile), ItemsFile.jsonLines(itemsFile)));
    }

    private CrawlReport run(CrawlJob job, boolean csv) throws IOException, InterruptedException {
        return run(scraper, job, csv);
    }

    private CrawlReport run(Scraper scraper, CrawlJob job, boolean csv) throws IOException, InterruptedException {
        try (Journal journal = Journal.resume(journal()); Sink sink = sink(csv)) {
            return Crawls.run(scraper.crawl(job).to(sink).journal(journal).build(), web);
        }
    }

    private static List<String> urls(Path file, boolean csv) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !csv || line.startsWith("http")) // titles have more than one line
                    .map(line -> csv ? line.substring(0, line.indexOf(',')) : firstValue(line))
                    .toList();
        }
    }

    private static String firstValue(String line) {
        int from = line.indexOf(":\"") + 2;
        return line.substring(from, line.indexOf('"', from));
    }

    private CrawlJob perHost(long maxPagesPerHost) {
        return job(10_000).toBuilder()
                .limits(Limits.DEFAULT.toBuilder().maxPagesPerHost(maxPagesPerHost).build())
                .build();
    }

    /** A limit that is raised, the same, lower or new in this run: the pages of earlier runs count. */
    @Test
    void pagesOfAHostCountOverAllRuns() throws IOException, InterruptedException {
        for (long most : List.of(10L, 10L, 30L, 20L)) {
            CrawlReport report = run(perHost(most), false);

            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
            assertThat(okByHost().values()).as("at most %d", most).allMatch(ok -> ok == (most == 20 ? 30 : most));
            assertThat(report.cut().hosts()).isEqualTo(2);
            assertThat(report.cut().mostByHost().getFirst().ok()).isEqualTo(okByHost().values().iterator().next());
            assertThat(urls(pages, false)).doesNotHaveDuplicates().hasSize((int) report.accounting().discovered());
        }
        CrawlReport last = run(job(10_000), false);

        assertThat(last.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(last.cut()).isEqualTo(CrawlReport.Cut.NONE);
        assertThat(urls(pages, false)).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(web.arrivals().stream().filter(arrival -> !arrival.path().equals("/robots.txt")).toList())
                .hasSize(2 * PAGES);
    }

    @Test
    void pagesCountForALimitThatComesLater() throws IOException, InterruptedException {
        run(job(20), false);
        CrawlReport report = run(perHost(15), false);

        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        assertThat(okByHost().values()).allMatch(ok -> ok >= 15).contains(15L);
        assertThat(report.accounting().ok()).isLessThanOrEqualTo(35);
    }

    private CrawlJob perLabel(Map<String, Long> limits) {
        FollowRule.StandardSet links = new FollowRule.StandardSet();
        TextPattern even = TextPattern.of("[02468][.]html$");
        return job(10_000).toBuilder()
                .limits(Limits.DEFAULT.toBuilder().maxPagesPerLabel(limits).build())
                .follow(List.of(new FollowRule(links, Optional.of("even"), 0, List.of(even), List.of(), List.of()),
                        new FollowRule(links, Optional.empty(), 0, List.of(), List.of(even), List.of())))
                .build();
    }

    /** A label is of all hosts together. What has another, or none, is fetched meanwhile. */
    @Test
    void pagesOfALabelCountOverAllRuns() throws IOException, InterruptedException {
        for (long most : List.of(10L, 10L, 25L, 20L)) {
            CrawlReport report = run(perLabel(Map.of("even", most)), false);

            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
            assertThat(okOfLabel()).as("at most %d", most).isEqualTo(most == 20 ? 25 : most);
            assertThat(report.cut().labels()).singleElement()
                    .isEqualTo(new CrawlReport.Part("even", okOfLabel(), report.accounting().skipped()));
            assertThat(urls(pages, false)).doesNotHaveDuplicates().hasSize((int) report.accounting().discovered());
        }
        CrawlReport last = run(perLabel(Map.of()), false);

        assertThat(last.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(urls(pages, false)).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(web.arrivals().stream().filter(arrival -> !arrival.path().equals("/robots.txt")).toList())
                .hasSize(2 * PAGES);
    }

    private long okOfLabel() throws IOException {
        try (Stream<String> lines = Files.lines(pages)) {
            return lines.filter(line -> line.contains("\"outcome\":\"ok\"") && line.contains("\"label\":\"even\""))
                    .count();
        }
    }

    private Map<String, Long> okByHost() throws IOException {
        try (Stream<String> lines = Files.lines(pages)) {
            return lines.filter(line -> line.contains("\"outcome\":\"ok\""))
                    .collect(Collectors.groupingBy(line -> CanonicalUrl.of(firstValue(line)).host().toString(),
                            Collectors.counting()));
        }
    }

    /** Each run takes back the lines that the one before has written for want of a budget. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void budgetThatIsRaisedInTenStepsFetchesEachPageOnce(boolean csv) throws IOException, InterruptedException {
        for (int run = 1; run < 10; run++) {
            CrawlReport report = run(job(10L * run), csv);

            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
            assertThat(report.accounting().ok()).isEqualTo(10L * run);
            assertThat(report.timing().runs()).isEqualTo(run);
            assertThat(urls(pages, csv)).doesNotHaveDuplicates().hasSize((int) report.accounting().discovered());
            assertThat(urls(items, csv)).doesNotHaveDuplicates().hasSize(10 * run);
        }
        CrawlReport last = run(job(10_000), csv);

        assertThat(last.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(last.timing().runs()).isEqualTo(10);
        assertThat(last.accounting().ok()).isEqualTo(2 * PAGES);
        assertThat(urls(pages, csv)).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(urls(items, csv)).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(web.arrivals().stream().filter(arrival -> !arrival.path().equals("/robots.txt")).toList())
                .hasSize(2 * PAGES);
        assertThat(journal()).doesNotExist();
    }

    /** A counter says what its process has seen; the report covers all runs. */
    @Test
    void countersOfAProcessCountAPageOfTwoRunsOnce() throws IOException, InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Scraper metered = Scraper.builder().meterRegistry(registry).build()) {
            run(metered, job(30), false);
            CrawlReport last = run(metered, job(10_000), false);

            assertThat(last.accounting().ok()).isEqualTo(2 * PAGES);
            assertThat(registry.get("scraper.fetches").tag("outcome", "ok").functionCounter().count())
                    .isEqualTo(2 * PAGES);
            assertThat(registry.get("scraper.items").functionCounter().count()).isEqualTo(2 * PAGES);
            assertThat(registry.get("scraper.crawls").tag("state", "ended").gauge().value()).isEqualTo(2);
        }
    }

    @Test
    void reportOfTwoRunsCountsAsThatOfOne() throws IOException, InterruptedException {
        CrawlReport once = run(job(10_000), false);
        CrawlReport first = run(job(30), false);
        CrawlReport both = run(job(10_000), false);

        assertThat(both.accounting()).isEqualTo(once.accounting());
        assertThat(both.links()).isEqualTo(once.links());
        assertThat(both.items()).isEqualTo(once.items());
        assertThat(both.fetching().bytes()).isEqualTo(once.fetching().bytes());
        assertThat(both.timing().startedAt()).isEqualTo(first.timing().startedAt());
        assertThat(both.timing().elapsed()).isGreaterThan(first.timing().elapsed());
    }

    @Test
    void sitemapThatWasReadIsNotReadAgain() throws IOException, InterruptedException {
        List<String> listed = web.expectedPages()
                .keySet()
                .stream()
                .filter(url -> url.startsWith(web.urlOf(0, "/")))
                .sorted()
                .limit(6)
                .toList();
        web.on("/one.xml", sitemap(listed.subList(0, 3)));
        web.on("/two.xml", sitemap(listed.subList(3, 6)));
        web.on("/moved.xml", exchange -> exchange.respond(301, Map.of("Location", "/two.xml"), new byte[0]));
        CrawlJob job = Jobs.impatient()
                .sitemap(CanonicalUrl.of(web.urlOf(0, "/one.xml")))
                .sitemap(CanonicalUrl.of(web.urlOf(0, "/moved.xml")))
                .follow(List.of())
                .build();
        Limits enoughForOneMap = Limits.DEFAULT.toBuilder().maxPages(4).build();

        CrawlReport first = run(job.toBuilder().limits(enoughForOneMap).build(), false);
        CrawlReport both = run(job, false);

        assertThat(first.fetching().sitemaps()).isEqualTo(new Sitemaps(2, 0, List.of()));
        assertThat(both.fetching().sitemaps()).isEqualTo(new Sitemaps(2, 0, List.of()));
        assertThat(urls(pages, false)).containsExactlyInAnyOrderElementsOf(listed);
        assertThat(web.arrivals().stream().map(Arrival::path).filter(path -> path.endsWith(".xml")).toList())
                .containsExactlyInAnyOrder("/one.xml", "/moved.xml", "/two.xml");
    }

    private static Handler sitemap(List<String> urls) {
        String entries = urls.stream().map(url -> "<url><loc>" + url + "</loc></url>").collect(Collectors.joining());
        return exchange -> exchange.respond(200, "application/xml", "<urlset>" + entries + "</urlset>");
    }

    @Test
    void mostRequestsInFlightAreThoseOfAnyRun() throws IOException, InterruptedException {
        int first = run(job(30), false).fetching().peakInFlight();

        assertThat(run(job(40).toBuilder().concurrency(1).build(), false).fetching().peakInFlight())
                .isEqualTo(first)
                .isGreaterThan(1);
    }

    @Test
    void budgetAtOrBelowWhatIsDoneEndsAtOnce() throws IOException, InterruptedException {
        run(job(30), false);
        long asked = web.arrivalCount();

        CrawlReport report = run(job(20), false);

        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        assertThat(report.accounting().ok()).isEqualTo(30);
        assertThat(web.arrivalCount()).isEqualTo(asked);
    }

    @Test
    void anotherJobIsRefusedByTheNamesOfWhatDiffers() throws IOException, InterruptedException {
        run(job(30), false);
        CrawlJob other = job(30).toBuilder()
                .startUrl(web.urlOf(1, "/other"))
                .scope(Scope.of(7))
                .contentTypes(List.of("text/plain"))
                .follow(List.of())
                .extract(List.of())
                .build();

        assertRefused(other, Refusal.OTHER_JOB, "startUrls or startUrlsFile, scope, parse, follow, extract");
    }

    @Test
    void whatIsNotNamedMayDiffer() throws IOException, InterruptedException {
        run(job(30), false);
        CrawlJob other = job(31).toBuilder()
                .concurrency(1)
                .politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT))
                .retries(Jobs.QUICK)
                .build();

        assertThat(run(other, false).accounting().ok()).isEqualTo(31);
    }

    @Test
    void outputShorterThanCommittedIsRefusedAndNothingIsCut() throws IOException, InterruptedException {
        run(job(30), false);
        byte[] whole = Files.readAllBytes(items);
        Files.write(items, List.of("{}"), StandardOpenOption.TRUNCATE_EXISTING);
        byte[] before = Files.readAllBytes(pages);

        assertRefused(job(31), Refusal.OUTPUT, "the file has 3 bytes, of which " + whole.length + " were committed");
        assertThat(Files.readAllBytes(pages)).isEqualTo(before);
    }

    @Test
    void outputThatIsMissingIsRefusedAndNotMade() throws IOException, InterruptedException {
        run(job(30), false);
        Files.delete(items);
        byte[] before = Files.readAllBytes(pages);

        assertRefused(job(31), Refusal.OUTPUT, "items: the file is missing");
        assertThat(items).doesNotExist();
        assertThat(Files.readAllBytes(pages)).isEqualTo(before);
    }

    @Test
    void outputThatWasChangedIsRefused() throws IOException, InterruptedException {
        run(job(30), false);
        Files.writeString(items, "x".repeat((int) Files.size(items)));

        assertRefused(job(31), Refusal.OUTPUT, "no line ends at byte");
    }

    private void assertRefused(CrawlJob job, Refusal refusal, String words) throws IOException {
        byte[] before = Files.readAllBytes(journal());
        assertThatThrownBy(() -> run(job, false)).isInstanceOfSatisfying(JournalException.class, e -> {
            assertThat(e.refusal()).isEqualTo(refusal);
            assertThat(e).hasMessageContaining(words);
        });
        assertThat(Files.readAllBytes(journal())).isEqualTo(before);
    }

    @Test
    void sinkThatDoesNotCommitIsToldSo() throws IOException {
        try (Journal journal = Journal.create(journal())) {
            Sink own = Tee.of(List.of(new Sink() {
                @Override
                public void write(Outcome outcome) {}

                @Override
                public String toString() {
                    return "my sink";
                }
            }));
            assertThatThrownBy(() -> scraper.crawl(job(1)).to(own).journal(journal).build())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("my sink")
                    .hasMessageContaining("no ResumableSink");
        }
        assertThat(journal()).doesNotExist();
    }

    @Test
    void journalIsOneCrawlsUntilItIsClosed() throws IOException {
        try (Journal _ = Journal.create(journal())) {
            assertThatThrownBy(() -> Journal.resume(journal())).isInstanceOfSatisfying(JournalException.class,
                    e -> assertThat(e.refusal()).isEqualTo(Refusal.HELD));
        }
        Journal.resume(journal()).close();
    }

    @Test
    void aRunWithoutResumeReplacesTheJournal() throws IOException, InterruptedException {
        run(job(30), false);
        try (Journal journal = Journal.create(journal()); Sink sink = sink(false)) {
            CrawlReport report = Crawls.run(scraper.crawl(job(20)).to(sink).journal(journal).build(), web);

            assertThat(report.timing().runs()).isOne();
            assertThat(report.accounting().ok()).isEqualTo(20);
        }
        assertThat(run(job(25), false).timing().runs()).isEqualTo(2);
        assertThat(urls(pages, false).stream().collect(Collectors.toSet())).hasSameSizeAs(urls(pages, false));
    }
}
