package fanout.frontier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.admission.Admission.Admitted;
import fanout.admission.Admission.Screened;
import fanout.job.CrawlJob;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.page.Request;
import fanout.report.FinishReason;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch next. It knows every URL of a crawl and hands each out when its host is ready: dedupe, per-host queues, leases,
 * the exact page budget and the end of the crawl live here, under one lock.
 *
 * <p>A worker {@linkplain #take takes} a lease, does the work and finishes the lease with what it found; the links of a page
 * come in by the same call. Nobody ever waits to put something in: workers that took from here and also waited to add here
 * would wait for each other. What does not fit is counted as dropped.
 *
 * <p><b>Waiting.</b> Politeness, Retry-After, backoff and open circuits are ready-times, so no worker sleeps with a permit in
 * its hand; {@link Waiters} says who waits for them.
 *
 * <p><b>The end</b> is decided in one place, under the lock: nothing waits, nothing is leased and every {@link Source} is
 * closed; or the page budget is spent; or nothing can become ready before the deadline; or somebody asked to drain. Reading
 * "the queue is empty" and "nobody is busy" one after the other would end a crawl while a worker is about to add links.
 *
 * <p>Thread-safe. {@code take} is the only method that waits, at most until the deadline, and is interruptible.
 */
public final class Frontier {

    private final ReentrantLock lock = new ReentrantLock();
    private final Ticker ticker;
    private final Deadline deadline;
    private final Waiters turns;
    private final Ledger ledger; // guarded by lock, but for its admission's screening
    private final Lender lender = this::heldLeases;

    @GuardedBy("lock")
    private int openSources;

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private @Nullable FinishReason ended;

    /** A frontier that knows the job's sitemaps, and waits for its start URLs from a {@link Source}. */
    public Frontier(CrawlJob job, Deadline deadline, Ticker ticker) {
        this.ticker = ticker;
        this.deadline = deadline;
        this.turns = new Waiters(lock, ticker);
        this.ledger = new Ledger(job, ticker);
        Lenders.opened(lender);
    }

    /** Opens a source; the crawl does not end before it is closed. */
    public Source openSource() {
        lock.lock();
        try {
            openSources++;
            return new OpenSource();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for work that is due.
     *
     * @return a lease, to be closed by the caller; empty once the crawl hands out nothing more
     */
    public Optional<Lease> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return awaitLease();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Optional<Lease> awaitLease() throws InterruptedException {
        try {
            while (true) {
                long now = ticker.nanos();
                if (hasEnded(now)) {
                    return Optional.empty();
                }
                Lease lease = ledger.lease(this, now);
                if (lease != null) {
                    return Optional.of(lease);
                }
                if (!hasEnded(now)) { // the search may have shown that no host is ready after all
                    turns.await(ledger.nextAt(now), deadline.atNanos(), now);
                }
            }
        } catch (InterruptedException e) {
            turns.passOnWakeUp(); // it may have been meant for whoever waits
            throw e;
        } finally {
            if (ledger.hasPromise()) {
                turns.passOn();
            }
        }
    }

    @GuardedBy("lock")
    private boolean hasEnded(long now) {
        if (ended == null) {
            ended = reasonToEnd(now);
            if (ended != null) {
                turns.wakeAll();
            }
        }
        return ended != null;
    }

    @GuardedBy("lock")
    private @Nullable FinishReason reasonToEnd(long now) {
        if (openSources == 0 && ledger.isExhausted()) {
            return FinishReason.EXHAUSTED;
        }
        if (ledger.isBudgetSpent()) {
            return FinishReason.MAX_PAGES;
        }
        if (draining) {
            return FinishReason.INTERRUPTED;
        }
        boolean late = deadline.atNanos() - now <= 0;
        return late || (openSources == 0 && ledger.isIdleUntil(deadline.atNanos(), now))
                ? FinishReason.MAX_DURATION
                : null;
    }

    void written(Lease lease, long nanos) {
        lock.lock();
        try {
            ledger.written(lease, nanos, ticker.nanos());
            turns.changed();
        } finally {
            lock.unlock();
        }
    }

    List<Outcome> finish(Lease lease, LeaseResult finding) {
        Screened links = ledger.screen(lease, finding); // outside the lock: it is the costly part
        lock.lock();
        try {
            List<Outcome> outcomes = ledger.finish(lease, finding, links, ticker.nanos());
            turns.changed();
            return outcomes;
        } finally {
            lock.unlock();
        }
    }

    void abandon(Lease lease) {
        lock.lock();
        try {
            ledger.abandon(lease, ticker.nanos());
            turns.changed();
        } finally {
            lock.unlock();
        }
    }

    /** Hands out nothing more from now on. Work in the hands of workers goes on. Idempotent. */
    public void drain() {
        lock.lock();
        try {
            draining = true;
            turns.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody asked to drain. */
    public boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes everything that still waits, as final outcomes. For the pool, after its last worker has ended.
     *
     * @param why what to say of URLs that were never tried
     */
    public List<Outcome> leftovers(CancelReason why) {
        lock.lock();
        try {
            return ledger.leftovers(why);
        } finally {
            lock.unlock();
            Lenders.ended(lender);
        }
    }

    private List<Loan> heldLeases() {
        lock.lock();
        try {
            return ledger.heldLeases();
        } finally {
            lock.unlock();
        }
    }

    /** The frontier at this moment. */
    public FrontierSnapshot snapshot() {
        lock.lock();
        try {
            return ledger.snapshot(ended, ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    private final class OpenSource implements Source {

        @GuardedBy("lock")
        private boolean closed;

        @Override
        public boolean offer(Request request) {
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("offer to a closed source: " + request.url());
                }
                turns.changed();
                return ledger.offer(request, ticker.nanos()) != Admitted.NO_ROOM;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                openSources -= closed ? 0 : 1;
                closed = true;
                turns.changed();
            } finally {
                lock.unlock();
            }
        }
    }
}
