package fanout.app.service.crawl;

import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The requests that read a crawl's files or events for longer, by their threads. Bounded for each crawl and in all. A
 * crawl that is deleted closes its readers first: the interrupt of a thread closes its connection.
 *
 * <p>Thread-safe.
 */
public final class Readers {

    private static final Duration LONGEST_END = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(2);

    private final int mostOfACrawl;
    private final Semaphore room;
    private final Map<String, Set<Reader>> open = new ConcurrentHashMap<>();

    public Readers(int mostOfACrawl, int most) {
        this.mostOfACrawl = mostOfACrawl;
        this.room = new Semaphore(most);
    }

    /** A reader, which its thread closes. */
    private final class Reader implements Closeable {

        private final String id;
        private final Thread thread = Thread.currentThread();

        private Reader(String id) {
            this.id = id;
        }

        @Override
        public void close() {
            room.release();
            open.computeIfPresent(id, (_, readers) -> {
                readers.remove(this);
                return readers.isEmpty() ? null : readers;
            });
        }
    }

    /** Adds the calling thread as a reader of a crawl; empty if there are too many. */
    public Optional<Closeable> open(String id) {
        if (!room.tryAcquire()) {
            return Optional.empty();
        }
        Reader reader = new Reader(id);
        Set<Reader> readers = open.compute(id, (_, present) -> {
            Set<Reader> set = present == null ? ConcurrentHashMap.newKeySet() : present;
            if (set.size() < mostOfACrawl) {
                set.add(reader);
            }
            return set;
        });
        if (!readers.contains(reader)) {
            room.release();
            return Optional.empty();
        }
        return Optional.of(reader);
    }

    /** Ends the readers of a crawl, and waits until they have left; the caller is no reader. */
    void close(String id) {
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        while (open.containsKey(id) && System.nanoTime() - deadline < 0) {
            open.getOrDefault(id, Set.of()).forEach(reader -> reader.thread.interrupt());
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** How many there are. */
    public int count() {
        return open.values().stream().mapToInt(Set::size).sum();
    }
}
