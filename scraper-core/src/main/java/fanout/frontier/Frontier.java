package fanout.frontier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.job.CrawlJob;
import fanout.journal.Recording;
import fanout.journal.Space;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.outcome.CancelReason;
import fanout.outcome.Step;
import fanout.queue.HostQueues;
import fanout.queue.HostSnapshot;
import fanout.task.Deadline;
import fanout.task.Ticker;
import fanout.url.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * What to fetch next. It knows every URL of a crawl and hands each out when its host is ready. Leases and the end of the
 * crawl are decided here, and here is the lock, one for its {@link FrontierGroup}; under it {@code fanout.admission} knows the URLs and the exact
 * page budget, and {@code fanout.queue} what waits at which host.
 *
 * <p>A worker {@linkplain #take takes} a lease, does the work and finishes the lease with its result; the links of a page
 * come in by the same call. Nothing ever waits to put something in: workers that took from here and also waited to add here
 * would wait for each other. What does not fit is counted as dropped.
 *
 * <p><b>Waiting.</b> Politeness, Retry-After, backoff and open circuits are ready-times, so no worker sleeps with a lease in
 * its hand; {@link Waiters} says who waits for them.
 *
 * <p><b>The end</b> is decided in one place, {@link CrawlEnd}.
 *
 * <p>Thread-safe. {@code take} is the only method that waits, at most until the deadline, and is interruptible.
 */
public final class Frontier implements AutoCloseable {

    /** Common hosts that are looked at for an observer, with the lock held. */
    private static final int MOST_MET = 256;
    private static final int MOST_HELD = 10;

    private final FrontierGroup group;
    private final ReentrantLock lock;
    private final Ticker ticker;
    private final Deadline deadline;
    private final Waiters waiters;
    private final Ledger ledger; // guarded by lock
    private final HostWalk hosts;
    private final LeaseDesk desk;
    private final CrawlEnd end;
    private final Runnable lookAgain;
    private final Lender lender;

    /**
     * A frontier that knows the job's sitemaps, and waits for its start URLs from a {@link Source}.
     *
     * @param group shared with the other crawls of the process
     * @param random the jitter of pauses between attempts
     */
    public Frontier(CrawlJob job, FrontierGroup group, Deadline deadline, Ticker ticker, RandomGenerator random) {
        this(job, group, deadline, ticker, random, Optional.empty());
    }

    /**
     * As {@link #Frontier(CrawlJob, FrontierGroup, Deadline, Ticker, RandomGenerator)}.
     *
     * @param journal of a crawl that may be resumed; what earlier runs have left is in the frontier then
     * @throws UncheckedIOException if it cannot be read
     */
    public Frontier(CrawlJob job, FrontierGroup group, Deadline deadline, Ticker ticker, RandomGenerator random,
            Optional<Recording> journal) {
        this.group = group;
        this.lock = group.lock();
        this.ticker = ticker;
        this.deadline = deadline;
        this.waiters = new Waiters(lock, ticker);
        this.lookAgain = waiters::changed;
        lock.lock();
        try {
            this.ledger = new Ledger(job, journal.map(Recording::seed).orElseGet(Fingerprint.Seed::random), ticker,
                    group, random, journal.map(Recording::space).orElse(Space.UNLIMITED), new Workers());
            group.join(lookAgain);
        } finally {
            lock.unlock();
        }
        this.desk = new LeaseDesk(lock, ledger, waiters, ticker);
        this.end = new CrawlEnd(ledger.outlook(), deadline, waiters);
        this.hosts = new HostWalk(ledger.queues(), lock, ticker);
        this.lender = new LeaseLender(lock, ledger);
        Lenders.opened(lender);
        journal.filter(Recording::isResumed).ifPresent(this::restore);
        lock.lock();
        try {
            ledger.begin(ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** The crawl's workers, as its hosts see them; with the lock held. */
    private final class Workers implements HostQueues.Workers {

        @Override
        public void changed() {
            waiters.changed();
        }

        @Override
        public boolean isOneFree() {
            return waiters.isOneWaiting() && ledger.outlook().allowsLease(ticker.nanos());
        }
    }

    /** The lock is given back after some hundred URLs: other crawls want it, and there may be a million. */
    private void restore(Recording journal) {
        try {
            journal.replay(new LockedReplay(lock, ledger.restoration(ticker)));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a source; the crawl does not end before it is closed. */
    public Source openSource() {
        lock.lock();
        try {
            end.sourceOpened();
            return new OpenSource(lock, ledger, waiters, end, ticker);
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
                if (end.hasCome(now)) {
                    return Optional.empty();
                }
                LeaseEntry entry = ledger.lease(now);
                if (entry != null) {
                    return Optional.of(new Lease(desk, entry));
                }
                waiters.await(ledger.outlook().nextAt(now), deadline.atNanos(), now);
            }
        } catch (InterruptedException e) {
            waiters.passOnWakeUp(); // it may have been meant for another
            throw e;
        } finally {
            if (ledger.outlook().hasPromise()) {
                waiters.passOn();
            }
        }
    }

    /** Hands out nothing more from now on. Work in the hands of workers goes on. Idempotent. */
    public void drain() {
        lock.lock();
        try {
            end.drain();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the crawl has ended because its files take all that they may, or could not take what it found. */
    public boolean isOutOfSpace() {
        lock.lock();
        try {
            return end.isOutOfSpace();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the crawl was asked to drain. */
    public boolean isDraining() {
        lock.lock();
        try {
            return end.isDraining();
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
                Optional<Step> step = ledger.isSettled() ? Optional.empty() : ledger.leftovers(why, ticker.nanos());
                if (step.isPresent() || ledger.isSettled()) {
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

    /** The frontier at this moment. */
    public FrontierSnapshot snapshot() {
        lock.lock();
        try {
            return ledger.snapshot(end.reason(), ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether everything that could be leased waits for other crawls: no lease is held, and only the end of their requests, or memory
     * that they have, makes one possible.
     */
    public boolean isHeldByOthers() {
        lock.lock();
        try {
            return ledger.outlook().isHeldByOthers();
        } finally {
            lock.unlock();
        }
    }

    /** Hosts, a few, at which due work waits for requests of other crawls. */
    public List<HostSnapshot> heldByOthers() {
        lock.lock();
        try {
            return ledger.queues().heldByOthers(group.hosts().met(MOST_MET), MOST_HELD, ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** So many of the crawl's hosts, the busiest first. Hosts are read one after the other, a few in a moment. */
    public List<HostSnapshot> hosts(int most) {
        return hosts.busiest(most);
    }
}
