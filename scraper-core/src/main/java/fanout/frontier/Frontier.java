package fanout.frontier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.admission.Admitted;
import fanout.admission.Screened;
import fanout.job.CrawlJob;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.outcome.CancelReason;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.queue.HostSnapshot;
import fanout.report.FinishReason;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch next. It knows every URL of a crawl and hands each out when its host is ready: dedupe, per-host queues, leases,
 * the exact page budget and the end of the crawl live here, under the one lock of its {@link FrontierGroup}.
 *
 * <p>A worker {@linkplain #take takes} a lease, does the work and finishes the lease with its result; the links of a page
 * come in by the same call. Nothing ever waits to put something in: workers that took from here and also waited to add here
 * would wait for each other. What does not fit is counted as dropped.
 *
 * <p><b>Waiting.</b> Politeness, Retry-After, backoff and open circuits are ready-times, so no worker sleeps with a lease in
 * its hand; {@link Waiters} says who waits for them.
 *
 * <p><b>The end</b> is decided in one place, under the lock: nothing waits, nothing is leased and every {@link Source} is
 * closed; or the page budget is spent; or nothing can become ready before the deadline; or the crawl drains. Reading
 * "the queue is empty" and "no worker is busy" one after the other would end a crawl while a worker is about to add links.
 *
 * <p>Thread-safe. {@code take} is the only method that waits, at most until the deadline, and is interruptible.
 */
public final class Frontier implements AutoCloseable {

    /** URLs that are admitted at a time: a sitemap may list 50,000, and the other crawls wait for the lock meanwhile. */
    private static final int MOST_ADMITTED = 1_000;

    private final FrontierGroup group;
    private final ReentrantLock lock;
    private final Ticker ticker;
    private final Deadline deadline;
    private final Waiters waiters;
    private final Ledger ledger; // guarded by lock, but for its screening
    private final HostWalk hosts;
    private final Lease.Desk desk = new LeaseDesk();
    private final Runnable lookAgain;
    private final Lender lender = this::heldLeases;

    @GuardedBy("lock")
    private int openSources;

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private @Nullable FinishReason ended;

    /**
     * A frontier that knows the job's sitemaps, and waits for its start URLs from a {@link Source}.
     *
     * @param group shared with the other crawls of the process
     * @param random the jitter of pauses between attempts
     */
    public Frontier(CrawlJob job, FrontierGroup group, Deadline deadline, Ticker ticker, RandomGenerator random) {
        this.group = group;
        this.lock = group.lock();
        this.ticker = ticker;
        this.deadline = deadline;
        this.waiters = new Waiters(lock, ticker);
        this.lookAgain = waiters::changed;
        lock.lock();
        try {
            this.ledger = new Ledger(job, ticker, group, random, lookAgain);
            group.join(lookAgain);
        } finally {
            lock.unlock();
        }
        this.hosts = new HostWalk(ledger.queues(), lock, ticker);
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
            if (ledger.forgetSentSteps()) {
                waiters.changed();
            }
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
                LeaseEntry entry = ledger.lease(now);
                if (entry != null) {
                    return Optional.of(new Lease(desk, entry));
                }
                waiters.await(ledger.nextAt(now), deadline.atNanos(), now);
            }
        } catch (InterruptedException e) {
            waiters.passOnWakeUp(); // it may have been meant for another
            throw e;
        } finally {
            if (ledger.hasPromise()) {
                waiters.passOn();
            }
        }
    }

    @GuardedBy("lock")
    private boolean hasEnded(long now) {
        if (ended == null) {
            ended = reasonToEnd(now);
            if (ended != null) {
                waiters.wakeAll();
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

    /** Hands out nothing more from now on. Work in the hands of workers goes on. Idempotent. */
    public void drain() {
        lock.lock();
        try {
            draining = true;
            waiters.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the crawl was asked to drain. */
    public boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next batch of what still waits, as final outcomes; empty when nothing does. For the pool, after its
     * last worker has ended, until it is empty: from then on the crawl visits no host.
     *
     * @param why what to say of URLs that were never tried
     */
    public Optional<Step> leftovers(CancelReason why) {
        while (true) {
            lock.lock();
            try {
                boolean done = ledger.leftovers().isDone();
                Optional<Step> step =
                        ledger.steps().of(done ? List.of() : ledger.leftovers().next(why, ticker.nanos()));
                if (done || step.isPresent()) {
                    return step;
                }
            } finally {
                lock.unlock(); // other crawls may go on between two batches
            }
        }
    }

    /** Leaves the other crawls of the process. What still waits here is forgotten, if the pool has not taken it. Idempotent. */
    @Override
    public void close() {
        while (leftovers(CancelReason.ABORTED).isPresent()) {
            // Of a crawl that could not begin.
        }
        lock.lock();
        try {
            group.leave(lookAgain);
        } finally {
            lock.unlock();
        }
        Lenders.ended(lender);
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

    /** So many of the crawl's hosts, the busiest first. Hosts are read one after the other, a few in a moment. */
    public List<HostSnapshot> hosts(int most) {
        return hosts.busiest(most);
    }

    private final class LeaseDesk implements Lease.Desk {

        @Override
        public void written(LeaseEntry entry, long nanos) {
            lock.lock();
            try {
                ledger.written(entry, nanos, ticker.nanos());
                waiters.changed();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Optional<Step> finish(LeaseEntry entry, LeaseResult result) {
            Screened links = ledger.screen(entry, result); // outside the lock: it is the costly part
            while (links.candidates().size() > MOST_ADMITTED) {
                admit(links.first(MOST_ADMITTED));
                links = links.without(MOST_ADMITTED);
            }
            lock.lock();
            try {
                Optional<Step> step = ledger.finish(entry, result, links, ticker.nanos());
                waiters.changed();
                return step;
            } finally {
                lock.unlock();
            }
        }

        /** A part of what a lease brings: while it is held, the crawl does not end. */
        private void admit(Screened some) {
            lock.lock();
            try {
                ledger.admit(some, ticker.nanos());
                waiters.changed();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void abandon(LeaseEntry entry) {
            lock.lock();
            try {
                ledger.abandon(entry, ticker.nanos());
                waiters.changed();
            } finally {
                lock.unlock();
            }
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
                openSources -= closed ? 0 : 1;
                closed = true;
                waiters.changed();
            } finally {
                lock.unlock();
            }
        }
    }
}
