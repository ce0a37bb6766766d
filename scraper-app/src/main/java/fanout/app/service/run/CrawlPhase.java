package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.store.CrawlState;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** How far a crawl is, and how it was asked to end: each step happens once. Thread-safe; the lock guards these two alone. */
final class CrawlPhase {

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private CrawlState state;
    @GuardedBy("lock")
    private Ending ending = Ending.NONE;

    /** @param first it waits for its turn, or is held */
    CrawlPhase(CrawlState first) {
        this.state = first;
    }

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

    /** Goes from one state to another; false if it is not in the former. */
    boolean leave(CrawlState from, CrawlState to) {
        lock.lock();
        try {
            if (state != from) {
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

    boolean isRunning() {
        lock.lock();
        try {
            return state == CrawlState.RUNNING || state == CrawlState.DRAINING;
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
