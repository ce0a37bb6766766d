package fanout.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.dns.SystemResolver.Names;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A name being looked up, by one thread for all who wait: answered once it has addresses or a failure. Its state is guarded
 * by the resolver's lock.
 */
final class PendingLookup implements Runnable {

    private final String host;
    private final Names names;
    private final ReentrantLock lock;
    private final Condition answered;
    private final Consumer<PendingLookup> whenOver;

    @GuardedBy("lock")
    private int waiting;

    @GuardedBy("lock")
    private boolean begun;

    @GuardedBy("lock")
    private @Nullable List<InetAddress> addresses;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    /** @param whenOver told, with the lock held, when the question is answered or nobody waits and no thread has begun it */
    PendingLookup(String host, Names names, ReentrantLock lock, Consumer<PendingLookup> whenOver) {
        this.host = host;
        this.names = names;
        this.lock = lock;
        this.answered = lock.newCondition();
        this.whenOver = whenOver;
    }

    String host() {
        return host;
    }

    @GuardedBy("lock")
    private boolean isOpen() {
        return addresses == null && failure == null;
    }

    /** Runs on a lookup thread. */
    @Override
    public void run() {
        if (begin()) {
            try {
                answer(List.of(names.lookup(host)), null);
            } catch (UnknownHostException | RuntimeException e) {
                answer(null, e);
            } catch (Error e) {
                answer(null, e); // whoever waits must not wait for ever
                throw e;
            }
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            begun = isOpen() && waiting > 0;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private void answer(@Nullable List<InetAddress> found, @Nullable Throwable why) {
        lock.lock();
        try {
            if (isOpen()) {
                addresses = found;
                failure = why;
                whenOver.accept(this);
                answered.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers without a lookup. */
    void refuse(UnknownHostException why) {
        answer(null, why);
    }

    /** Waits for the answer. The caller holds the lock already, so that nothing comes between asking and waiting. */
    List<InetAddress> await(Deadline deadline, Ticker ticker)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        lock.lock();
        try {
            waiting++;
            try {
                awaitAnswer(deadline, ticker);
            } finally {
                waiting--;
                if (waiting == 0 && !begun && isOpen()) {
                    whenOver.accept(this);
                }
            }
            if (addresses == null) {
                UnknownHostException unknown = new UnknownHostException("no address found for " + host);
                unknown.initCause(failure);
                throw unknown;
            }
            return addresses;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void awaitAnswer(Deadline deadline, Ticker ticker) throws InterruptedIOException, InterruptedException {
        while (isOpen()) {
            long left = deadline.remainingNanos();
            if (left <= 0) {
                throw new InterruptedIOException("no answer for " + host + " in time");
            }
            ticker.await(answered, left);
        }
    }

    /** Whether a thread looks it up that nobody waits for. */
    boolean isAbandoned() {
        lock.lock();
        try {
            return begun && waiting == 0;
        } finally {
            lock.unlock();
        }
    }
}
