package fanout.leak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.TaskScope;
import fanout.internal.task.Ticker;
import fanout.leak.AllowList;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.leak.Origin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A leak check that finds nothing proves nothing, unless it finds what was left behind on purpose, and nothing else.
 */
class LeakExtensionTest {

    /** For samples that leave something behind: the check does not wait for it to end. */
    private static final String NO_GRACE = "PT0S";
    /** For samples that must not fail, however busy the machine is. */
    private static final String GRACE = "PT30S";

    @AfterEach
    void removeWhatTheSampleLeft() throws Exception {
        Behind.remove();
    }

    static class PlatformThread {
        @Test
        void leaves() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("left running"));
        }
    }

    @Test
    void platformThreadIsNamedWithItsStack() {
        TestRun run = TestRun.of(PlatformThread.class, NO_GRACE);

        assertThat(run.failure("leaves()")).startsWith("1 left behind:\n    platform thread \"left running\" #")
                .containsPattern("\\w+, in no scope\n        at ")
                .contains("at fanout.leak.junit.Behind.untilRemoved(Behind.java:");
        assertThat(run.outcomes()).as("it is told once").containsEntry(name(PlatformThread.class), "passed");
    }

    @Test
    void threadThatIsAllowedByAParameterMayStay() {
        Map<String, String> parameters = Map.of(LeakExtension.GRACE, NO_GRACE, LeakExtension.ALLOW,
                "left because it is the subject of this test");

        assertThat(TestRun.of(PlatformThread.class, parameters).outcomes()).containsEntry("leaves()", "passed");
    }

    @Test
    void parameterThatGivesNoReasonIsRefused() {
        Map<String, String> parameters = Map.of(LeakExtension.ALLOW, "left");

        assertThat(TestRun.of(PlatformThread.class, parameters).outcomes().values()).anySatisfy(said -> assertThat(said)
                .isEqualTo("fanout.leak.allow must be the start of a name, because, and the reason: left"));
    }

    static class VirtualThread {
        @Test
        void leaves() throws InterruptedException {
            Behind.thread(Thread.ofVirtual().name("left running"));
        }
    }

    @Test
    void virtualThreadIsNamedWithItsStack() {
        assertThat(TestRun.of(VirtualThread.class, NO_GRACE).failure("leaves()"))
                .startsWith("1 left behind:\n    virtual thread \"left running\" #")
                .contains("at fanout.leak.junit.Behind.untilRemoved(Behind.java:");
    }

    static class OpenExecutors {
        @Test
        void leavesAWorkerThatHasNothingToDo() throws Exception {
            ExecutorService executor = Executors.newFixedThreadPool(1);
            Behind.removedBy(executor::close);
            executor.submit(() -> {}).get();
        }

        @Test
        void leavesATask() throws InterruptedException {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
            Behind.removedBy(executor::shutdownNow);
            var _ = executor.submit(() -> Behind.untilRemoved(inside, end));
            inside.await();
        }
    }

    @Test
    void executorThatIsLeftOpenIsNamedByItsThreads() {
        TestRun run = TestRun.of(OpenExecutors.class, NO_GRACE);

        assertThat(run.failure("leavesAWorkerThatHasNothingToDo()"))
                .containsPattern("platform thread \"pool-\\d+-thread-1\" #\\d+, \\w+, "
                        + "in java.util.concurrent.ThreadPoolExecutor@");
        assertThat(run.failure("leavesATask()")).containsPattern(
                "virtual thread without a name #\\d+, \\w+, in java.util.concurrent.ThreadPerTaskExecutor@");
    }

    static class NestedScopes {
        @Test
        void leaves() throws InterruptedException {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            TaskScope.Body work = () -> {
                inside.countDown();
                end.await();
            };
            Thread owner = Thread.ofVirtual()
                    .name("owner")
                    .start(() -> run("crawl-7 crawl", () -> run("crawl-7 workers", work)));
            Behind.removedBy(() -> {
                end.countDown();
                owner.join();
            });
            inside.await();
        }

        private static void run(String scope, TaskScope.Body body) {
            ThreadFactory threads = Thread.ofVirtual().factory();
            try {
                new TaskScope(scope, threads, Ticker.system()).run(List.of(new TaskScope.Task("task", body)),
                        new CountDownLatch(1)::await, () -> {});
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void threadIsNamedWithTheScopesAroundIt() {
        assertThat(TestRun.of(NestedScopes.class, NO_GRACE).failure("leaves()"))
                .containsPattern("\"owner\" #\\d+, \\w+, in no scope")
                .containsPattern("\"crawl-7 crawl/task\" #\\d+, \\w+, in crawl-7 crawl\n")
                .containsPattern("\"crawl-7 workers/task\" #\\d+, \\w+, in crawl-7 crawl / crawl-7 workers\n");
    }

    static class BusyCommonPool {
        @Test
        void leaves() throws InterruptedException {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            CompletableFuture<Void> task =
                    CompletableFuture.runAsync(() -> Behind.untilRemoved(inside, end), ForkJoinPool.commonPool());
            Behind.removedBy(() -> {
                end.countDown();
                task.get();
            });
            inside.await();
        }
    }

    static class IdleCommonPool {
        @Test
        void leavesAnIdleWorker() throws Exception {
            CompletableFuture.runAsync(() -> {}, ForkJoinPool.commonPool()).get();
        }
    }

    @Test
    void workerOfTheCommonPoolMayStayOnlyWithoutATask() throws Exception {
        assertThat(TestRun.of(IdleCommonPool.class, GRACE).outcomes()).containsEntry("leavesAnIdleWorker()", "passed");
        for (int i = 0; i < 2; i++) { // the second time, the worker was there before
            // A worker is busy for a moment behind its task; one that is when a check begins is none of what the check
            // looks for.
            assertThat(ForkJoinPool.commonPool().awaitQuiescence(20, TimeUnit.SECONDS)).isTrue();
            assertThat(TestRun.of(BusyCommonPool.class, NO_GRACE).failure("leaves()"))
                    .contains("ForkJoinPool.commonPool-worker-", "in ForkJoinPool.commonPool\n", "Behind.untilRemoved");
            Behind.remove();
        }
    }

    static class RunningProcess {
        @Test
        void leaves() throws Exception {
            Process process = new ProcessBuilder("sleep", "1000").start();
            Behind.removedBy(() -> process.destroyForcibly().waitFor());
        }
    }

    @Test
    void processThatRunsIsNamed() throws Exception {
        for (int i = 0; i < 2; i++) { // the second time, the thread that waits for it was there before
            assertThat(TestRun.of(RunningProcess.class, NO_GRACE).failure("leaves()"))
                    .containsPattern("1 left behind:\n    process #\\d+ .*sleep.*, in no scope");
            Behind.remove();
        }
    }

    static class Library implements Lender {

        private final Origin origin = Origin.here();

        @Override
        public List<Loan> loans() {
            return List.of(new Loan("book", "on leaks", this, origin));
        }
    }

    static class Borrower {
        @Test
        void leaves() throws InterruptedException {
            Lenders.opened(new Library());
        }
    }

    @Test
    void whatALenderDoesNotGetBackIsNamedWithWhoTookIt() {
        assertThat(TestRun.of(Borrower.class, NO_GRACE).failure("leaves()"))
                .startsWith("1 left behind:\n    book on leaks, taken by \"main\", in no scope\n        at ")
                .contains("at fanout.leak.junit.LeakExtensionTest$Borrower.leaves(");
    }

    static class OneOfMany {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void leaves(int number) throws InterruptedException {
            if (number == 2) {
                Behind.thread(Thread.ofPlatform().name("left"));
            }
        }
    }

    @Test
    void onlyTheInvocationThatLeftItFails() {
        TestRun run = TestRun.of(OneOfMany.class, NO_GRACE);

        assertThat(run.failure("[2] number = 2")).contains("\"left\"");
        assertThat(run.outcomes()).containsEntry("[1] number = 1", "passed")
                .containsEntry("[3] number = 3", "passed")
                .containsEntry(name(OneOfMany.class), "passed");
    }

    static class ForgetfulClass {
        @BeforeAll
        static void start() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("of the class"));
        }

        @Test
        void isInnocent() {
            assertThat(true).isTrue();
        }
    }

    @Test
    void whatAClassLeavesIsItsOwnAndNotItsTests() {
        TestRun run = TestRun.of(ForgetfulClass.class, NO_GRACE);

        assertThat(run.failure(name(ForgetfulClass.class))).contains("platform thread \"of the class\"");
        assertThat(run.outcomes()).containsEntry("isInnocent()", "passed");
    }

    static class ForgetfulConstructor {

        ForgetfulConstructor() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("of the instance"));
        }

        @Test
        void leaves() throws InterruptedException {
            assertThat(true).isTrue();
        }
    }

    @Test
    void whatTheInstanceStartsIsItsTests() {
        assertThat(TestRun.of(ForgetfulConstructor.class, NO_GRACE).failure("leaves()"))
                .contains("\"of the instance\"");
    }

    /** Everything that is allowed: it ends in time, each in another place. */
    static class Tidy {

        static final ExecutorService STATIC = started();
        static ExecutorService ofTheClass = STATIC;
        @AutoClose
        final ExecutorService closedByJUnit = started();
        final ExecutorService closedAfterwards = started();
        final CountDownLatch end = new CountDownLatch(1);

        static ExecutorService started() {
            ExecutorService executor = Executors.newFixedThreadPool(4);
            var _ = executor.submit(() -> {});
            return executor;
        }

        @BeforeAll
        static void start() throws InterruptedException {
            ofTheClass = started();
        }

        @Test
        void usesThreadsOfItsClass() {
            var _ = ofTheClass.submit(() -> {});
            var _ = STATIC.submit(() -> {});
        }

        @Test
        void endsAThreadWithoutWaitingForIt() {
            Thread.ofVirtual().start(() -> Behind.untilRemoved(new CountDownLatch(1), end));
        }

        @AfterEach
        void closeItsOwn() {
            end.countDown();
            closedAfterwards.close();
        }

        @AfterAll
        static void closeTheClasss() {
            ofTheClass.shutdown();
            STATIC.shutdown();
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {

        final ExecutorService ofTheClass = Tidy.started();

        @Test
        void usesThreadsOfItsClass() {
            var _ = ofTheClass.submit(() -> {});
        }

        @Nested
        class Inside {

            final ExecutorService ofTheTest = Tidy.started();

            @Test
            void usesThreadsOfBothClasses() {
                var _ = ofTheClass.submit(() -> {});
                var _ = ofTheTest.submit(() -> {});
            }

            @AfterEach
            void close() {
                ofTheTest.shutdown();
            }
        }

        @AfterAll
        void close() {
            ofTheClass.shutdown();
        }
    }

    static class Allowing {

        @RegisterExtension
        static final LeakExtension LEAKS =
                new LeakExtension(AllowList.standard().plus("allowed-", "a test of the list"));

        @Test
        void leaves() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("allowed-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Tidy.class, OneInstance.class})
    void whatEndsInTimeIsNoLeak(Class<?> sample) {
        assertThat(TestRun.of(sample, GRACE).outcomes()).hasSizeGreaterThan(2)
                .allSatisfy((_, outcome) -> assertThat(outcome).isEqualTo("passed"));
    }

    @Test
    void listOfAClassDoesNotLoosenTheOneOfAllTests() {
        assertThat(TestRun.of(Allowing.class, NO_GRACE).failure("leaves()")).contains("\"allowed-1\"");
    }

    static class OnPurpose {
        @Test
        @LeaksOnPurpose(kind = "platform thread", because = "this is a sample")
        void leavesWhatItSays() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("on purpose"));
        }

        @Test
        @LeaksOnPurpose(kind = "platform thread", because = "this is a sample")
        void leavesNothing() throws InterruptedException {
            assertThat(true).isTrue();
        }

        @Test
        @LeaksOnPurpose(kind = "platform thread", because = "this is a sample")
        void leavesMore() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("on purpose"));
            Behind.thread(Thread.ofVirtual().name("by mistake"));
        }
    }

    @Test
    void leakOnPurposeMustBeThereAndNoOther() {
        TestRun run = TestRun.of(OnPurpose.class, NO_GRACE);

        assertThat(run.outcomes()).containsEntry("leavesWhatItSays()", "passed")
                .containsEntry("leavesNothing()", "left no platform thread behind, as it was said to");
        assertThat(run.failure("leavesMore()")).startsWith("1 left behind:").contains("\"by mistake\"");
    }

    static class FailsAndLeaves {
        @Test
        void leaves() throws InterruptedException {
            Behind.thread(Thread.ofPlatform().name("left"));
            throw new IllegalStateException("the test's own failure");
        }
    }

    @Test
    void failureOfTheTestComesFirst() {
        Throwable thrown = TestRun.of(FailsAndLeaves.class, NO_GRACE).thrownBy("leaves()");

        assertThat(thrown).hasMessage("the test's own failure");
        assertThat(thrown.getSuppressed()).singleElement()
                .satisfies(leak -> assertThat(leak).hasMessageContaining("\"left\""));
    }

    private static String name(Class<?> sample) {
        return "LeakExtensionTest$" + sample.getSimpleName(); // as JUnit displays it
    }
}
