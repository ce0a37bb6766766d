package fanout.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The open lookups of a resolver by name, and who waits for them. Thread-safe: one lock, held for table operations, and the
 * only one of the resolver.
 */
final class LookupTable {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, PendingLookup> lookups = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    LookupTable(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Joins the open lookup of a name, or makes it. The caller must {@link #leave} it.
     *
     * @param work what a thread does for a new one
     * @throws UnknownHostException if the table is closed
     */
    PendingLookup join(String host, Consumer<PendingLookup> work) throws UnknownHostException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new UnknownHostException(host + " (the resolver is closed)");
            }
            PendingLookup lookup = lookups.computeIfAbsent(host, name -> new PendingLookup(name, lock, work));
            lookup.join();
            return lookup;
        } finally {
            lock.unlock();
        }
    }

    List<InetAddress> await(PendingLookup lookup, Deadline deadline)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            return lookup.await(deadline, ticker);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A caller does not wait for a lookup any more.
     *
     * @return whether no caller does, and no thread has begun it
     */
    boolean leave(PendingLookup lookup) {
        lock.lock();
        try {
            boolean isOfNoUse = lookup.leave();
            if (isOfNoUse) {
                lookups.remove(lookup.host(), lookup);
            }
            return isOfNoUse;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A thread takes a lookup.
     *
     * @return whether a caller still waits for it
     */
    boolean begin(PendingLookup lookup) {
        lock.lock();
        try {
            return lookup.begin();
        } finally {
            lock.unlock();
        }
    }

    void end(PendingLookup lookup, List<InetAddress> found) {
        lock.lock();
        try {
            lookups.remove(lookup.host(), lookup);
            lookup.end(found);
        } finally {
            lock.unlock();
        }
    }

    void fail(PendingLookup lookup, Throwable why) {
        lock.lock();
        try {
            lookups.remove(lookup.host(), lookup);
            lookup.fail(why);
        } finally {
            lock.unlock();
        }
    }

    /** Lookups that a thread is at work on and no caller waits for. */
    long abandoned() {
        lock.lock();
        try {
            return lookups.values().stream().filter(PendingLookup::isAbandoned).count();
        } finally {
            lock.unlock();
        }
    }

    /** No lookup is joined from now on. Returns those that are open. */
    List<PendingLookup> close() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(lookups.values());
        } finally {
            lock.unlock();
        }
    }
}
