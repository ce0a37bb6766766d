package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has happened to a crawl, numbered, for readers that come, go and come back. Of progress the last quarter of an
 * hour is kept; changes of state and stalls, of which there are few, all are. Thread-safe.
 */
public final class EventLog {

    private static final AtomicLong LOGS = new AtomicLong();
    private static final int MOST = 900;
    private static final int MOST_STALLS = 100;

    private final long number = LOGS.incrementAndGet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<Event> events = new ArrayDeque<>();
    @GuardedBy("lock")
    private long last;
    @GuardedBy("lock")
    private int stalls;
    @GuardedBy("lock")
    private boolean ended;

    EventLog() {}

    /** What an event is about. */
    public enum Kind {
        STATE, PROGRESS, STALL
    }

    /**
     * An event.
     *
     * @param number from 1, without gaps
     * @param data JSON on one line
     */
    public record Event(long number, Kind kind, String data) {}

    /**
     * What a reader gets.
     *
     * @param ended whether nothing will come after these
     */
    public record Batch(List<Event> events, boolean ended) {}

    /** Of this log among those of the process: a crawl has one for each run. */
    public long number() {
        return number;
    }

    void add(Kind kind, String data) {
        lock.lock();
        try {
            boolean flood = kind == Kind.STALL && ++stalls > MOST_STALLS;
            if (ended || flood) {
                return;
            }
            last++;
            events.addLast(new Event(last, kind, data));
            if (events.size() > MOST + MOST_STALLS) {
                removeOldestProgress();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void removeOldestProgress() {
        Optional<Event> oldest = events.stream().filter(event -> event.kind() == Kind.PROGRESS).findFirst();
        oldest.ifPresent(events::remove);
    }

    /** Nothing more will happen. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Where the crawl stands: the latest change of state, and the latest progress. */
    public List<Event> latest() {
        lock.lock();
        try {
            List<Event> latest = new ArrayList<>();
            for (Event event : events) {
                if (event.kind() != Kind.STALL) {
                    latest.removeIf(earlier -> earlier.kind() == event.kind());
                    latest.add(event);
                }
            }
            return latest;
        } finally {
            lock.unlock();
        }
    }

    /** Events after a number, as far as they are kept; waits for one, or for the end, or for as long as that. */
    public Batch after(long number, Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (last <= number && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return new Batch(events.stream().filter(event -> event.number() > number).toList(), ended);
        } finally {
            lock.unlock();
        }
    }
}
