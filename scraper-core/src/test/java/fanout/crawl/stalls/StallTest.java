package fanout.crawl.stalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import fanout.Crawl;
import fanout.Scraper;
import fanout.Stall;
import fanout.Stall.Culprit;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.crawl.fixtures.SimulatedSite;
import fanout.job.CrawlJob;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.TaskStanding;
import fanout.sink.Sink;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/** Each test stalls a crawl and expects the report to name the cause; then it removes the cause, and the crawl ends. */
class StallTest {

    private static final Duration PATIENCE = Duration.ofMillis(200);
    /** More than fit between the workers and the writer. */
    private static final int PAGES = 200;

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void sinkThatDoesNotReturnIsNamed() throws InterruptedException {
        Sink stuck = _ -> awaitRelease();
        try (RunningCrawl running =
                new RunningCrawl(new SimulatedSite().stallAfter(PATIENCE).crawl(PAGES, job(), stuck))) {
            Stall stall = awaitStall(running, Culprit.BusySink.class, _ -> true);

            assertThat(stall.toString()).contains("held up by: the sink, which does not return")
                    .contains("StallTest.awaitRelease");
            assertThat(stall.undelivered()).isPositive();
            assertThat(stall.lasted()).isGreaterThanOrEqualTo(PATIENCE);
            assertEndsWhenReleased(running);
        }
    }

    @Test
    void fetchThatIgnoresItsDeadlineIsNamed() throws InterruptedException {
        SimulatedSite site = new SimulatedSite().at(7, this::awaitRelease).stallAfter(PATIENCE);
        CrawlJob.Builder job = job().limits(Jobs.limits(1000, Duration.ofMinutes(5), Duration.ofMillis(50)));
        try (RunningCrawl running = new RunningCrawl(site.crawl(PAGES, job, new Recorded()))) {
            Stall stall = awaitStall(running, Culprit.Overdue.class,
                    overdue -> overdue.tasks().size() == 1
                            && hangsIn(Stage.HEADERS, "http://example.org/7", overdue.tasks().getFirst()));

            assertThat(stall.nextDeadline()).as("what has passed does not come next").isEmpty();
            assertThat(stall.toString()).contains("next deadline: the job's, in ")
                    .contains("held up by: 1 beyond their deadline, first of all worker-")
                    .contains("headers http://example.org/7");
            assertEndsWhenReleased(running);
        }
    }

    @Test
    void extractorThatHangsIsNamedWithItsPage() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(20).start();
                Scraper scraper = Scraper.builder()
                        .extractor((page, _) -> hangsAtTheStart(
                                page.request().url().toString().equals(web.startUrls().getFirst())))
                        .stallAfter(PATIENCE)
                        .build()) {
            try (RunningCrawl running =
                    new RunningCrawl(scraper.crawl(Jobs.impatient(web).build()).to(new Recorded()).build())) {
                Stall stall = awaitStall(running, Culprit.Slow.class,
                        slow -> hangsIn(Stage.PARSE, web.startUrls().getFirst(), slow.task()));

                assertThat(stall.toString()).contains("StallTest.hangsAtTheStart");
                assertEndsWhenReleased(running);
            }
        }
    }

    private void awaitRelease() throws InterruptedException {
        release.await();
    }

    private void hangsAtTheStart(boolean atTheStart) {
        try {
            if (atTheStart) {
                awaitRelease();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void threadsThatWaitForEachOtherAreNamed() throws InterruptedException {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        CountDownLatch bothHeld = new CountDownLatch(2);
        Thread other = Thread.ofPlatform().name("other").start(() -> inOrder(second, first, bothHeld));
        AtomicBoolean once = new AtomicBoolean();
        Sink locking = _ -> {
            if (once.compareAndSet(false, true)) {
                inOrder(first, second, bothHeld);
            }
        };
        try (RunningCrawl running =
                new RunningCrawl(new SimulatedSite().stallAfter(PATIENCE).crawl(PAGES, job(), locking))) {
            Stall stall = awaitStall(running, Culprit.Cycle.class, cycle -> cycle.waits().size() == 2);
            other.interrupt();

            assertThat(((Culprit.Cycle) stall.culprit()).waits())
                    .anyMatch(wait -> wait.matches("crawl-\\d+ crawl/writer waits for .* held by other"))
                    .anyMatch(wait -> wait.matches("other waits for .* held by crawl-\\d+ crawl/writer"));
            assertEndsWhenReleased(running);
        } finally {
            other.interrupt();
            other.join();
        }
    }

    private static void inOrder(ReentrantLock outer, ReentrantLock inner, CountDownLatch bothHeld) {
        outer.lock();
        try {
            bothHeld.countDown();
            bothHeld.await();
            inner.lockInterruptibly();
            inner.unlock();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            outer.unlock();
        }
    }

    @Test
    void workersWhoseThreadsDoNotRunAreMissed() throws InterruptedException {
        SimulatedSite site = new SimulatedSite().stallAfter(PATIENCE)
                .workers(task -> Thread.ofVirtual().unstarted(() -> {
                    hangsAtTheStart(true);
                    task.run();
                }));
        try (RunningCrawl running = new RunningCrawl(site.crawl(PAGES, job(), new Recorded()))) {
            Stall stall = awaitStall(running, Culprit.NobodyTakes.class, none -> none.workers() == 0);

            assertThat(stall.ready()).isEqualTo(PAGES);
            assertThat(stall.toString()).contains("no worker takes what is ready, although 0 are alive");
            assertEndsWhenReleased(running);
        }
    }

    @Test
    void patienceMustBePositive() {
        assertThatThrownBy(() -> Scraper.builder().stallAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stallAfter must be positive and at most 36500 days: PT0S");
    }

    private static CrawlJob.Builder job() {
        return Jobs.impatient().concurrency(4).politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT));
    }

    /** Waits for a stall with this culprit. On a slow machine, a slow fetch may be a stall before it. */
    private static <C extends Culprit> Stall awaitStall(RunningCrawl running, Class<C> type, Predicate<C> expected) {
        AtomicReference<Stall> found = new AtomicReference<>();
        Crawl crawl = running.crawl();
        try {
            RunningCrawl.until(() -> crawl.stall()
                    .filter(stall -> type.isInstance(stall.culprit()) && expected.test(type.cast(stall.culprit())))
                    .map(stall -> {
                        found.set(stall);
                        return true;
                    })
                    .orElse(false));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no stall for " + type.getSimpleName() + "; the last one: " + crawl.stall()
                    + "\ncrawl: " + running.state()
                    + "\nprogress: " + crawl.progress() + "\ntasks: " + crawl.tasks() + "\n" + threads(), e);
        }
        return found.get();
    }

    /** Dumps all threads of the process, the virtual ones too. */
    private static String threads() {
        try {
            Path folder = Files.createTempDirectory("threads");
            Path dump = folder.resolve("dump.txt");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            String text = Files.readString(dump);
            Files.delete(dump);
            Files.delete(folder);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hangsIn(Stage stage, String url, TaskStanding standing) {
        return standing.stage() == stage
                && standing.task().about().equals(Optional.of(url))
                && standing.state() == Thread.State.WAITING
                && standing.blocker().orElse("").startsWith("CountDownLatch")
                && standing.stack().stream().anyMatch(frame -> frame.getClassName().equals(StallTest.class.getName()));
    }

    /** The stall has done no damage. */
    private void assertEndsWhenReleased(RunningCrawl running) throws InterruptedException {
        release.countDown();
        CrawlReport report = running.report();
        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(report.accounting().isBalanced()).isTrue();
        assertThat(report.leakCheck().isClean()).isTrue();
    }
}
