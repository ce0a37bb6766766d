package fanout.app.service.crawl;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.service.run.CrawlTask;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Crawls that wait for their turn, first come, first served. Room is reserved before a crawl exists: a crawl for which
 * it is full leaves no trace. A runner that has nothing to do is room, too. Thread-safe.
 */
final class CrawlQueue {

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<CrawlTask> waiting = new ArrayDeque<>();
    @GuardedBy("lock")
    private int reserved;
    @GuardedBy("lock")
    private int idleRunners;
    @GuardedBy("lock")
    private boolean closed;

    CrawlQueue(int capacity) {
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    /** Reserves room for one crawl; false if the queue is full. Followed by {@link #add} or {@link #giveBack}. */
    boolean reserve() {
        lock.lock();
        try {
            if (closed || waiting.size() + reserved >= capacity + idleRunners) {
                return false;
            }
            reserved++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives reserved room back. */
    void giveBack() {
        lock.lock();
        try {
            reserved--;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a crawl for which room was reserved. */
    void add(CrawlTask task) {
        lock.lock();
        try {
            reserved--;
            waiting.addLast(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a crawl that waited before, room or not: after a start of the service, or a cancellation that could not be
     * kept.
     */
    void addAgain(CrawlTask task) {
        lock.lock();
        try {
            waiting.addLast(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a crawl out that shall not run. */
    void remove(CrawlTask task) {
        lock.lock();
        try {
            waiting.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** The next crawl, once there is one; empty when the queue is closed. */
    Optional<CrawlTask> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            idleRunners++;
            try {
                while (waiting.isEmpty() && !closed) {
                    changed.await();
                }
            } finally {
                idleRunners--;
            }
            return closed ? Optional.empty() : Optional.of(waiting.removeFirst());
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Gives no crawl away any more; those that wait stay in the history as queued. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
