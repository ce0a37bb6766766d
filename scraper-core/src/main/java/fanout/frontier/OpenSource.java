package fanout.frontier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.admission.Admitted;
import fanout.page.Request;
import fanout.task.Ticker;
import java.util.concurrent.locks.ReentrantLock;

/** A source of a frontier. Thread-safe: takes the frontier's lock. */
final class OpenSource implements Source {

    private final ReentrantLock lock;
    private final Ledger ledger; // guarded by lock
    private final Waiters waiters;
    private final CrawlEnd end;
    private final Ticker ticker;

    @GuardedBy("lock")
    private boolean closed;

    OpenSource(ReentrantLock lock, Ledger ledger, Waiters waiters, CrawlEnd end, Ticker ticker) {
        this.lock = lock;
        this.ledger = ledger;
        this.waiters = waiters;
        this.end = end;
        this.ticker = ticker;
    }

    @Override
    public boolean offer(Request request) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("offer to a closed source: " + request.url());
            }
            waiters.changed();
            return ledger.offer(request, ticker.nanos()) != Admitted.NO_ROOM;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                end.sourceClosed();
                waiters.changed();
            }
        } finally {
            lock.unlock();
        }
    }
}
