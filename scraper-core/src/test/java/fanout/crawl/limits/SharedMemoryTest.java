package fanout.crawl.limits;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.FetchLog;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.internal.fetch.Fetcher;
import fanout.internal.http.Resolver;
import fanout.internal.http.SystemResolver;
import fanout.internal.limit.BodyRoom;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.limit.IdleConnections;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.TaskSnapshot;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Crawls of one process share its memory, wait for it, and say so. */
@Timeout(120)
class SharedMemoryTest {

    private static final int SIZE = 1 << 20;

    private final Ticker ticker = Ticker.system();
    private final Resolver resolver = new SystemResolver(ticker);
    private final MemoryBudget memory =
            new MemoryBudget(new BodyRoom(SIZE, ticker), new DocumentRoom(2, 16L * SIZE, ticker),
                    new IdleConnections(0));

    @AfterEach
    void close() {
        resolver.close();
    }

    private Crawl crawl(CrawlJob job, Recorded recorded) {
        return FetchLog.runtime(resolver, memory, Fetcher::fetch).newCrawl(job, recorded);
    }

    private static CrawlJob.Builder job(SyntheticWeb web) {
        return Jobs.impatient(web).politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT));
    }

    private static void awaitMemory(RunningCrawl running) {
        RunningCrawl.until(() -> running.crawl().tasks().filter(SharedMemoryTest::waitsForMemory).isPresent());
    }

    private static boolean waitsForMemory(TaskSnapshot task) {
        return task.stage().equals(Optional.of(Stage.MEMORY))
                || task.children().stream().anyMatch(SharedMemoryTest::waitsForMemory);
    }

    @Test
    void bodiesOfTwoCrawlsWaitForTheSameRoom() throws InterruptedException {
        Recorded first = new Recorded();
        Recorded second = new Recorded();
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(100).start();
                BodyRoom.Allocation outside = memory.bodies().open();
                BodyRoom.Allocation reserve = memory.bodies().open()) {
            assertThat(outside.tryGrow(SIZE / 2)).isTrue();
            assertThat(reserve.tryGrow(SIZE / 2)).isTrue();
            try (RunningCrawl one = new RunningCrawl(crawl(job(web).build(), first));
                    RunningCrawl other = new RunningCrawl(crawl(job(web).build(), second))) {
                awaitMemory(one);
                awaitMemory(other);
                outside.completeWith(0);
                reserve.completeWith(0);

                for (RunningCrawl each : new RunningCrawl[]{one, other}) {
                    CrawlReport report = each.report();
                    assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
                    assertThat(report.accounting().ok()).isEqualTo(100);
                }
            }
            assertThat(outside.tryGrow(SIZE / 2)).as("all is free again").isTrue();
            assertThat(reserve.tryGrow(SIZE / 2)).isTrue();
        }
        assertThat(first.urls("ok")).containsExactlyInAnyOrderElementsOf(second.urls("ok"));
    }

    @Test
    void deadlineOfTheJobEndsAWaitForRoomAndNamesIt() throws InterruptedException {
        Recorded recorded = new Recorded();
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(10).start();
                BodyRoom.Allocation outside = memory.bodies().open();
                BodyRoom.Allocation reserve = memory.bodies().open()) {
            assertThat(outside.tryGrow(SIZE / 2)).isTrue();
            assertThat(reserve.tryGrow(SIZE / 2)).isTrue();
            CrawlJob job = job(web).limits(Jobs.limits(1000, Duration.ofSeconds(2), Duration.ofMillis(500))).build();

            CrawlReport report = Crawls.run(crawl(job, recorded), web);

            assertThat(report.finishReason()).isEqualTo(FinishReason.MAX_DURATION);
            assertThat(recorded.counts()).containsExactly(Map.entry("cancelled/deadline", 1L));
            assertThat(report.timing().deadlineExceeded()).containsExactly(Map.entry(Stage.MEMORY, 1L));
        }
    }

    @Test
    void pageWhoseDocumentHasNoRoomWaitsForMemoryToo() throws InterruptedException {
        Recorded recorded = new Recorded();
        Deadline never = Deadline.after(Duration.ofHours(1), ticker);
        DocumentRoom.Stay all = memory.documents().stay(this, 16L * SIZE);
        assertThat(all.enter(never, (_, _) -> {})).isEmpty();
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(10).start();
                RunningCrawl running = new RunningCrawl(crawl(job(web).build(), recorded))) {
            awaitMemory(running);
            all.leave();

            assertThat(running.report().accounting().ok()).isEqualTo(10);
        }
    }
}
