package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.TaskScope.Body;
import fanout.internal.task.TaskScope.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a scope ends, its threads have ended before. */
@Timeout(30)
class TaskScopeTest {
    private final List<Thread> threads = new ArrayList<>();

    private final ThreadFactory factory = task -> {
        Thread thread = Thread.ofVirtual().unstarted(task);
        synchronized (threads) {
            threads.add(thread);
        }
        return thread;
    };

    @AfterEach
    void noThreadIsLeft() {
        synchronized (threads) {
            assertThat(threads).noneMatch(Thread::isAlive);
        }
    }

    private static void waitForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void doNothing() {}

    private TaskScope scope() {
        return new TaskScope("scope", factory, Ticker.system());
    }

    @Test
    void runsUntilTheLastTaskHasEndedAndInterruptsTheGuardThen() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean guardInterrupted = new AtomicBoolean();
        Task task = new Task("task", done::incrementAndGet);
        scope().run(List.of(task, task, task), interrupted(guardInterrupted, new CountDownLatch(1)),
                TaskScopeTest::doNothing);
        assertThat(done).hasValue(3);
    }

    @Test
    void guardThatReturnsCancelsTheTasks() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        scope().run(List.of(new Task("task", interrupted(interrupted, started))), started::await,
                TaskScopeTest::doNothing);
        assertThat(interrupted).isTrue();
    }

    @Test
    void guardThatReturnsFirstCancelsTasksThatHaveNotBegun() throws InterruptedException {
        List<Task> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(new Task("task-" + i, TaskScopeTest::waitForEver));
        }
        scope().run(many, () -> {}, TaskScopeTest::doNothing);
        assertThat(threads).hasSize(101);
    }

    @Test
    void failureOfATaskEndsTheOthersAndIsThrown() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Error bug = new AssertionError("a bug");
        assertThatThrownBy(() -> scope().run(List.of(
                new Task("good", interrupted(interrupted, started)),
                new Task("bad", () -> {
                    started.await();
                    throw bug;
                })), TaskScopeTest::waitForEver, TaskScopeTest::doNothing))
                .isInstanceOfSatisfying(TaskFailedException.class, e -> assertThat(e.thrown()).isSameAs(bug));
        assertThat(interrupted).isTrue();
    }

    @Test
    void failureThatComesAfterTheCancellationIsNotLost() {
        RuntimeException bug = new IllegalStateException("while cleaning up");
        CountDownLatch started = new CountDownLatch(1);
        assertThatThrownBy(() -> scope().run(List.of(new Task("bad", () -> {
            try {
                started.countDown();
                new CountDownLatch(1).await();
            } finally {
                throwUnchecked(bug);
            }
        })), started::await, TaskScopeTest::doNothing)).isInstanceOf(TaskFailedException.class).hasCause(bug);
    }

    @Test
    void failureOfTheGuardEndsTheTasksAndIsThrown() {
        RuntimeException bug = new IllegalStateException("guard");
        assertThatThrownBy(() -> scope().run(List.of(new Task("task", TaskScopeTest::waitForEver)),
                () -> throwUnchecked(bug), TaskScopeTest::doNothing))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(bug);
    }

    @Test
    void firstFailureIsTheOneThatIsThrown() {
        CountDownLatch secondWaits = new CountDownLatch(1);
        AtomicBoolean secondFailed = new AtomicBoolean();
        RuntimeException first = new IllegalStateException("first");
        assertThatThrownBy(() -> scope().run(List.of(new Task("first", () -> {
            secondWaits.await();
            throw first;
        }), new Task("second", () -> {
            try {
                secondWaits.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // Only the scope interrupts, and only once the first failure has reached it.
                secondFailed.set(true);
                throw new IllegalStateException("second", e);
            }
        })), TaskScopeTest::waitForEver, TaskScopeTest::doNothing)).isInstanceOf(TaskFailedException.class)
                .hasCause(first);
        assertThat(secondFailed).isTrue();
    }

    @Test
    void taskThatIgnoresInterruptionIsWaitedFor() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scope().run(List.of(new Task("deaf", () -> {
            started.countDown();
            awaitDeafly(interrupted);
            ended.set(true);
        }), new Task("helper", () -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        })), started::await, TaskScopeTest::doNothing);
        assertThat(ended).isTrue();
    }

    @Test
    void interruptOfTheOwnerAsksTheTasksToEndAndLetsThemFinish() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayFinish = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        AtomicBoolean cancelled = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread owner = Thread.ofPlatform().start(() -> {
            try {
                scope().run(List.of(new Task("writer", () -> {
                    started.countDown();
                    try {
                        asked.await();
                        mayFinish.await();
                        finished.set(true);
                    } catch (InterruptedException e) {
                        cancelled.set(true);
                        throw e;
                    }
                })), TaskScopeTest::waitForEver, asked::countDown);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        started.await();
        owner.interrupt();
        asked.await();
        while (owner.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait(); // until it waits for the tasks: if it cancelled them, it has done so by then
        }
        mayFinish.countDown();
        owner.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(finished).isTrue();
        assertThat(cancelled).isFalse();
    }

    @Test
    void taskThatFailsAfterAnInterruptOfTheOwnerIsNotLost() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        IllegalStateException bug = new IllegalStateException("a bug");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread owner = Thread.ofPlatform().start(() -> {
            try {
                scope().run(List.of(new Task("writer", () -> {
                    started.countDown();
                    asked.await();
                    throw bug;
                })), TaskScopeTest::waitForEver, asked::countDown);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        started.await();
        owner.interrupt();
        owner.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class).hasSuppressedException(bug);
    }

    @Test
    void secondInterruptOfTheOwnerCancelsTheTasks() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread owner = Thread.ofPlatform().start(() -> {
            try {
                scope().run(List.of(new Task("stubborn", interrupted(interrupted, started))),
                        TaskScopeTest::waitForEver,
                        asked::countDown);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        started.await();
        owner.interrupt();
        asked.await();
        assertThat(interrupted).isFalse();
        owner.interrupt();
        owner.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(interrupted).isTrue();
    }

    @Test
    void threadFactoryThatGivesUpLeavesNoThread() {
        AtomicInteger made = new AtomicInteger();
        ThreadFactory three = task -> made.incrementAndGet() > 3 ? null : factory.newThread(task);
        List<Task> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(new Task("task-" + i, TaskScopeTest::waitForEver));
        }
        assertThatThrownBy(() -> new TaskScope("scope", three, Ticker.system()).run(ten, TaskScopeTest::waitForEver,
                TaskScopeTest::doNothing))
                .isInstanceOf(RuntimeException.class);
        assertThat(threads).hasSize(3);
    }

    @Test
    void threadsAreNamedAfterTheirScopeAndTask() throws InterruptedException {
        AtomicReference<String> name = new AtomicReference<>();
        scope().run(List.of(new Task("worker-1", () -> name.set(Thread.currentThread().getName()))),
                TaskScopeTest::waitForEver,
                TaskScopeTest::doNothing);
        assertThat(name).hasValue("scope/worker-1");
    }

    @Test
    void deadlineOfTheOwnerIsTheTasksToo() throws InterruptedException {
        AtomicReference<Deadline> seen = new AtomicReference<>();
        Deadline deadline = Deadline.after(Duration.ofSeconds(5), Ticker.system());
        deadline.within(() -> {
            scope().run(List.of(new Task("task", () -> seen.set(Deadline.current()))), TaskScopeTest::waitForEver,
                    TaskScopeTest::doNothing);
            return true;
        });
        assertThat(seen.get()).isSameAs(deadline);
    }

    private static Body interrupted(AtomicBoolean flag, CountDownLatch started) {
        return () -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                flag.set(true);
                throw e;
            }
        };
    }

    private static void awaitDeafly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                if (latch.await(20, TimeUnit.SECONDS)) {
                    break;
                }
                throw new AssertionError("never released");
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void throwUnchecked(RuntimeException e) {
        throw e;
    }
}
