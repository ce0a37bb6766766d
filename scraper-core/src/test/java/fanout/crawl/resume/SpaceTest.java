package fanout.crawl.resume;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.journal.CountedSpace;
import fanout.journal.Journal;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crawls whose files may take no more than a part of what they would. */
class SpaceTest {

    private static final int PAGES = 60;
    private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");

    private final Scraper scraper = Scraper.create();
    private final SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(PAGES).start();
    private final CountedSpace space = new CountedSpace();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    private CrawlReport run(long maxPages) throws IOException, InterruptedException {
        CrawlJob job =
                Jobs.impatient(web).limits(Limits.DEFAULT.toBuilder().maxPages(maxPages).build()).build();
        try (Journal journal = Journal.resume(folder.resolve("crawl.journal"), space);
                Sink sink = PagesFile.jsonLines(OutputFile.resume(folder.resolve("pages")))) {
            return Crawls.run(scraper.crawl(job).to(sink).journal(journal).build(), web);
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("pages"));
    }

    private List<String> urls() throws IOException {
        return lines().stream().flatMap(line -> URL.matcher(line).results().limit(1)).map(url -> url.group(1)).toList();
    }

    private void assertEnds(CrawlReport report) throws IOException {
        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.failure().map(CrawlFailure::message)).hasValueSatisfying(
                message -> assertThat(message).contains("this is all"));
        assertThat(report.leakCheck().isClean()).isTrue();
        assertThat(urls()).doesNotHaveDuplicates().hasSize((int) report.accounting().discovered());
    }

    @Test
    void spentSpaceDrainsTheCrawlAndMoreLetsItResume() throws Exception {
        space.lasts = 10_000;
        CrawlReport report = run(1_000);
        assertEnds(report);
        assertThat(report.accounting().cancelled()).isPositive();
        long leftovers = lines().stream()
                .filter(line -> line.contains("\"outcome\":\"cancelled\""))
                .mapToLong(line -> line.length() + 1L)
                .sum();
        // Pages that were in flight when all was spent may have admitted some of them.
        assertThat(space.mostReserved.get()).as("reserved for the lines that were left")
                .isGreaterThanOrEqualTo(leftovers);

        space.lasts = Long.MAX_VALUE;
        assertThat(run(1_000).finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(urls()).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
    }

    @Test
    void withoutRoomForMoreUrlsTheCrawlFetchesWhatItKnows() throws Exception {
        space.admits = 8_000;
        CrawlReport report = run(1_000);
        assertEnds(report);
        assertThat(report.links().dropped()).isPositive();
        assertThat(report.accounting().ok()).isEqualTo(report.accounting().discovered()).isBetween(2L, 40L);
    }

    @Test
    void crawlThatReachesMaxPagesWithoutRoomForMoreHasFinished() throws Exception {
        space.admits = 8_000;
        CrawlReport report = run(3);
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        assertThat(report.links().dropped()).isPositive();
        assertThat(urls()).doesNotHaveDuplicates().hasSize((int) report.accounting().discovered());
    }

    /** Also of URLs that an earlier run had admitted. */
    @Test
    void reservationsEndWithTheLinesThatTheyAreFor() throws Exception {
        assertThat(run(10).finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        long leftBehind = space.reserved.getAndSet(0);
        assertThat(leftBehind).isPositive();
        space.mostReserved.set(0);

        assertThat(run(1_000).finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(space.mostReserved.get()).isGreaterThanOrEqualTo(leftBehind);
        assertThat(space.reserved.get()).isZero();
    }
}
