package fanout.app.service.run;

import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlState;
import fanout.app.store.History;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the history that runs were asked to end, and that they have ended: the former comes before the latter, or not at
 * all. A crawl goes on after its end only, so no later run of it is taken for the one that was asked.
 *
 * <p>Thread-safe. The lock is held for one statement of the history: the task and the history must change together. The history
 * has a lock of its own, which is held for as long.
 */
public final class RunEnds {

    private static final Logger LOG = LoggerFactory.getLogger(RunEnds.class);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

    private final History history;
    private final LiveCrawls live;
    private final ReentrantLock lock = new ReentrantLock();

    public RunEnds(History history, LiveCrawls live) {
        this.history = history;
        this.live = live;
    }

    /** A person asks a run to end; false if it does not run. */
    public boolean cancel(CrawlTask task, Ending ending) throws IOException {
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

    /** A person asks a crawl to end that waits or is held; false if it does not. If the history cannot take it, it does so again. */
    public boolean cancelQueued(CrawlTask task) throws IOException {
        Optional<CrawlState> waited = task.leaveQueue();
        if (waited.isEmpty()) {
            return false;
        }
        try {
            write(task, new CrawlEnd(CrawlState.CANCELLED, Instant.now(), Optional.empty(), Optional.empty(),
                    Optional.empty(), task.folder().bytes()));
        } catch (IOException e) {
            task.waitAgain(waited.get());
            throw e;
        }
        live.remove(task);
        return true;
    }

    /**
     * A person continues a crawl that is held: it waits for its turn from now on. If the history cannot take it, it stays held.
     *
     * @return false if it is not held
     */
    public boolean continueHeld(CrawlTask task) throws IOException {
        if (!task.leaveHold()) {
            return false;
        }
        try {
            return history.continued(task.id()); // or it was cancelled meanwhile
        } catch (IOException e) {
            task.holdAgain();
            throw e;
        }
    }

    /**
     * A run has ended. Until the history has it the crawl has not, so it is written again and again: a disk that is full may have room
     * later. Given up when the service stops, or the thread is interrupted.
     *
     * @param once whether it is tried once only
     */
    void ended(CrawlTask task, CrawlEnd end, boolean once) {
        boolean last = once;
        for (boolean first = true;; first = false) {
            try {
                write(task, end);
                return;
            } catch (IOException e) {
                if (first) {
                    LOG.error("the end of crawl {} cannot be written", task.id(), e);
                }
            }
            if (last) {
                LOG.error("the end of crawl {} is not written; the next start of the service sees to it", task.id());
                return;
            }
            last = serviceStops();
        }
    }

    private void write(CrawlTask task, CrawlEnd end) throws IOException {
        lock.lock();
        try {
            history.ended(task.id(), end);
            task.end(end.state());
        } finally {
            lock.unlock();
        }
    }

    /** Whether it does before the next try. */
    private boolean serviceStops() {
        try {
            return live.awaitStop(BEFORE_NEXT_TRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // for who runs the crawl
            return true;
        }
    }
}
