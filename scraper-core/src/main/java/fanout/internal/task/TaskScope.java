package fanout.internal.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, each in a thread of its own, and returns when all of them have ended: the one class that touches
 * {@link StructuredTaskScope}, which is a preview API.
 *
 * <p>Two things are added to it. A <em>guard</em> is a task whose return cancels all the others: that is how a
 * deadline, a request to stop or a closed channel ends a scope, on our clock rather than the scope's own. And a task's
 * failure is kept even if the scope was cancelled before, where the platform would drop it.
 *
 * <p>Cancelling is interrupting. Whatever happens, no thread is left when a method of this class returns: tasks that
 * ignore interruption are waited for.
 */
public final class TaskScope {

    private final String name;
    private final ThreadFactory threads;
    private final Ticker ticker;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * A scope that is run once.
     *
     * @param name of the scope in thread dumps, and the prefix of its threads' names
     */
    public TaskScope(String name, ThreadFactory threads, Ticker ticker) {
        this.name = name;
        this.threads = threads;
        this.ticker = ticker;
    }

    /** Something to run. The name says its job, and becomes its thread's. */
    public record Task(String name, Body body) {}

    /** What a task does; an exception other than interruption ends the scope. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /**
     * Runs the tasks until all have ended, one has failed, or the guard has returned; in the last two cases those that
     * still run are interrupted and waited for.
     *
     * @param guard interrupted when the last task has ended
     * @param onInterrupt called if the calling thread is interrupted: it asks the tasks to end, as the guard would.
     *     They are waited for; a second interrupt cancels them.
     * @throws InterruptedException if the calling thread was interrupted, after all tasks have ended; a task's failure
     *     is suppressed by it
     * @throws TaskFailedException if a task failed: a bug, since expected failures are values
     */
    public void run(List<Task> tasks, Body guard, Runnable onInterrupt) throws InterruptedException {
        InterruptedException interrupt = null;
        AllOrGuard joiner = new AllOrGuard(tasks.size(), new Signal<>(ticker));
        try (var scope = StructuredTaskScope.open(joiner, config -> config.withName(name).withThreadFactory(threads))) {
            List<Task> all = new ArrayList<>(tasks);
            all.add(new Task("guard", guard));
            for (Task task : all) {
                scope.fork(() -> named(task, joiner));
            }
            try {
                scope.join();
            } catch (InterruptedException e) {
                interrupt = e;
                onInterrupt.run();
                joiner.awaitEnd();
            }
        }
        Throwable thrown = failure.get();
        if (interrupt != null) {
            if (thrown != null) {
                interrupt.addSuppressed(thrown);
            }
            throw interrupt;
        }
        if (thrown != null) {
            throw new TaskFailedException(thrown);
        }
    }

    private @Nullable Void named(Task task, AllOrGuard joiner) throws Exception {
        Thread.currentThread().setName(name + "/" + task.name());
        try {
            task.body().run();
            return null;
        } catch (InterruptedException e) {
            if (!joiner.isOver()) {
                failure.compareAndSet(null, e); // not by this scope: a task that interrupts itself, or another's thread
            }
            throw e;
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
            throw t;
        }
    }

    /**
     * Cancels the scope when the guard has returned, a task has failed, or the last task has ended. The guard is the
     * task forked last. Called concurrently; must not throw.
     */
    private static final class AllOrGuard implements Joiner<@Nullable Void, @Nullable Void> {

        private final AtomicInteger running;
        private final AtomicInteger forked = new AtomicInteger();
        private final int guardIndex;
        private final Signal<Boolean> ended;
        private volatile @Nullable Subtask<?> guard;

        AllOrGuard(int tasks, Signal<Boolean> ended) {
            this.running = new AtomicInteger(tasks);
            this.guardIndex = tasks;
            this.ended = ended;
        }

        @Override
        public boolean onFork(Subtask<? extends @Nullable Void> subtask) {
            if (forked.getAndIncrement() == guardIndex) {
                guard = subtask;
            }
            return running.get() == 0;
        }

        @Override
        public boolean onComplete(Subtask<? extends @Nullable Void> subtask) {
            boolean over = subtask == guard
                    || subtask.state() == Subtask.State.FAILED
                    || running.decrementAndGet() == 0;
            if (over) {
                ended.set(true);
            }
            return over;
        }

        /** Whether the tasks that still run are, or are about to be, interrupted by this scope. */
        boolean isOver() {
            return ended.reason().isPresent();
        }

        /** Waits until the scope is over; what does not end then is waited for by the scope's close. */
        void awaitEnd() throws InterruptedException {
            try {
                while (!isOver()) {
                    ended.await(Long.MAX_VALUE);
                }
            } finally {
                ended.set(true); // interrupted once more: closing the scope cancels it
            }
        }

        @Override
        public @Nullable Void result() {
            return null;
        }
    }
}
