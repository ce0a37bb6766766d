package fanout.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.channel.Channel;
import fanout.fetch.Traffic;
import fanout.frontier.Frontier;
import fanout.sink.Totals;
import fanout.task.Ticker;
import fanout.worker.WorkerPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

/**
 * All crawls that report to one registry as Micrometer meters. Nothing is counted here: a scrape reads what the rooms of the
 * live crawls count, and counters remember the last word of those that ended, so that they never fall. No label carries a
 * URL or a host.
 *
 * <p>Algorithm: a crawl that ends leaves a last reading, whose counts are added to those of the ended ones in the same step
 * that takes it off the live ones. The lock guards that step only; no room is read inside it.
 *
 * <p>Thread-safe.
 */
public final class CrawlMeters implements MeterBinder {

    private static final ReentrantLock REGISTRIES = new ReentrantLock();

    /**
     * Which meters a registry has. Both ends are weak: the registry's gauges keep its meters alive, and they would keep the
     * registry.
     */
    @GuardedBy("REGISTRIES")
    private static final Map<MeterRegistry, WeakReference<CrawlMeters>> BOUND = new WeakHashMap<>();

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Timer> timers = new CopyOnWriteArrayList<>();

    @GuardedBy("lock")
    private final List<Measured> live = new ArrayList<>();

    @GuardedBy("lock")
    private Counts countsOfEnded = Counts.NONE;

    @GuardedBy("lock")
    private long ended;

    /** Meters that are not registered yet. */
    public CrawlMeters() {
        this(Ticker.system());
    }

    CrawlMeters(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * The meters of a registry, registered by the first who asks: whoever registered them again would be ignored by the
     * registry, and the crawls measured there be invisible.
     */
    public static CrawlMeters of(MeterRegistry registry) {
        CrawlMeters fresh = new CrawlMeters();
        REGISTRIES.lock();
        try {
            WeakReference<CrawlMeters> bound = BOUND.get(registry);
            CrawlMeters meters = bound == null ? null : bound.get();
            if (meters != null) {
                return meters;
            }
            BOUND.put(registry, new WeakReference<>(fresh));
        } finally {
            REGISTRIES.unlock();
        }
        fresh.bindTo(registry);
        return fresh;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MeterNames names = new MeterNames(this, registry);
        timers.add(names.fetchDuration());
        names.bindGauges();
        names.bindCounters();
    }

    /** Begins to measure a crawl; the caller closes what it gets when the crawl has ended. */
    public Measured measure(Frontier frontier, Traffic traffic, Channel<?> results, WorkerPool pool, Totals totals) {
        Measured crawl = new Measured(new Rooms(frontier, traffic, results, pool, totals));
        lock.lock();
        try {
            live.add(crawl);
        } finally {
            lock.unlock();
        }
        return crawl;
    }

    /** Records the duration of one attempt. */
    public void fetched(Duration duration) {
        for (Timer timer : timers) {
            timer.record(duration);
        }
    }

    int running() {
        return now().live.size();
    }

    long ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    double sumOfRunning(ToDoubleFunction<Reading> read) {
        return now().live.stream().map(Measured::reading).mapToDouble(read).sum();
    }

    double sumOfAll(ToDoubleFunction<Counts> read) {
        Moment now = now();
        return read.applyAsDouble(now.ended)
                + now.live.stream().map(Measured::reading).map(Reading::counts).mapToDouble(read).sum();
    }

    /** Every crawl is in one of the two. */
    private record Moment(List<Measured> live, Counts ended) {}

    private Moment now() {
        lock.lock();
        try {
            return new Moment(List.copyOf(live), countsOfEnded);
        } finally {
            lock.unlock();
        }
    }

    private void end(Measured crawl, Counts last) {
        lock.lock();
        try {
            if (live.remove(crawl)) {
                ended++;
                countsOfEnded = countsOfEnded.plus(last);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A crawl that is being measured: the rooms that count. Closed when the crawl has ended. */
    public final class Measured implements AutoCloseable {

        private final LatestReading reading;
        private volatile int leakedTasks;

        private Measured(Rooms rooms) {
            this.reading = new LatestReading(() -> rooms.read(leakedTasks), ticker);
        }

        /** Says how many threads the crawl left behind. */
        public void leaked(int tasks) {
            leakedTasks = tasks;
        }

        private Reading reading() {
            return reading.get();
        }

        /** Ends the measuring: gauges forget the crawl, counters keep it. Idempotent. */
        @Override
        public void close() {
            end(this, reading.last().counts());
        }
    }
}
