package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.store.CrawlState;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** How far a crawl is, and how it was asked to end: each step happens once. Thread-safe; the lock guards these two alone. */
final class CrawlPhase {

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private CrawlState state = CrawlState.QUEUED;
    @GuardedBy("lock")
    private Ending ending = Ending.NONE;

    /**
     * What was asked for until now.
     *
     * @param begins whether this was the first time
     */
    record Asked(Ending ending, boolean begins) {}

    CrawlState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    Ending ending() {
        lock.lock();
        try {
            return ending;
        } finally {
            lock.unlock();
        }
    }

    /** Goes from waiting to another state; false if it does not wait. */
    boolean leaveQueue(CrawlState to) {
        lock.lock();
        try {
            if (state != CrawlState.QUEUED) {
                return false;
            }
            state = to;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Asks a crawl that runs to end; what was asked for before is not taken back. Empty if it does not run. */
    Optional<Asked> ask(Ending wanted) {
        lock.lock();
        try {
            if (state != CrawlState.RUNNING && state != CrawlState.DRAINING) {
                return Optional.empty();
            }
            boolean begins = state == CrawlState.RUNNING;
            state = CrawlState.DRAINING;
            ending = ending.compareTo(wanted) >= 0 ? ending : wanted;
            return Optional.of(new Asked(ending, begins));
        } finally {
            lock.unlock();
        }
    }

    /** Goes to a state whatever the present one is. */
    void set(CrawlState to) {
        lock.lock();
        try {
            state = to;
        } finally {
            lock.unlock();
        }
    }
}
