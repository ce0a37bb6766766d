package example;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import fanout.Scraper;
import fanout.internal.annotation.Internal;
import fanout.job.Cidr;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.ResumableSink;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own sink in a crawl that resumes: the lines in docs/library.md come from here. */
class OwnSinkTest {

    private static final int PAGES = 12;

    private final SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(PAGES).start();

    @TempDir
    private Path folder;

    private Path file;
    private Path path;

    @BeforeEach
    void paths() {
        file = folder.resolve("urls.txt");
        path = folder.resolve("crawl.journal");
    }

    @AfterEach
    void closeWeb() {
        web.close();
    }

    // docs
    static class UrlsOfPages implements ResumableSink {
        private final FileChannel file;
        private long end;

        UrlsOfPages(Path path) throws IOException {
            file = FileChannel.open(path, CREATE, WRITE);
        }

        /** Only says where to resume: nothing is cut before all sinks of the crawl have agreed. */
        @Override
        public void resumeAt(Position position) throws IOException {
            end = position.equals(Position.NONE) ? 0 : position.bytes();
            if (file.size() < end)
                throw new JournalException(Refusal.OUTPUT, "the file is shorter than what was committed");
        }

        @Override
        public void write(Outcome outcome) throws IOException {
            if (outcome instanceof Fetched page)
                end += file.write(UTF_8.encode(page.request().url() + "\n"), end);
        }

        /** Comes before the first write, once a second, and at the end. */
        @Override
        public Position commit() throws IOException {
            file.truncate(end).force(false);
            return Position.at(end);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
    // docs end

    private CrawlJob job(int maxPages) {
        return CrawlJob.builder("own-sink")
                .startUrl(web.urlOf(0, 0))
                .network(new Network(false, List.of(Cidr.parse("127.0.0.0/8"))))
                .limits(Limits.DEFAULT.toBuilder().maxPages(maxPages).build())
                .build();
    }

    private CrawlReport crawl(CrawlJob job) throws IOException, InterruptedException {
        // docs
        try (Journal journal = Journal.resume(path);
                Sink urls = new UrlsOfPages(file);
                Scraper scraper = Scraper.create()) {
            CrawlReport report = scraper.crawl(job).to(urls).journal(journal).run();
            // docs end
            return report;
        }
    }

    @Test
    void ownSinkResumesAndHasEachPageOnce() throws IOException, InterruptedException {
        assertThat(crawl(job(5)).finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        assertThat(Files.readAllLines(file)).hasSize(5);
        Files.writeString(file, "what was written after the last commit", StandardOpenOption.APPEND);

        CrawlReport report = crawl(job(100));

        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(report.accounting().ok()).isEqualTo(PAGES);
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(path).doesNotExist();
    }

    @Test
    void fileThatHasLostWhatWasCommittedIsRefusedAndLeftAsItIs() throws IOException, InterruptedException {
        crawl(job(5));
        Files.writeString(file, "x");

        assertThatThrownBy(() -> crawl(job(100))).isInstanceOf(JournalException.class)
                .hasMessage("the file is shorter than what was committed");
        assertThat(file).hasContent("x");
        assertThat(path).exists();
    }

    @Test
    void sinkThatTakesNoPartIsToldBeforeTheCrawlBegins() throws IOException {
        try (Journal journal = Journal.create(path); Scraper scraper = Scraper.create()) {
            Sink plain = _ -> {};

            assertThatThrownBy(() -> scraper.crawl(job(5)).to(plain).journal(journal).build())
                    .isInstanceOfSatisfying(JournalException.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NOT_RESUMABLE))
                    .hasMessageContaining("the sink is no ResumableSink. Implement that, or crawl without a journal");
        }
        assertThat(web.arrivalCount()).isZero();
    }

    @Test
    void nothingInternalIsUsed() {
        noClasses().should()
                .dependOnClassesThat(describe("internal",
                        (JavaClass type) -> type.isAnnotatedWith(Internal.class)
                                || type.getPackage().isAnnotatedWith(Internal.class)))
                .check(new ClassFileImporter().importClasses(UrlsOfPages.class, OwnSinkTest.class));
    }
}
