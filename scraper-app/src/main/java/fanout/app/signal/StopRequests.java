package fanout.app.signal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.Crawl;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Requests to stop a job's crawl. A request made before the crawl exists is kept and applied when it does. Thread-safe.
 */
public final class StopRequests {

    /** How the user wants the crawl to end. A later constant goes further. */
    public enum Wanted {
        NOTHING, DRAIN, CANCEL
    }

    private final AtomicReference<Wanted> wanted = new AtomicReference<>(Wanted.NOTHING);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Thread waiting;

    private volatile @Nullable Crawl crawl;
    private volatile boolean readerLeft;

    /** Sets the crawl, and applies what was requested before. */
    public void applyTo(Crawl begun) {
        crawl = begun;
        apply();
    }

    /**
     * From here on a request interrupts the calling thread, which waits for something that the crawl needs; one that
     * was made before interrupts it at once. Until {@link #endWait}, and for one thread at a time.
     */
    public void beginWait() {
        lock.lock();
        try {
            waiting = Thread.currentThread();
            if (wanted.get() != Wanted.NOTHING) {
                waiting.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The calling thread no longer waits, if it has. Its interrupt has done its work; the request stays. */
    public void endWait() {
        lock.lock();
        try {
            if (waiting != null) {
                waiting = null;
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether that has interrupted a wait. */
    public boolean drain() {
        wanted.compareAndSet(Wanted.NOTHING, Wanted.DRAIN);
        apply();
        return interruptWait();
    }

    /** Drains because the reader of standard output has left, as {@code head} does when it has seen enough. */
    public void readerLeft() {
        readerLeft = true;
        drain();
    }

    /** Returns whether the reader of standard output has left. */
    public boolean hasReaderLeft() {
        return readerLeft;
    }

    public void cancel() {
        wanted.set(Wanted.CANCEL);
        apply();
        interruptWait();
    }

    private boolean interruptWait() {
        lock.lock();
        try {
            if (waiting != null) {
                waiting.interrupt();
            }
            return waiting != null;
        } finally {
            lock.unlock();
        }
    }

    public Wanted wanted() {
        return wanted.get();
    }

    /**
     * Each side writes its field first and reads the other's second, so at least one of them sees both. A request that
     * is applied twice does no harm.
     */
    private void apply() {
        Crawl current = crawl;
        if (current != null) {
            switch (wanted.get()) {
                case NOTHING -> {}
                case DRAIN -> current.drain();
                case CANCEL -> current.cancel();
            }
        }
    }
}
