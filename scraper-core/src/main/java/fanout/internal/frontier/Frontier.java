package fanout.internal.frontier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.host.HostSnapshot;
import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.SharedLimits;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.journal.Recording;
import fanout.journal.Replay;
import fanout.journal.Space;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.leak.Origin;
import fanout.outcome.CancelReason;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.url.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Knows every URL of a crawl and hands each out when its host is ready. A worker {@linkplain #take takes} a lease, does
 * the work and {@linkplain Lease#finish finishes} the lease with its result and links. This file holds all about the
 * frontier that concerns more than one thread; what it calls is plain code that decides and never waits. Thread-safe.
 *
 * <p><b>The lock.</b> All frontiers of a {@link Group} share one lock. It guards the {@link Ledger} and all that the
 * ledger refers to, the {@link Completion}, the {@link Waiters}, and the group's hosts and limits. A decision about a
 * host concerns every crawl that visits the host, so a lock for each crawl would mean two to take, in some order. Only
 * this class takes the lock, in methods that decide one thing; a test holds that. Under it no other lock of ours is
 * taken, no file or connection is used, and no code of a caller runs.
 *
 * <p><b>Visibility.</b> What the lock guards is read and written under the lock only. Outside it are: final fields; the
 * {@link Screening}, which is immutable; a {@link Lease}, which is confined to its worker; and a volatile flag of
 * {@link Steps.Sending}, which the worker sets after it has sent a step, and which {@code take} reads under the lock.
 *
 * <p><b>One decision at a time.</b> Whether the crawl has ended depends on what waits, on what is leased and on the
 * open sources in the same moment; whether a page may be leased depends on the budget, the rate and the host. Each is
 * read and acted on within one hold of the lock. A result is settled, its links are admitted and its step is numbered
 * within one hold as well: steps are numbered in the order of the decisions that they record. The lease counts as held
 * until then, so the crawl does not end between a page and its links.
 *
 * <p><b>Short holds.</b> A hold takes about a microsecond, three times for each fetch. Patterns are matched before the
 * lock is taken, and robots.txt rules are asked by the worker that has the page. What may be long is cut in parts,
 * between which other crawls get the lock: links of a result (1,000 at a time; all but the last part while the lease is
 * held), URLs that the state of their host decides, leftovers, the replay of a journal, and the hosts that an observer
 * reads.
 *
 * <p><b>Waiting.</b> Only {@code take} waits, on the condition of its {@link Waiters}, which gives the lock back: at
 * most until the deadline, and interruptibly. Politeness, Retry-After, backoff and open circuits are ready times, so no
 * worker sleeps with a lease. Every change that may make a lease possible, or end the crawl, signals one worker, in the
 * hold that makes the change; a worker that leaves {@code take} signals the next one if there is more to take, and
 * looks for the end when it comes back. So no wake-up is lost, and none wakes all but the end. What a crawl changes at
 * a common host or limit reaches the other crawls in the same hold, by {@link HostTable.Workers#changed}. Nothing ever
 * waits to put something in: workers that take from here and also waited to add here would wait for each other. What
 * does not fit is counted as dropped.
 *
 * <p><b>The end</b> is decided in {@link Completion}, from one hold's view, and stays decided. {@link #leftovers} and
 * {@link #close} are for the time after the last worker has ended.
 */
public final class Frontier implements AutoCloseable {

    /** URLs that are admitted within one hold of the lock: a sitemap may list 50,000. */
    private static final int MOST_ADMITTED = 1_000;
    /** Hosts that an observer reads within one hold of the lock. */
    private static final int HOSTS_AT_A_TIME = 64;
    /** How long a leak check waits for the lock, which a bug may keep. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

    private final Group group;
    private final ReentrantLock lock;
    private final Ticker ticker;
    private final Deadline deadline;
    private final Screening screening;
    private final Workers workers = new Workers();
    /** Package-private for tests. */
    final Leases leases = new Leases();

    @GuardedBy("lock")
    private final Waiters waiters;
    @GuardedBy("lock")
    private final Ledger ledger;
    @GuardedBy("lock")
    private final Completion end;

    /**
     * A frontier that knows the job's sitemaps, and waits for its start URLs from a {@link Source}.
     *
     * @param group shared with the other crawls of the process
     * @param random the jitter of pauses between attempts
     * @param journal of a crawl that may be resumed; what earlier runs have left is in the frontier then
     * @throws UncheckedIOException if it cannot be read
     */
    public Frontier(CrawlJob job, Group group, Deadline deadline, Ticker ticker, RandomGenerator random,
            Optional<Recording> journal) {
        this.group = group;
        this.lock = group.lock;
        this.ticker = ticker;
        this.deadline = deadline;
        Optional<Recording> resumed = journal.filter(Recording::isResumed);
        Optional<Replay> restoration;
        lock.lock();
        try {
            this.waiters = new Waiters(lock, ticker);
            this.ledger = new Ledger(job, journal.map(Recording::seed).orElseGet(Fingerprint.Seed::random), ticker,
                    group.shared, random, journal.map(Recording::space).orElse(Space.UNLIMITED), workers);
            this.screening = ledger.screening();
            this.end = new Completion(ledger, deadline, waiters);
            group.join(workers);
            restoration = resumed.isPresent() ? Optional.of(ledger.restoration(ticker)) : Optional.empty();
        } finally {
            lock.unlock();
        }
        Lenders.opened(leases);
        restoration.ifPresent(guarded -> replay(resumed.orElseThrow(), new LockedReplay(group::locked, guarded)));
        lock.lock();
        try {
            ledger.begin(ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    private void replay(Recording journal, Replay into) {
        try {
            journal.replay(into);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a source; the crawl does not end before it is closed. */
    public Source openSource() {
        return locked((_, end) -> {
            end.sourceOpened();
            return new Feed();
        });
    }

    /**
     * Waits for work that is due. URLs whose host will not be asked are settled before anything is leased, a batch at a
     * time.
     *
     * @return a lease, or the step of such a batch, to be closed by the caller; empty once the crawl hands out nothing
     *     more
     */
    public Optional<Assignment> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (ledger.forgetSentSteps()) {
                waiters.changed();
            }
            return awaitAssignment();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Optional<Assignment> awaitAssignment() throws InterruptedException {
        try {
            for (long now = ticker.nanos(); !end.hasCome(now); now = ticker.nanos()) {
                Decided decided = ledger.decide(now);
                if (decided != null) {
                    return Optional.of(decided);
                }
                LeaseEntry entry = ledger.lease(now);
                if (entry != null) {
                    return Optional.of(new Lease(leases, entry, screening, ticker));
                }
                if (!end.hasCome(now)) { // it may have, since pages were set aside
                    waiters.await(ledger.nextAt(now), deadline.atNanos(), now);
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            waiters.passOnWakeUp(); // it may have been meant for another
            throw e;
        } finally {
            if (ledger.hasPromise()) {
                waiters.passOn();
            }
        }
    }

    /** Hands out nothing more from now on. Work that workers hold is finished. Idempotent. */
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
        return locked((_, end) -> end.isOutOfSpace());
    }

    /** Whether the crawl was asked to drain. */
    public boolean isDraining() {
        return locked((_, end) -> end.isDraining());
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
                lock.unlock(); // other crawls get it between two batches
            }
        }
    }

    /**
     * Leaves the other crawls of the process. What still waits here is forgotten, if the pool has not taken it.
     * Idempotent.
     */
    @Override
    public void close() {
        while (leftovers(CancelReason.ABORTED).isPresent()) {
            // Of a crawl that could not begin.
        }
        lock.lock();
        try {
            group.leave(workers);
        } finally {
            lock.unlock();
        }
        Lenders.ended(leases);
    }

    /** Returns the frontier at this moment. */
    public FrontierSnapshot snapshot() {
        return locked((ledger, end) -> ledger.snapshot(end.reason(), ticker.nanos()));
    }

    /**
     * Whether everything that could be leased waits for other crawls: no lease is held, and only the end of their
     * requests, or memory that they have, makes one possible.
     */
    public boolean isHeldByOthers() {
        return locked((ledger, _) -> ledger.isHeldByOthers());
    }

    /** Returns a few hosts at which due work waits for requests of other crawls. */
    public List<HostSnapshot> heldByOthers() {
        return locked((ledger, _) -> ledger.hosts().heldByOthers(ticker.nanos()));
    }

    /**
     * Returns so many of the crawl's hosts, the busiest first. The walk takes the lock for a few hosts at a time, so no
     * worker waits for it. Each host is right at its moment; hosts that come or go meanwhile may be missing, and one
     * that is forgotten and comes again may be there twice.
     */
    public List<HostSnapshot> hosts(int most) {
        HostSnapshot.Busiest busiest = new HostSnapshot.Busiest(most);
        Iterator<HostState> walk = locked((ledger, _) -> ledger.hosts().all());
        for (List<HostSnapshot> some = next(walk); !some.isEmpty(); some = next(walk)) {
            some.forEach(busiest::add);
        }
        return busiest.inOrder();
    }

    private List<HostSnapshot> next(Iterator<HostState> walk) {
        return locked((ledger, _) -> {
            List<HostSnapshot> some = new ArrayList<>(HOSTS_AT_A_TIME);
            long now = ticker.nanos();
            while (some.size() < HOSTS_AT_A_TIME && walk.hasNext()) {
                some.add(ledger.hosts().snapshot(walk.next(), now));
            }
            return some;
        });
    }

    /** Decides something, or answers an observer, within one hold of the lock. */
    private <T> T locked(BiFunction<Ledger, Completion, T> decision) {
        lock.lock();
        try {
            return decision.apply(ledger, end);
        } finally {
            lock.unlock();
        }
    }

    /** The crawl's workers, as its hosts see them; called with the lock held. */
    private final class Workers implements HostTable.Workers {

        @Override
        @GuardedBy("lock")
        public void changed() {
            waiters.changed();
        }

        @Override
        @GuardedBy("lock")
        public boolean isOneFree() {
            return waiters.isOneWaiting() && ledger.allowsLease(ticker.nanos());
        }
    }

    private final class Feed implements Source {

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
                return ledger.offer(request, ticker.nanos()) != Admission.Admitted.NO_ROOM;
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

    /**
     * Takes what workers report on their leases, and reports to a leak check which are not finished. The check does not
     * wait for a lock that a bug keeps: what it is told then names the thread that has it.
     */
    final class Leases implements Lease.Owner, Lender {

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
        public Optional<Step> finish(LeaseEntry entry, LeaseResult result, Screened screened) {
            Screened links = screened;
            while (links.candidates().size() > MOST_ADMITTED
                    && admit(entry, result, links.first(MOST_ADMITTED))) {
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

        private boolean admit(LeaseEntry entry, LeaseResult result, Screened some) {
            lock.lock();
            try {
                boolean admitted = ledger.admit(entry, result, some, ticker.nanos());
                waiters.changed();
                return admitted;
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

        @Override
        public List<Loan> loans() {
            if (!isLocked()) {
                return List.of(new Loan("lease", "of which nothing is known: " + lock, this, Origin.unknown()));
            }
            try {
                return ledger.heldLeases();
            } finally {
                lock.unlock();
            }
        }

        private boolean isLocked() {
            try {
                return lock.tryLock(LONGEST_LOOK.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /**
     * The frontiers of one process: their lock, the hosts that they visit together, and the limits that they keep
     * together. Thread-safe.
     */
    public static final class Group {

        /** Package-private for tests. */
        final ReentrantLock lock = new ReentrantLock();

        private final Set<HostTable.Workers> members = new LinkedHashSet<>(); // guarded by lock
        /** Guarded by the lock; package-private for tests. */
        final SharedLimits shared;

        /** A group without crawls, of which each keeps the state of 10,000 hosts without work. */
        public Group(long ruleBytes, long urlBytes) {
            this(ruleBytes, urlBytes, SharedLimits.IDLE_HOSTS);
        }

        /** As {@link SharedLimits#of}. */
        public Group(long ruleBytes, long urlBytes, int idleHosts) {
            this.shared = SharedLimits.of(ruleBytes, urlBytes, idleHosts, this::wakeAll);
        }

        /** Runs a call within one hold of the lock. */
        void locked(Runnable call) {
            lock.lock();
            try {
                call.run();
            } finally {
                lock.unlock();
            }
        }

        /** Adds a crawl, which is woken when the group's limits have let go of something. */
        private void join(HostTable.Workers workers) {
            assert lock.isHeldByCurrentThread();
            members.add(workers);
        }

        private void leave(HostTable.Workers workers) {
            assert lock.isHeldByCurrentThread();
            members.remove(workers);
        }

        private void wakeAll() {
            assert lock.isHeldByCurrentThread();
            members.forEach(HostTable.Workers::changed);
        }

        /** Returns what the crawls at work keep at this moment. */
        public SharedLimits.Kept kept() {
            lock.lock();
            try {
                return shared.kept();
            } finally {
                lock.unlock();
            }
        }
    }
}
