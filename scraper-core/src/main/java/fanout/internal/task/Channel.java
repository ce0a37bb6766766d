package fanout.internal.task;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.annotation.Internal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that can be closed: Go's channel, with the direction in the type and the right to close apart from
 * both ends.
 *
 * <p>States: <em>open</em>; <em>closed</em> by its owner, after which elements that were sent can still be received,
 * and then {@link Received.Closed} is; <em>cancelled</em> by its receiver, after which nothing is kept. Both are final,
 * and cancelling wins. Closing or cancelling twice is harmless. When the channel is full, {@code send} waits: that is
 * the crawl's back-pressure.
 *
 * <p>Its owner closes it, once: the one who joins the senders, after the last of them. A sender cannot: were one of
 * several to close, the others' elements would be refused.
 *
 * <p>Algorithm: a ring array under one lock, with a condition for each end. Every field is read and written inside the
 * lock, the states included: tested outside, an element could slip in after the close and never be seen. Each element
 * wakes one waiting receiver, each freed place one sender, and a change of state all of them, so no wake-up is lost.
 * The lock's release and acquisition publish an element's fields to its receiver.
 *
 * <p>Thread-safe. Waits are interruptible; an interrupted call has no effect.
 *
 * @param <T> what is sent; best immutable, since it changes hands
 */
@Internal
public final class Channel<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final Ticker ticker;
    private final @Nullable Object[] ring;
    private final SendingEnd sender = new SendingEnd();
    private final ReceivingEnd receiver = new ReceivingEnd();

    @GuardedBy("lock")
    private int head;

    @GuardedBy("lock")
    private int size;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean cancelled;

    private Channel(int capacity, Ticker ticker) {
        this.ring = new Object[capacity];
        this.ticker = ticker;
    }

    /** An open, empty channel for at most {@code capacity} elements under way. */
    public static <T> Channel<T> bounded(int capacity, Ticker ticker) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive: " + capacity);
        }
        return new Channel<>(capacity, ticker);
    }

    /** The end for those who send. */
    public Sender<T> sender() {
        return sender;
    }

    /** The end for the one who receives. */
    public Receiver<T> receiver() {
        return receiver;
    }

    /** Says that nothing more will be sent. For the owner, after its senders have ended. Idempotent. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            notEmpty.signalAll();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Elements under way at this moment. */
    public int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    public int capacity() {
        return ring.length;
    }

    private final class SendingEnd implements Sender<T> {

        @Override
        public boolean send(T element) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (size == ring.length && !closed && !cancelled) {
                    notFull.await();
                }
                if (cancelled) {
                    return false;
                }
                if (closed) {
                    throw new IllegalStateException("send on a closed channel");
                }
                ring[(head + size++) % ring.length] = element;
                notEmpty.signal();
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    private final class ReceivingEnd implements Receiver<T> {

        @Override
        public Received<T> receive(Duration atMost) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = atMost.toNanos();
                while (size == 0 && !closed && !cancelled) {
                    if (left <= 0) {
                        return new Received.TimedOut<>(atMost);
                    }
                    left = ticker.await(notEmpty, left);
                }
                return size == 0 ? new Received.Closed<>() : new Received.Value<>(removeFirst());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<T> cancel() {
            lock.lock();
            try {
                cancelled = true;
                List<T> undelivered = new ArrayList<>(size);
                while (size > 0) {
                    undelivered.add(removeFirst());
                }
                notEmpty.signalAll();
                notFull.signalAll();
                return undelivered;
            } finally {
                lock.unlock();
            }
        }

        @GuardedBy("lock")
        @SuppressWarnings("unchecked") // only send() stores, and it stores T
        private T removeFirst() {
            Object element = Objects.requireNonNull(ring[head]);
            ring[head] = null;
            head = (head + 1) % ring.length;
            size--;
            notFull.signal();
            return (T) element;
        }
    }
}
