package fanout.crawl.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A sink that fails ends the crawl. The report says what was not delivered, and nothing is left behind. */
class SinkFailureTest {

    /** Fewer than fit between the workers and the writer: fetching ends although nothing is written. */
    private static final int PAGES = 100;
    /**
     * What fits between eight workers and the writer: queued results, one in each worker's hands, one in the writer's.
     */
    private static final int MOST_IN_BETWEEN = 64 + 8 + 1;
    private static final Duration FLUSH_TIMEOUT = Duration.ofMillis(300);

    private final Scraper scraper = Scraper.create();
    private final SyntheticWeb web = SyntheticWeb.builder().seed(41).pagesPerHost(PAGES).start();

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    /** Throws at one outcome, and keeps those that it took before. */
    private static final class Failing implements Sink {

        private final List<Outcome> taken = new ArrayList<>();
        private final int at;
        private final Throwable thrown;

        Failing(int at, Throwable thrown) {
            this.at = at;
            this.thrown = thrown;
        }

        @Override
        public void write(Outcome outcome) throws IOException {
            if (taken.size() == at) {
                switch (thrown) {
                    case IOException e -> throw e;
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    default -> throw new IllegalArgumentException(thrown);
                }
            }
            taken.add(outcome);
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(0, PAGES / 2, PAGES - 1)
                .flatMap(
                        at -> Stream
                                .of(new IOException("no"), new IllegalStateException("no"), new StackOverflowError(),
                                        new AssertionError("no"))
                                .map(thrown -> Arguments.of(at, thrown)));
    }

    @ParameterizedTest(name = "at outcome {0}: {1}")
    @MethodSource("failures")
    void exceptionInAUsersSinkEndsTheCrawl(int at, Throwable thrown) throws InterruptedException {
        Failing sink = new Failing(at, thrown);

        CrawlReport report = crawl(sink);

        assertThat(report.failure().orElseThrow().cause()).isSameAs(thrown);
        assertThat(report.leakCheck().undeliveredResults())
                .isEqualTo(report.accounting().discovered() - sink.taken.size());
        assertThat(sink.taken).hasSize(at).extracting(Recorded::url).doesNotHaveDuplicates();
    }

    @Test
    void fullDiskEndsTheCrawl() throws InterruptedException, IOException {
        Sink pages = PagesFile.jsonLines(OutputFile.create(Path.of("/dev/full")));

        CrawlReport report = crawl(pages);

        assertThat(report.failure().orElseThrow().message()).contains("No space left on device");
        assertThat(report.leakCheck().undeliveredResults()).isEqualTo(report.accounting().discovered());
        pages.close(); // does not try again to write what could not be written
    }

    @Test
    void closedPipeEndsTheCrawl() throws InterruptedException, IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();

        CrawlReport report = crawl(PagesFile.jsonLines(OutputFile.on(pipe.sink())));

        assertThat(report.failure().orElseThrow().message()).contains("Broken pipe");
        assertThat(report.leakCheck().undeliveredResults()).isEqualTo(report.accounting().discovered());
    }

    @Test
    void sinkThatBlocksIsInterruptedAfterTheFlushTimeout() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        List<Outcome> taken = new ArrayList<>();

        CrawlReport report = crawl(outcome -> {
            if (taken.size() == 10) {
                never.await();
            }
            taken.add(outcome);
        });

        assertThat(report.timing().elapsed()).isGreaterThanOrEqualTo(FLUSH_TIMEOUT);
        assertThat(report.accounting().discovered()).as("fetching went on to its end").isEqualTo(PAGES);
        assertThat(report.leakCheck().undeliveredResults()).isBetween(PAGES - 10L, (long) PAGES);
    }

    /**
     * While workers fetch, no timeout holds for the sink: it stops them when the results are full, until the deadline.
     */
    @Test
    void sinkThatBlocksFullResultsIsInterruptedAfterBothTimes() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);

        CrawlReport report = crawlToTheDeadline(_ -> never.await());

        assertThat(report.leakCheck().undeliveredResults()).isEqualTo(report.accounting().discovered());
    }

    @Test
    void pipeThatIsNotReadEndsTheCrawlAfterDeadlineAndFlushTimeout() throws InterruptedException, IOException {
        Pipe pipe = Pipe.open();

        CrawlReport report = crawlToTheDeadline(PagesFile.jsonLines(OutputFile.on(pipe.sink())));

        assertThat(report.leakCheck().undeliveredResults()).isPositive();
        pipe.source().close();
    }

    private CrawlReport crawlToTheDeadline(Sink sink) throws InterruptedException {
        Duration deadline = Duration.ofSeconds(2);
        try (SyntheticWeb large = SyntheticWeb.builder().seed(42).pagesPerHost(2000).bodyBytes(100).start()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(large)
                    .concurrency(8)
                    .flushTimeout(FLUSH_TIMEOUT)
                    .limits(Jobs.limits(10_000, deadline, Duration.ofSeconds(30)))
                    .build()).to(sink).run();

            assertFailedInOrder(report);
            assertThat(report.timing().elapsed()).isGreaterThanOrEqualTo(deadline.plus(FLUSH_TIMEOUT));
            assertThat(large.arrivalCount()).as("the results were full").isGreaterThanOrEqualTo(MOST_IN_BETWEEN);
            return report;
        }
    }

    @Test
    void sinkFailureEndsFetchesThatAreInFlight() throws InterruptedException {
        try (SyntheticWeb slow = SyntheticWeb.builder()
                .hosts(2)
                .pagesPerHost(1)
                .latencyOf(1, Latency.fixed(Duration.ofMinutes(2)))
                .start()) {
            Failing sink = new Failing(0, new IOException("no"));

            CrawlReport report = scraper.crawl(Jobs.impatient(slow).build()).to(sink).run();

            assertFailedInOrder(report);
            assertThat(report.timing().elapsed()).isLessThan(Duration.ofSeconds(20));
            assertThat(report.accounting().reasons()).containsEntry(Reason.ABORTED, 1L);
        }
    }

    private CrawlReport crawl(Sink sink) throws InterruptedException {
        CrawlReport report = scraper.crawl(Jobs.impatient(web).flushTimeout(FLUSH_TIMEOUT).build()).to(sink).run();
        assertFailedInOrder(report);
        return report;
    }

    private void assertFailedInOrder(CrawlReport report) {
        Crawls.assertNothingRuns(report, web);
        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.failure().orElseThrow().kind()).isEqualTo(CrawlFailure.Kind.SINK);
        assertThat(report.timing().elapsed()).isLessThan(Duration.ofSeconds(20));
    }
}
