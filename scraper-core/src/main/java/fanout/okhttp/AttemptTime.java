package fanout.okhttp;

import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * The time that an attempt may take. Cancels its call when the deadline passes; stands still while the attempt waits for
 * memory. (OkHttp's own call timeout cannot be stopped and go on.)
 *
 * <p>Where an interrupt comes at the deadline, this is the second line only: a thousand calls that are ended twice at one
 * moment, by their own thread and by Okio's watchdog, wait for each other's locks for hundreds of milliseconds.
 *
 * <p>Confined to the fetching thread; the watchdog has a thread of its own.
 */
final class AttemptTime {

    private static final Duration SECOND_LINE = Duration.ofSeconds(1);

    private final AsyncTimeout watchdog = new AsyncTimeout() {
        @Override
        protected void timedOut() {
            isOver = true;
            Call late = call;
            if (late != null) {
                late.cancel();
            }
        }
    };
    private Deadline deadline;
    private volatile @Nullable Call call;
    private volatile boolean isOver;

    /** Time until a deadline. */
    AttemptTime(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    boolean hasPassed() {
        return isOver || deadline.hasPassed();
    }

    /** From now on the deadline cancels a call. */
    void begins(Call begun) {
        call = begun;
        goOn();
    }

    private void goOn() {
        long left = Math.max(1, deadline.remainingNanos()); // zero would mean forever
        watchdog.timeout(deadline.interrupts() ? left + SECOND_LINE.toNanos() : left, TimeUnit.NANOSECONDS);
        watchdog.enter();
    }

    /** The call is not cancelled any more. */
    void ends() {
        watchdog.exit();
    }

    /** A wait that does not count. */
    @FunctionalInterface
    interface UncountedWait {

        /** Whether it came to its end before the deadline passed. */
        boolean await(Deadline deadline) throws InterruptedException;
    }

    /**
     * Stops the time for a wait, which the enclosing deadline bounds.
     *
     * @throws InterruptedIOException if that deadline passed first, or the thread was interrupted: the flag stays set
     */
    void standsStill(UncountedWait wait) throws InterruptedIOException {
        if (watchdog.exit()) {
            throw new InterruptedIOException("past the deadline");
        }
        Ticker ticker = deadline.ticker();
        long began = ticker.nanos();
        try {
            boolean inTime = wait.await(deadline.ofUncountedWaits());
            deadline = deadline.extendedBy(ticker.nanos() - began);
            if (!inTime) {
                throw new InterruptedIOException("past the deadline");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
        goOn();
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }
}
