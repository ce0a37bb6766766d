package fanout.dns;

import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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
 * for each waiting caller and each thread.
 *
 * <p>Thread-safe. Closed by its owner; names are unknown from then on.
 */
public final class SystemResolver implements Resolver {

    /** Lookups wait, they don't compute; more threads only make a queue in the system's own resolver. */
    private static final int MAX_THREADS = 32;

    private static final Duration KEEP_IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final NameService names;
    private final ThreadPoolExecutor threads;
    private final LookupTable lookups;

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
        this.threads = new ThreadPoolExecutor(maxThreads, maxThreads, KEEP_IDLE_THREAD.toSeconds(), TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), factory);
        this.lookups = new LookupTable(ticker);
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> resolve(String host)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        Deadline deadline = Deadline.current();
        PendingLookup lookup = lookups.join(host, this::lookUp);
        try {
            if (lookup.claimStart()) {
                start(lookup);
            }
            return lookups.await(lookup, deadline);
        } finally {
            if (lookups.leave(lookup)) {
                threads.remove(lookup);
            }
        }
    }

    private void start(PendingLookup lookup) {
        try {
            threads.execute(lookup);
        } catch (RejectedExecutionException e) {
            lookups.fail(lookup, e); // closed since the lookup was joined
        } catch (RuntimeException | Error e) {
            lookups.fail(lookup, e); // no thread can be had, and other callers may have joined
            throw e;
        }
    }

    /** What a thread does for a lookup. */
    private void lookUp(PendingLookup lookup) {
        if (lookups.begin(lookup)) {
            try {
                lookups.end(lookup, List.of(names.lookup(lookup.host())));
            } catch (UnknownHostException | RuntimeException e) {
                lookups.fail(lookup, e);
            } catch (Error e) {
                lookups.fail(lookup, e); // or its callers would wait until their deadlines
                throw e;
            }
        }
    }

    @Override
    public long abandonedLookups() {
        return lookups.abandoned();
    }

    @Override
    public void close() {
        for (PendingLookup open : lookups.close()) {
            if (threads.remove(open)) {
                lookups.fail(open, new UnknownHostException("the resolver was closed"));
            }
        }
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The lookups end on their own; their threads are daemons.
        }
    }
}
