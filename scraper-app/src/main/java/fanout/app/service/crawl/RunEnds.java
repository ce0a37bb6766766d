package fanout.app.service.crawl;

import fanout.app.store.CrawlEnd;
import fanout.app.store.History;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes into the history that runs were asked to end, and that they have ended: the former comes before the latter, or not at
 * all. A crawl goes on after its end only, so no later run of it is taken for the one that was asked.
 *
 * <p>Thread-safe; the lock is held for two statements of the history.
 */
final class RunEnds {

    private final History history;
    private final ReentrantLock lock = new ReentrantLock();

    RunEnds(History history) {
        this.history = history;
    }

    /** A person asks a run to end; false if it does not run. */
    boolean cancel(CrawlTask task, Ending ending) throws IOException {
        lock.lock();
        try {
            boolean runs = task.cancel(ending);
            if (runs) {
                history.endWanted(task.id());
            }
            return runs;
        } finally {
            lock.unlock();
        }
    }

    /** A run has ended. */
    void ended(CrawlTask task, CrawlEnd end) throws IOException {
        lock.lock();
        try {
            history.ended(task.id(), end);
            task.end(end.state());
        } finally {
            lock.unlock();
        }
    }
}
