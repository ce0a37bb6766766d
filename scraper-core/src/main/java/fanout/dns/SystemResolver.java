package fanout.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.task.Deadline;
import fanout.task.Ticker;
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
import java.util.concurrent.locks.ReentrantLock;

/**
 * The operating system's name lookup, under deadlines and interrupts.
 *
 * <p>{@link InetAddress#getAllByName} blocks in native code, cannot be interrupted, and holds a virtual thread's carrier. So
 * lookups run on daemon threads of this class, and the callers wait for them. A lookup that no caller waits for any more
 * ends when the operating system lets it: it is counted as abandoned until then, and the next caller with the same name joins
 * it.
 *
 * <p>Algorithm: a table of open lookups by name, under one lock, so that a name is looked up once for any number of callers. A
 * caller enters the table under the lock, and hands a new lookup to the threads after it. The thread that ends a lookup takes
 * it out of the table; the last caller to leave does, if no thread has begun it. So table and queue hold at most one lookup
 * for each waiting caller and each thread. The lock is held for table operations only.
 *
 * <p>Thread-safe. Closed by its owner; names are unknown from then on.
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

    @GuardedBy("lock")
    private final Map<String, PendingLookup> lookups = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

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
        PendingLookup lookup = join(host);
        try {
            startOnce(lookup);
            return await(lookup, deadline);
        } finally {
            leave(lookup);
        }
    }

    private PendingLookup join(String host) throws UnknownHostException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new UnknownHostException(host + " (the resolver is closed)");
            }
            PendingLookup lookup =
                    lookups.computeIfAbsent(host, name -> new PendingLookup(name, lock, this::lookUp));
            lookup.join();
            return lookup;
        } finally {
            lock.unlock();
        }
    }

    /** Outside of the lock: a thread may have to be started. */
    private void startOnce(PendingLookup lookup) {
        if (lookup.claimStart()) {
            try {
                threads.execute(lookup);
            } catch (RejectedExecutionException e) {
                fail(lookup, e); // closed since the lookup was joined
            } catch (RuntimeException | Error e) {
                fail(lookup, e); // no thread can be had: others may have joined it
                throw e;
            }
        }
    }

    private List<InetAddress> await(PendingLookup lookup, Deadline deadline)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            return lookup.await(deadline, ticker);
        } finally {
            lock.unlock();
        }
    }

    private void leave(PendingLookup lookup) {
        boolean isOfNoUse;
        lock.lock();
        try {
            isOfNoUse = lookup.leave();
            if (isOfNoUse) {
                lookups.remove(lookup.host(), lookup);
            }
        } finally {
            lock.unlock();
        }
        if (isOfNoUse) {
            threads.remove(lookup);
        }
    }

    /** What a thread does for a lookup. */
    private void lookUp(PendingLookup lookup) {
        if (begin(lookup)) {
            try {
                end(lookup, List.of(names.lookup(lookup.host())));
            } catch (UnknownHostException | RuntimeException e) {
                fail(lookup, e);
            } catch (Error e) {
                fail(lookup, e); // or its callers would wait until their deadlines
                throw e;
            }
        }
    }

    private boolean begin(PendingLookup lookup) {
        lock.lock();
        try {
            return lookup.begin();
        } finally {
            lock.unlock();
        }
    }

    private void end(PendingLookup lookup, List<InetAddress> found) {
        lock.lock();
        try {
            lookups.remove(lookup.host(), lookup);
            lookup.end(found);
        } finally {
            lock.unlock();
        }
    }

    private void fail(PendingLookup lookup, Throwable why) {
        lock.lock();
        try {
            lookups.remove(lookup.host(), lookup);
            lookup.fail(why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long abandonedLookups() {
        lock.lock();
        try {
            return lookups.values().stream().filter(PendingLookup::isAbandoned).count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<PendingLookup> open;
        lock.lock();
        try {
            closed = true;
            open = List.copyOf(lookups.values());
        } finally {
            lock.unlock();
        }
        open.stream()
                .filter(threads::remove)
                .forEach(lookup -> fail(lookup, new UnknownHostException("the resolver was closed")));
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The lookups end on their own; their threads are daemons.
        }
    }
}
