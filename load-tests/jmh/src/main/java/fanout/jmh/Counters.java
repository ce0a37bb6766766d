package fanout.jmh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The ways to count. */
final class Counters {

    private Counters() {}

    static final class Mutex implements Counter {

        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private long count;

        @Override
        public void increment() {
            lock.lock();
            try {
                count++;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long total() {
            lock.lock();
            try {
                return count;
            } finally {
                lock.unlock();
            }
        }
    }

    static final class Monitor implements Counter {

        @GuardedBy("this")
        private long count;

        @Override
        public synchronized void increment() {
            count++;
        }

        @Override
        public synchronized long total() {
            return count;
        }
    }

    /** The benchmark only writes: this is what the second lock costs. */
    static final class ReadWrite implements Counter {

        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

        @GuardedBy("lock")
        private long count;

        @Override
        public void increment() {
            lock.writeLock().lock();
            try {
                count++;
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public long total() {
            lock.readLock().lock();
            try {
                return count;
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    static final class Atomic implements Counter {

        private final AtomicLong count = new AtomicLong();

        @Override
        public void increment() {
            count.incrementAndGet();
        }

        @Override
        public long total() {
            return count.get();
        }
    }

    static final class Adder implements Counter {

        private final LongAdder count = new LongAdder();

        @Override
        public void increment() {
            count.increment();
        }

        @Override
        public long total() {
            return count.sum();
        }
    }

    /** The count belongs to one thread, and the others tell it. */
    static final class Owner implements Counter {

        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final Channel<Boolean> increments = Channel.bounded(Pipes.CAPACITY, Ticker.system());
        private final Owned<Long> owner = Owned.start(this::count);

        @Override
        public void increment() throws InterruptedException {
            increments.sender().send(true);
        }

        private long count() throws InterruptedException {
            long count = 0;
            while (increments.receiver().receive(PATIENCE) instanceof Received.Value<Boolean>) {
                count++;
            }
            return count;
        }

        @Override
        public long total() throws InterruptedException {
            increments.close();
            return owner.end();
        }
    }
}
