package fanout.simulation;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What ends a wait for the clock before its time. Rings once, and for ever. */
final class Alarm {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private boolean rings;

    void ring() {
        lock.lock();
        try {
            rings = true;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so long on this clock, or until it rings. */
    void await(long nanos, SimulatedClock clock) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && !rings) {
                left = clock.await(rung, left);
            }
        } finally {
            lock.unlock();
        }
    }
}
