package fanout.jmh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The ways to share a table between all threads; {@link OwnedTable} is the one that does not. */
final class Tables {

    private Tables() {}

    static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    static final class Mutex implements CountTable, CountTable.Access {

        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private final Map<String, Long> counts = new HashMap<>();

        @Override
        public Access access() {
            return this;
        }

        @Override
        public long get(String host) {
            lock.lock();
            try {
                return counts.getOrDefault(host, 0L);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void add(String host) {
            lock.lock();
            try {
                counts.merge(host, 1L, Long::sum);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long total() {
            lock.lock();
            try {
                return sum(counts);
            } finally {
                lock.unlock();
            }
        }
    }

    static final class Monitor implements CountTable, CountTable.Access {

        @GuardedBy("this")
        private final Map<String, Long> counts = new HashMap<>();

        @Override
        public Access access() {
            return this;
        }

        @Override
        public synchronized long get(String host) {
            return counts.getOrDefault(host, 0L);
        }

        @Override
        public synchronized void add(String host) {
            counts.merge(host, 1L, Long::sum);
        }

        @Override
        public synchronized long total() {
            return sum(counts);
        }
    }

    static final class ReadWrite implements CountTable, CountTable.Access {

        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

        @GuardedBy("lock")
        private final Map<String, Long> counts = new HashMap<>();

        @Override
        public Access access() {
            return this;
        }

        @Override
        public long get(String host) {
            lock.readLock().lock();
            try {
                return counts.getOrDefault(host, 0L);
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void add(String host) {
            lock.writeLock().lock();
            try {
                counts.merge(host, 1L, Long::sum);
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public long total() {
            lock.readLock().lock();
            try {
                return sum(counts);
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    /** One atomic call for each operation, on a map made for it. */
    static final class Atomic implements CountTable, CountTable.Access {

        private final Map<String, Long> counts = new ConcurrentHashMap<>();

        @Override
        public Access access() {
            return this;
        }

        @Override
        public long get(String host) {
            return counts.getOrDefault(host, 0L);
        }

        @Override
        public void add(String host) {
            counts.merge(host, 1L, Long::sum);
        }

        @Override
        public long total() {
            return sum(counts);
        }
    }

    /** As {@link Atomic}, with values that change in place: to write is to read the map, and to sum up is dearer. */
    static final class Adders implements CountTable, CountTable.Access {

        private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

        @Override
        public Access access() {
            return this;
        }

        @Override
        public long get(String host) {
            LongAdder count = counts.get(host);
            return count == null ? 0 : count.sum();
        }

        @Override
        public void add(String host) {
            counts.computeIfAbsent(host, _ -> new LongAdder()).increment();
        }

        @Override
        public long total() {
            return counts.values().stream().mapToLong(LongAdder::sum).sum();
        }
    }
}
