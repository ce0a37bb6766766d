package fanout.internal.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's name lookup, under deadlines and interrupts.
 *
 * <p>{@link InetAddress#getAllByName} blocks in native code, cannot be interrupted, and holds a virtual thread's
 * carrier. So lookups run on daemon threads of this class, and the callers wait for them. A lookup that no caller waits
 * for any more ends when the operating system lets it: it is counted as abandoned until then, and the next caller with
 * the same name joins it.
 *
 * <p>Algorithm: a table of open lookups by name, under one lock, so that a name is looked up once for any number of
 * callers. A caller enters the table under the lock, and hands a new lookup to the threads after it. The thread that
 * ends a lookup takes it out of the table; the last caller to leave does, if no thread has begun it. So table and queue
 * hold at most one lookup for each waiting caller and each thread.
 *
 * <p>Thread-safe: the one lock is held for operations of the table, and threads are started after it. Closed by its
 * owner; names are unknown from then on.
 */
public final class SystemResolver implements Resolver {

    /** Lookups wait, they don't compute; more threads only make a queue in the system's own resolver. */
    private static final int MAX_THREADS = 32;

    private static final Duration KEEP_IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final NameService names;
    private final Ticker ticker;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();

    /** The open lookups. */
    @GuardedBy("lock")
    private final Map<String, Lookup> lookups = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    /** Where names are looked up. May block for as long as it likes; thread-safe. */
    @FunctionalInterface
    public interface NameService {

        /**
         * Returns the addresses of a host name, in order of preference; at least one.
         *
         * @throws UnknownHostException if there are none, or the service failed
         */
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    /** The machine's name service. */
    public SystemResolver(Ticker ticker) {
        this(InetAddress::getAllByName, MAX_THREADS, ticker);
    }

    /** A name service that at most so many threads ask at once. */
    public SystemResolver(NameService names, int maxThreads, Ticker ticker) {
        this(names, maxThreads, Thread.ofPlatform().daemon().name("fanout-dns-", 1).factory(), ticker);
    }

    SystemResolver(NameService names, int maxThreads, ThreadFactory factory, Ticker ticker) {
        this.names = names;
        this.ticker = ticker;
        this.threads = new ThreadPoolExecutor(maxThreads, maxThreads, KEEP_IDLE_THREAD.toSeconds(), TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> resolve(String host)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        Deadline deadline = Deadline.current();
        Lookup lookup = join(host);
        try {
            if (lookup.isStarted.compareAndSet(false, true)) {
                start(lookup);
            }
            return await(lookup, deadline);
        } finally {
            leave(lookup);
        }
    }

    /** Joins the open lookup of a name, or makes it. The caller must {@link #leave} it. */
    private Lookup join(String host) throws UnknownHostException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new UnknownHostException(host + " (the resolver is closed)");
            }
            Lookup lookup = lookups.computeIfAbsent(host, Lookup::new);
            lookup.waiting++;
            return lookup;
        } finally {
            lock.unlock();
        }
    }

    private void start(Lookup lookup) {
        try {
            threads.execute(lookup);
        } catch (RejectedExecutionException e) {
            end(lookup, null, e); // closed since the lookup was joined
        } catch (RuntimeException | Error e) {
            end(lookup, null, e); // no thread can be had, and other callers may have joined
            throw e;
        }
    }

    private List<InetAddress> await(Lookup lookup, Deadline deadline)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (lookup.isOpen()) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    throw new InterruptedIOException("no answer for " + lookup.host + " in time");
                }
                ticker.await(lookup.ended, left);
            }
            return lookup.result();
        } finally {
            lock.unlock();
        }
    }

    /** A caller does not wait for a lookup any more. One that no caller waits for and no thread has begun goes. */
    private void leave(Lookup lookup) {
        boolean isOfNoUse;
        lock.lock();
        try {
            lookup.waiting--;
            isOfNoUse = lookup.waiting == 0 && !lookup.begun && lookup.isOpen();
            if (isOfNoUse) {
                lookups.remove(lookup.host, lookup);
            }
        } finally {
            lock.unlock();
        }
        if (isOfNoUse) {
            threads.remove(lookup);
        }
    }

    /** A thread takes a lookup. Returns whether a caller still waits for it. */
    private boolean begin(Lookup lookup) {
        lock.lock();
        try {
            lookup.begun = lookup.isOpen() && lookup.waiting > 0;
            return lookup.begun;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a lookup with addresses or a failure; one that has ended stays as it is. */
    private void end(Lookup lookup, @Nullable List<InetAddress> found, @Nullable Throwable why) {
        lock.lock();
        try {
            lookups.remove(lookup.host, lookup);
            if (lookup.isOpen()) {
                lookup.addresses = found;
                lookup.failure = why;
                lookup.ended.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long abandonedLookups() {
        lock.lock();
        try {
            return lookups.values().stream().filter(lookup -> lookup.begun && lookup.waiting == 0).count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        for (Lookup open : openAtTheEnd()) {
            if (threads.remove(open)) {
                end(open, null, new UnknownHostException("the resolver was closed"));
            }
        }
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The lookups end on their own; their threads are daemons.
        }
    }

    /** No lookup is joined from now on. Returns those that are open. */
    private List<Lookup> openAtTheEnd() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(lookups.values());
        } finally {
            lock.unlock();
        }
    }

    /**
     * The lookup of one name for all callers that wait for it. It is open until it has addresses or a failure. Its
     * state is guarded by the resolver's lock; a thread of the resolver runs it.
     */
    private final class Lookup implements Runnable {

        private final String host;
        private final Condition ended = lock.newCondition();
        /** Whether a caller has taken it upon itself to hand the lookup to the threads. */
        private final AtomicBoolean isStarted = new AtomicBoolean();
        private int waiting;
        private boolean begun;
        private @Nullable List<InetAddress> addresses;
        private @Nullable Throwable failure;

        Lookup(String host) {
            this.host = host;
        }

        @Override
        public void run() {
            if (begin(this)) {
                try {
                    end(this, List.of(names.lookup(host)), null);
                } catch (UnknownHostException | RuntimeException e) {
                    end(this, null, e);
                } catch (Error e) {
                    end(this, null, e); // or its callers would wait until their deadlines
                    throw e;
                }
            }
        }

        boolean isOpen() {
            assert lock.isHeldByCurrentThread();
            return addresses == null && failure == null;
        }

        List<InetAddress> result() throws UnknownHostException {
            if (addresses == null) {
                UnknownHostException unknown = new UnknownHostException("no address found for " + reason());
                unknown.initCause(failure);
                throw unknown;
            }
            return addresses;
        }

        /** The name and why; what the system says begins with the name already. */
        private String reason() {
            String said = failure == null ? null : failure.getMessage();
            if (said == null) {
                return host;
            }
            return said.startsWith(host) ? said : host + ": " + said;
        }
    }
}
