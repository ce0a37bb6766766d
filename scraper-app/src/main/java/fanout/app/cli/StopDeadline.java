package fanout.app.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.run.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process if a service that was asked to stop does not end in time: within its grace and {@value #SECONDS}
 * seconds. A thread that ignores its interruption, a disk that does not answer, or a computation that has every
 * processor keep no process alive. What remains is logged with its stacks, and the exit code is
 * {@link ExitCode#LEAKED}; crawls that did not end in order resume at the next start, which counts this as an unclean
 * end.
 *
 * <p>Thread-safe. The thread that waits is a platform thread, because those that have to be ended may have all carriers
 * of virtual ones. {@link #close} ends and joins it.
 */
final class StopDeadline implements AutoCloseable {

    /** After the grace. */
    static final int SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(StopDeadline.class);

    private final Times times;
    private final Consumer<ExitCode> halt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Of {@link System#nanoTime}. */
    @GuardedBy("lock")
    private long deadline;
    @GuardedBy("lock")
    private boolean ended;
    @GuardedBy("lock")
    private @Nullable Thread thread;

    /**
     * How long a service may take to stop.
     *
     * @param grace for fetches in flight
     * @param flush for writing, after a second signal: as long as a job's flushTimeout is by default
     * @param rest for everything else, after either
     * @param lastWords for the log, whose reader may be what does not answer
     */
    record Times(Duration grace, Duration flush, Duration rest, Duration lastWords) {

        static Times of(Duration grace) {
            return new Times(grace, Duration.ofSeconds(30), Duration.ofSeconds(SECONDS - 1), Duration.ofSeconds(1));
        }
    }

    /**
     * One that waits for nothing yet.
     *
     * @param halt ends the process at once
     */
    StopDeadline(Times times, Consumer<ExitCode> halt) {
        this.times = times;
        this.halt = halt;
    }

    /**
     * From now on the service has to end in time. Calls after the first change nothing.
     *
     * @param remaining the lines that say what has not ended
     */
    void begin(Supplier<List<String>> remaining) {
        lock.lock();
        try {
            if (thread == null && !ended) {
                deadline = after(times.grace);
                thread = Thread.ofPlatform().daemon().name("stop-deadline").start(() -> run(remaining));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fetches are given up, and the service has to end in the time that writing may take; sooner if its grace ends
     * before.
     */
    void hasten() {
        lock.lock();
        try {
            long sooner = after(times.flush);
            if (thread != null && sooner - deadline < 0) {
                deadline = sooner;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private long after(Duration first) {
        return System.nanoTime() + first.plus(times.rest).toNanos();
    }

    private void run(Supplier<List<String>> remaining) {
        try {
            if (hasEnded()) {
                return;
            }
            Thread words = Thread.ofPlatform().daemon().name("last-words").start(() -> say(remaining));
            words.join(times.lastWords);
            if (!hasEnded()) { // at last
                halt.accept(ExitCode.LEAKED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // no code interrupts it; the thread ends with it
        }
    }

    private boolean hasEnded() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ended) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void say(Supplier<List<String>> remaining) {
        LOG.error(
                "the service has not stopped within its shutdownGrace and {} s; the process ends now, and what has "
                        + "not ended in order "
                        + "resumes at the next start",
                SECONDS);
        remaining.get().forEach(line -> LOG.error("{}", line));
    }

    /** The service has ended, or never started. */
    @Override
    public void close() {
        @Nullable
        Thread waiting;
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
            waiting = thread;
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (waiting != null && waiting.isAlive()) {
            try {
                waiting.join(TimeUnit.SECONDS.toMillis(SECONDS));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
