package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.Crawl;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.SimulatedSite;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Outcome;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import fanout.sink.Sink;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a crawl ends, every URL has one outcome, and nothing is left behind. The network is in memory. */
@Timeout(60)
class CrawlEndTest {

    private final SimulatedSite site = new SimulatedSite();
    private final Recorded recorded = new Recorded();

    private static CrawlJob.Builder job(int concurrency) {
        return CrawlJob.builder("test")
                .concurrency(concurrency)
                .retries(Jobs.QUICK)
                .politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT));
    }

    @Test
    void bugInAWorkerEndsTheCrawlButNothingThatWasFoundIsLost() throws InterruptedException {
        site.at(30, () -> {
            throw new IllegalStateException("a bug");
        });
        Sink slow = new Sink() {
            @Override
            public void write(Outcome outcome) throws InterruptedException {
                if (recorded.outcomes().isEmpty()) {
                    // the pool has failed and is gone before the first line is written
                    site.thread("pool").join(20_000);
                }
                recorded.write(outcome);
            }
        };
        CrawlReport report = site.crawl(50, job(1), slow).run();

        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.failure().orElseThrow().kind()).isEqualTo(CrawlFailure.Kind.INTERNAL);
        assertThat(report.failure().orElseThrow().cause()).hasMessage("a bug");
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 30L, "cancelled/aborted", 20L));
        recorded.agreesWith(report);
    }

    @Test
    void interruptOfRunGivesUpTheNetworkWritesEverythingAndIsThrown() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        site.at(3, () -> {
            fetching.countDown();
            new CountDownLatch(1).await();
        });
        Crawl crawl = site.crawl(10, job(1), recorded);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = Thread.ofPlatform().start(() -> {
            try {
                crawl.run();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        fetching.await();
        runner.interrupt();
        runner.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 3L, "cancelled/interrupted", 7L));
        assertThat(crawl.report().orElseThrow().finishReason()).isEqualTo(FinishReason.INTERRUPTED);
        recorded.agreesWith(crawl.report().orElseThrow());
    }

    @Test
    void crawlOfAnInterruptedThreadFetchesLittleAndAccountsForAll() {
        Crawl crawl = site.crawl(1000, job(1), recorded);
        Thread.currentThread().interrupt();
        assertThatThrownBy(crawl::run).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        recorded.agreesWith(crawl.report().orElseThrow());
    }

    @Test
    void drainLetsFetchesInFlightEndAndStartsNoOther() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        site.at(3, () -> {
            fetching.countDown();
            answer.await();
        });
        Crawl crawl = site.crawl(10, job(1), recorded);
        FutureTask<CrawlReport> running = new FutureTask<>(crawl::run);
        Thread.ofPlatform().start(running);
        fetching.await();
        crawl.drain();
        answer.countDown();
        CrawlReport report = running.get(20, TimeUnit.SECONDS);

        assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 4L, "cancelled/interrupted", 6L));
        recorded.agreesWith(report);
    }

    @Test
    void cancelBeforeRunIsNotForgotten() throws InterruptedException {
        Crawl crawl = site.crawl(10, job(2), recorded);
        crawl.cancel();
        CrawlReport report = crawl.run();
        assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
        assertThat(recorded.counts()).isEqualTo(Map.of("cancelled/interrupted", 10L));
        assertThatThrownBy(crawl::run).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deadlineOfTheJobCancelsWhatIsInFlightAndWhatWaits() throws InterruptedException {
        site.at(3, () -> new CountDownLatch(1).await());
        CrawlReport report = site.crawl(10, job(1)
                .limits(Jobs.limits(100, Duration.ofMillis(300), Duration.ofSeconds(30))), recorded).run();
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 3L, "cancelled/deadline", 7L));
        recorded.agreesWith(report);
    }

    @Test
    void crawlEndsAtOnceIfEveryReadyTimeIsAfterTheDeadline() throws InterruptedException {
        Manners patient = new Manners(1, Duration.ofSeconds(40), false, Duration.ofSeconds(60));
        CrawlReport report = site.crawl(5, job(3)
                .politeness(Jobs.politenessWithoutRobots(patient))
                .limits(Jobs.limits(100, Duration.ofSeconds(30), Duration.ofSeconds(30))), recorded).run();
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 1L, "cancelled/deadline", 4L));
        assertThat(recorded.outcomes()).filteredOn(outcome -> outcome.name().equals("cancelled"))
                .extracting(Outcome::detail)
                .containsOnly(Optional.of("in politeness"));
        assertThat(report.timing().elapsed()).isLessThan(Duration.ofSeconds(10));
        recorded.agreesWith(report);
    }

    @Test
    void pageBudgetIsExactWithManyWorkers() throws InterruptedException {
        CrawlReport report = site.crawl(500, job(32)
                .limits(Jobs.limits(123, Duration.ofMinutes(1), Duration.ofSeconds(30))), recorded).run();
        assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        assertThat(recorded.counts()).isEqualTo(Map.of("ok", 123L, "skipped/budget", 377L));
        assertThat(report.fetching().peakInFlight()).isBetween(1, 32);
        recorded.agreesWith(report);
    }

    @Test
    void sinkThatFailsEndsTheCrawlAndTheReportCountsWhatItDidNotTake() throws InterruptedException {
        Sink broken = new Sink() {
            @Override
            public void write(Outcome outcome) {
                if (recorded.outcomes().size() == 20) {
                    throw new IllegalStateException("disk full");
                }
                recorded.write(outcome);
            }
        };
        CrawlReport report = site.crawl(500, job(8), broken).run();
        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.failure().orElseThrow().kind()).isEqualTo(CrawlFailure.Kind.SINK);
        assertThat(report.leakCheck()).isEqualTo(new LeakCheck(0, 0, 0, 0, 480));
        assertThat(report.accounting().isBalanced()).isTrue();
        assertThat(report.accounting().discovered()).isEqualTo(500);
    }
}
