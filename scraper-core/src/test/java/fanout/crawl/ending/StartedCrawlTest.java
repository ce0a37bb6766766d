package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crawls that begin in one sentence, and those that have a thread of their own. */
class StartedCrawlTest {

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        scraper.close();
    }

    @Test
    void startedCrawlRunsInAThreadOfItsOwn() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(5).start();
                Crawl.Started started = scraper.crawl(Jobs.impatient(web).build()).to(recorded).start()) {
            CrawlReport report = started.await();

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(started.crawl().report()).contains(report);
            assertThat(recorded.outcomes()).hasSize(5);
            Crawls.assertNothingRuns(report, web);
        }
    }

    @Test
    void closeCancelsTheCrawlAndJoinsItsThread() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        try (SyntheticWeb web = stalling(asked)) {
            Crawl.Started started = scraper.crawl(Jobs.impatient(web).build()).to(recorded).start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            started.close();

            CrawlReport report = started.crawl().report().orElseThrow();
            assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
            Crawls.assertNothingRuns(report, web);
        }
    }

    @Test
    void interruptInCloseIsHandedOnToTheCrawlAndKept() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        try (SyntheticWeb web = stalling(asked)) {
            Crawl.Started started = scraper.crawl(Jobs.impatient(web).build()).to(recorded).start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            Thread.currentThread().interrupt();
            started.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(started.crawl().report()).isPresent();
            assertThatThrownBy(started::await).isInstanceOf(InterruptedException.class);
        }
    }

    private static SyntheticWeb stalling(CountDownLatch asked) {
        return SyntheticWeb.builder().pagesPerHost(1).start().on("/", exchange -> {
            asked.countDown();
            exchange.stall();
        });
    }

    @Test
    void crawlWithoutASinkIsRefused(@TempDir Path folder) throws IOException {
        CrawlJob job = CrawlJob.builder("nowhere").startUrl("http://127.0.0.1:1/").build();
        try (Journal journal = Journal.create(folder.resolve("journal"))) {
            assertThatThrownBy(() -> scraper.crawl(job).build()).isInstanceOf(IllegalStateException.class)
                    .hasMessage("the crawl of nowhere has no sink: name it first, by to(sink)");
            assertThatThrownBy(() -> scraper.crawl(job).journal(journal)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no sink");
        }
    }

    @Test
    void secondSinkOfACrawlIsRefused() {
        CrawlJob job = CrawlJob.builder("twice").startUrl("http://127.0.0.1:1/").build();

        assertThatThrownBy(() -> scraper.crawl(job).to(recorded).to(recorded)).isInstanceOf(IllegalStateException.class)
                .hasMessage("a crawl has one sink: combine several by Tee.of");
    }
}
