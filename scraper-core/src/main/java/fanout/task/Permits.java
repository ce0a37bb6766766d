package fanout.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many do something at once that takes memory or a processor while it lasts. Not for waiting: whoever holds a
 * permit works.
 *
 * <p>Thread-safe. A counting semaphore of our own, because its timed wait must go through {@link Ticker}.
 */
public final class Permits {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();

    @GuardedBy("lock")
    private int free;

    public Permits(int permits, Ticker ticker) {
        this.free = permits;
        this.ticker = ticker;
    }

    /**
     * Waits for a permit; who gets true must {@link #release} it.
     *
     * @return false if the deadline passed first
     * @throws InterruptedException if the thread is interrupted; no permit is held then
     */
    public boolean acquire(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (free == 0) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                ticker.await(released, left);
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void release() {
        lock.lock();
        try {
            free++;
            released.signal();
        } finally {
            lock.unlock();
        }
    }
}
