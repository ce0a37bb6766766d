package fanout.dns;

import fanout.task.Deadline;
import fanout.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lookup of one name for all callers that wait for it. It is open until it has addresses or a failure. All but
 * {@link #claimStart} and {@link #run} is called with the resolver's lock held: a caller may join an open lookup only.
 */
final class PendingLookup implements Runnable {

    private final String host;
    private final ReentrantLock lock;
    private final Condition ended;
    private final Consumer<PendingLookup> work;
    private final AtomicBoolean isStarted = new AtomicBoolean();

    private int waiting;
    private boolean begun;
    private @Nullable List<InetAddress> addresses;
    private @Nullable Throwable failure;

    /**
     * A lookup that no thread has begun.
     *
     * @param lock the resolver's
     * @param work what a thread does for the lookup
     */
    PendingLookup(String host, ReentrantLock lock, Consumer<PendingLookup> work) {
        this.host = host;
        this.lock = lock;
        this.ended = lock.newCondition();
        this.work = work;
    }

    String host() {
        return host;
    }

    /** Whether the caller is the one to hand the lookup to the threads: once true, false from then on. */
    boolean claimStart() {
        return isStarted.compareAndSet(false, true);
    }

    /** Runs on a lookup thread. */
    @Override
    public void run() {
        work.accept(this);
    }

    private boolean isOpen() {
        assert lock.isHeldByCurrentThread();
        return addresses == null && failure == null;
    }

    /** One caller more waits. */
    void join() {
        assert lock.isHeldByCurrentThread();
        waiting++;
    }

    /**
     * One caller less waits.
     *
     * @return whether the lookup is of no more use: no caller waits for it, and no thread has begun it
     */
    boolean leave() {
        assert lock.isHeldByCurrentThread();
        waiting--;
        return waiting == 0 && !begun && isOpen();
    }

    /**
     * A thread takes the lookup.
     *
     * @return whether a caller still waits for it
     */
    boolean begin() {
        begun = isOpen() && waiting > 0;
        return begun;
    }

    void end(List<InetAddress> found) {
        if (isOpen()) {
            addresses = found;
            ended.signalAll();
        }
    }

    void fail(Throwable why) {
        if (isOpen()) {
            failure = why;
            ended.signalAll();
        }
    }

    /** Whether a thread is at work and no caller waits. */
    boolean isAbandoned() {
        assert lock.isHeldByCurrentThread();
        return begun && waiting == 0;
    }

    List<InetAddress> await(Deadline deadline, Ticker ticker)
            throws UnknownHostException, InterruptedIOException, InterruptedException {
        while (isOpen()) {
            long left = deadline.remainingNanos();
            if (left <= 0) {
                throw new InterruptedIOException("no answer for " + host + " in time");
            }
            ticker.await(ended, left);
        }
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
