package fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.SimulatedSite;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.Sink;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors, as the JVM and assertions throw them: a crawl hides none. */
class CrawlErrorTest {

    private final SimulatedSite site = new SimulatedSite();
    private final Recorded recorded = new Recorded();

    /** As a sink with a cache may throw when memory is short. */
    private static final class CacheIsFull extends OutOfMemoryError {
        private static final long serialVersionUID = 1;

        CacheIsFull() {
            super("a cache of 8 GiB");
        }
    }

    static Stream<Error> errors() {
        return Stream.of(new AssertionError("two rows of one key"), new CacheIsFull(),
                new NoClassDefFoundError("com/example/Row"), new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorOfASinkInAWriteEndsTheCrawlInOrderAndIsItsFailure(Error error) throws InterruptedException {
        failsInOrder(outcome -> {
            if (recorded.outcomes().size() == 20) {
                throw error;
            }
            recorded.write(outcome);
        }, error);
        assertThat(recorded.outcomes()).hasSize(20);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorOfASinkInAFlushEndsTheCrawlInOrderAndIsItsFailure(Error error) throws InterruptedException {
        failsInOrder(new Sink() {
            @Override
            public void write(Outcome outcome) {
                recorded.write(outcome);
            }

            @Override
            public void flush() {
                throw error;
            }
        }, error);
    }

    private void failsInOrder(Sink sink, Error error) throws InterruptedException {
        CrawlReport report = site.crawl(100, CrawlJob.builder("test")
                .politeness(Jobs.politenessWithoutRobots(
                        Jobs.IMPATIENT)),
                sink).run();

        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        CrawlFailure failure = report.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(CrawlFailure.Kind.SINK);
        assertThat(failure.cause()).isSameAs(error);
        assertThat(failure.message()).isEqualTo("a sink failed: " + error);
        assertThat(report.accounting().isBalanced()).isTrue();
        assertThat(report.accounting().discovered()).isEqualTo(100);
        assertThat(report.leakCheck().isClean()).isTrue();
        assertThat(report.leakCheck().undeliveredResults()).isPositive();
        assertThat(site.threads()).allSatisfy(thread -> assertThat(thread.isAlive()).isFalse());
    }

    /** A crawl that cannot even make its report: nothing may be said of its end but why. */
    @Test
    void errorThatKeepsTheCrawlFromMakingItsReportComesThrough() {
        LinkageError error = new LinkageError("two versions of the HTTP client");
        Fetcher broken = new Fetcher() {
            @Override
            public Fetch fetch(FetchRequest request, FetchListener listener) {
                throw new AssertionError("the crawl was cancelled before it began");
            }

            @Override
            public int activeConnections() {
                throw error;
            }

            @Override
            public void close() {}
        };
        Crawl crawl = TestRuntime.of((_, _) -> broken, () -> 0)
                .newCrawl(CrawlJob.builder("test").startUrl("http://example.org/").build(), _ -> {});
        crawl.cancel();

        assertThatThrownBy(crawl::run).isSameAs(error);
        assertThat(crawl.report()).isEmpty();
    }
}
