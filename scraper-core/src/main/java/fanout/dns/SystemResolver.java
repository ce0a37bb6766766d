package fanout.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The operating system's name lookup, made to obey deadlines and interrupts.
 *
 * <p>{@link InetAddress#getAllByName} blocks in native code for as long as it likes and cannot be interrupted; on a virtual
 * thread it would hold a carrier, too. So lookups run on daemon threads of this class, and the callers wait for them. A
 * lookup that nobody waits for any more ends when the operating system lets it: it is counted as abandoned until then, and
 * whoever asks for the same name joins it.
 *
 * <p>Algorithm: a table of unanswered questions by name, under one lock, so that a name is asked once however many wait.
 * The thread that answers a question takes it out of the table; its last waiter does, if no thread has begun it. So table
 * and queue never hold more than one question for each waiting caller and each thread.
 *
 * <p>Thread-safe. Closed by its owner; names are unknown from then on.
 */
public final class SystemResolver implements Resolver {

    /** Where names are looked up; may block. */
    @FunctionalInterface
    public interface Names {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    /** Lookups wait, they don't compute; more would only queue up in the system's own resolver. */
    private static final int MOST_THREADS = 32;

    private static final Duration KEEP_IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Names names;
    private final Ticker ticker;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, PendingLookup> questions = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    public SystemResolver(Ticker ticker) {
        this(InetAddress::getAllByName, MOST_THREADS, ticker);
    }

    public SystemResolver(Names names, int mostThreads, Ticker ticker) {
        this(names, mostThreads, Thread.ofPlatform().daemon().name("fanout-dns-", 1).factory(), ticker);
    }

    public SystemResolver(Names names, int mostThreads, ThreadFactory factory, Ticker ticker) {
        this.names = names;
        this.ticker = ticker;
        this.threads = new ThreadPoolExecutor(mostThreads, mostThreads, KEEP_IDLE_THREAD.toSeconds(), TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> resolve(String host)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        Deadline deadline = Deadline.current();
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new UnknownHostException(host + " (the resolver is closed)");
            }
            PendingLookup question = questions.get(host);
            if (question == null) {
                question = new PendingLookup(host, names, lock, this::forget);
                ask(question);
            }
            return question.await(deadline, ticker);
        } finally {
            lock.unlock();
        }
    }

    /** A question that no thread could be found for is forgotten, so that the next caller asks it again. */
    @GuardedBy("lock")
    private void ask(PendingLookup question) {
        questions.put(question.host(), question);
        boolean asked = false;
        try {
            threads.execute(question);
            asked = true;
        } finally {
            if (!asked) {
                forget(question);
            }
        }
    }

    /** A question was answered, or nobody waits for it any more. */
    private void forget(PendingLookup question) {
        lock.lock();
        try {
            questions.remove(question.host(), question);
            threads.remove(question);
        } finally {
            lock.unlock();
        }
    }

    /** The names that are asked for and not answered. */
    Set<String> pending() {
        lock.lock();
        try {
            return Set.copyOf(questions.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long abandonedLookups() {
        lock.lock();
        try {
            return questions.values().stream().filter(PendingLookup::isAbandoned).count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<PendingLookup> unanswered;
        lock.lock();
        try {
            closed = true;
            unanswered = new ArrayList<>(questions.values());
        } finally {
            lock.unlock();
        }
        unanswered.stream()
                .filter(question -> threads.remove(question))
                .forEach(question -> question.refuse(new UnknownHostException("the resolver was closed")));
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The lookups end without us; their threads are daemons.
        }
    }
}
