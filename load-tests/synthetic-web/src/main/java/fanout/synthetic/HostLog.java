package fanout.synthetic;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What arrived under one Host header.
 *
 * <p>Thread-safe. The time is taken inside the lock, so entries stand in the order of their times; waiting for the lock
 * can only make an arrival look some microseconds later than it was.
 */
final class HostLog {

    /** An arrival whose answer is not known yet. */
    static final class Entry {

        private final long nanoTime = System.nanoTime();
        private final Instant wallTime = Instant.now();
        private final SyntheticRequestHead request;
        private final int connection;
        private volatile int status;

        private Entry(SyntheticRequestHead request, int connection) {
            this.request = request;
            this.connection = connection;
        }

        void answeredWith(int newStatus) {
            status = newStatus;
        }

        private Arrival toArrival() {
            return new Arrival(
                    nanoTime,
                    wallTime,
                    request.header("Host").orElse(""),
                    request.method(),
                    request.target(),
                    connection,
                    status);
        }
    }

    private final Gauge inFlight = new Gauge();
    private final AtomicLong room;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Entry> entries = new ArrayList<>();

    @GuardedBy("lock")
    private long count;

    /** @param room for how many more entries, shared by all hosts; negative once one was lost */
    HostLog(AtomicLong room) {
        this.room = room;
    }

    Entry arrived(SyntheticRequestHead request, int connection) {
        inFlight.enter();
        lock.lock();
        try {
            Entry entry = new Entry(request, connection);
            count++;
            if (room.get() >= 0 && room.decrementAndGet() >= 0) {
                entries.add(entry);
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    Gauge inFlight() {
        return inFlight;
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    List<Arrival> arrivals() {
        lock.lock();
        try {
            return entries.stream().map(Entry::toArrival).toList();
        } finally {
            lock.unlock();
        }
    }
}
