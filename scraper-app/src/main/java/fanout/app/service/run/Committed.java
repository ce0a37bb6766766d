package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a file of lines may be read: up to the end of the last whole line that is there to stay. It never falls: of
 * several threads that advance it the one that knows the most counts. Readers wait for more. Thread-safe.
 */
public final class Committed {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private long position;
    @GuardedBy("lock")
    private boolean ended;

    Committed() {}

    /** A file that is complete. */
    public static Committed ended(long position) {
        Committed committed = new Committed();
        committed.set(position, true);
        return committed;
    }

    /**
     * How far the file may be read.
     *
     * @param ended whether that will not change
     */
    public record Position(long bytes, boolean ended) {}

    void advanceTo(long bytes) {
        set(bytes, false);
    }

    /** Nothing more will be written. */
    void end() {
        set(position().bytes(), true);
    }

    private void set(long bytes, boolean last) {
        lock.lock();
        try {
            position = Math.max(position, bytes);
            ended |= last;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Position position() {
        lock.lock();
        try {
            return new Position(position, ended);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is more than the reader has, or there will be no more, or for as long as that. */
    public Position awaitBeyond(long bytes, Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (position <= bytes && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return new Position(position, ended);
        } finally {
            lock.unlock();
        }
    }
}
