package fanout.internal.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.fetch.Traffic;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.FrontierSnapshot;
import fanout.internal.host.Circuit;
import fanout.internal.task.Channel;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import fanout.outcome.CrawlListener;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.sink.Totals;
import fanout.url.CanonicalUrl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The meters of all crawls that report to one registry. They count nothing themselves: a scrape reads what the parts of
 * the running crawls count, and adds the last counts of those that have ended, so that no counter falls. No label
 * carries a URL or a host.
 *
 * <p>Algorithm: a crawl that ends leaves a last reading. Its counts are added to those of the ended crawls in the same
 * step that takes the crawl off the running ones. The lock guards that step only; no crawl is read under it.
 *
 * <p>Thread-safe.
 */
public final class CrawlMeters implements MeterBinder, CrawlListener {

    /** For the whole JVM, because scrapers that know nothing of each other may share a registry. */
    private static final PerRegistry<CrawlMeters> KNOWN = new PerRegistry<>();

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Timer> timers = new CopyOnWriteArrayList<>();

    @GuardedBy("lock")
    private final List<Measured> live = new ArrayList<>();

    @GuardedBy("lock")
    private MeterCounts countsOfEnded = MeterCounts.NONE;

    @GuardedBy("lock")
    private long ended;

    /** Meters that are not registered yet. */
    public CrawlMeters() {
        this(Ticker.system());
    }

    CrawlMeters(Ticker ticker) {
        this.ticker = ticker;
    }

    /** The meters of a registry, registered on the first call for it. */
    public static CrawlMeters of(MeterRegistry registry) {
        return KNOWN.of(registry, CrawlMeters::new);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MeterNames names = new MeterNames(new Sums(), registry);
        timers.add(names.fetchDuration());
        names.bindGauges();
        names.bindCounters();
    }

    /**
     * Begins to measure a crawl. The caller closes the result when the crawl has ended. What the parts have counted by
     * now is of earlier runs, and is left out: a counter says what this process has seen.
     *
     * @param stalled whether the crawl is stalled at this moment
     */
    public Measured measure(Frontier frontier, Traffic traffic, Channel<?> results, WorkerPool pool, Totals totals,
            BooleanSupplier stalled) {
        Measured crawl = new Measured(new CrawlParts(frontier, traffic, results, pool, totals, stalled));
        lock.lock();
        try {
            live.add(crawl);
        } finally {
            lock.unlock();
        }
        return crawl;
    }

    /** Records how long it took. */
    @Override
    public void attempted(CanonicalUrl url, Attempt attempt) {
        for (Timer timer : timers) {
            timer.record(attempt.duration());
        }
    }

    private final class Sums implements CrawlSums {

        @Override
        public int running() {
            return now().live.size();
        }

        @Override
        public long ended() {
            lock.lock();
            try {
                return ended;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public double ofRunning(ToDoubleFunction<MeterReading> read) {
            return now().live.stream().map(Measured::reading).mapToDouble(read).sum();
        }

        @Override
        public double ofAll(ToDoubleFunction<MeterCounts> read) {
            Moment now = now();
            return read.applyAsDouble(now.ended)
                    + now.live.stream().map(Measured::reading).map(MeterReading::counts).mapToDouble(read).sum();
        }
    }

    /** Every crawl counts in one of the two. */
    private record Moment(List<Measured> live, MeterCounts ended) {}

    private Moment now() {
        lock.lock();
        try {
            return new Moment(List.copyOf(live), countsOfEnded);
        } finally {
            lock.unlock();
        }
    }

    private void end(Measured crawl, MeterCounts last) {
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

    /** A crawl that is being measured. Closed when the crawl has ended. */
    public final class Measured implements AutoCloseable {

        private final LatestReading reading;
        private volatile AtEnd atEnd = AtEnd.NOT_YET;

        private Measured(CrawlParts parts) {
            MeterCounts earlier = parts.read(atEnd, MeterCounts.NONE).counts();
            this.reading = new LatestReading(() -> parts.read(atEnd, earlier), ticker);
        }

        /**
         * Sets what is known only at the end of the crawl.
         *
         * @param leakedTasks threads that it left behind
         * @param sinkFailed whether it failed by its sink
         * @param sinkWasLate whether that was because what remained was not written in time
         */
        public void atEnd(int leakedTasks, boolean sinkFailed, boolean sinkWasLate) {
            atEnd = new AtEnd(leakedTasks, sinkFailed ? 1 : 0, sinkWasLate ? 1 : 0);
        }

        private MeterReading reading() {
            return reading.get();
        }

        /** Ends the measurement: gauges drop the crawl, counters keep it. Idempotent. */
        @Override
        public void close() {
            end(this, reading.last().counts());
        }
    }

    /**
     * One set of meters for each registry. A registry ignores a second set of the same names, and what is measured by
     * it would be invisible.
     *
     * <p>Thread-safe. The lock is not held while meters are registered.
     */
    private static final class PerRegistry<M extends MeterBinder> {

        private final ReentrantLock lock = new ReentrantLock();

        /** Both ends are weak: the registry's gauges keep its meters alive, and the meters would keep the registry. */
        @GuardedBy("lock")
        private final Map<MeterRegistry, WeakReference<M>> bound = new WeakHashMap<>();

        /** The meters of a registry: made and registered on the first call for it. */
        M of(MeterRegistry registry, Supplier<M> unregistered) {
            M fresh = unregistered.get();
            lock.lock();
            try {
                WeakReference<M> known = bound.get(registry);
                M meters = known == null ? null : known.get();
                if (meters != null) {
                    return meters;
                }
                bound.put(registry, new WeakReference<>(fresh));
            } finally {
                lock.unlock();
            }
            fresh.bindTo(registry);
            return fresh;
        }
    }

    /** The parts of one crawl that count. */
    private record CrawlParts(
            Frontier frontier,
            Traffic traffic,
            Channel<?> results,
            WorkerPool pool,
            Totals totals,
            BooleanSupplier stalled) {

        /** Reads each part once, and leaves out what earlier runs of the crawl have counted. */
        MeterReading read(AtEnd end, MeterCounts earlier) {
            FrontierSnapshot urls = frontier.snapshot();
            Totals.Snapshot sums = totals.snapshot();
            MeterCounts counts = new MeterCounts(sums.ok(), sums.redirected(), sums.reasons(),
                    IntStream.rangeClosed(1, MeterCounts.STATUS_CLASSES).mapToObj(traffic::responses).toList(),
                    deadlineExceeded(urls, end), traffic.bytes(), urls.retries(), sums.items(), sums.itemsDropped(),
                    end.leakedTasks(), end.sinkFailures()).since(earlier);
            return new MeterReading(traffic.connections().now(), pool.size(), pool.busy(), results.size(),
                    results.capacity(),
                    urls.urls().ready(), urls.urls().delayed(), urls.urls().leased(), stalled.getAsBoolean(),
                    hosts(urls), counts);
        }

        /** By the phase of their circuit, without those that were given up: no request will ever close it. */
        private static Map<Circuit.Phase, Integer> hosts(FrontierSnapshot urls) {
            Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);
            hosts.putAll(urls.hosts());
            hosts.merge(Circuit.Phase.OPEN, -urls.givenUp(), Integer::sum);
            return hosts;
        }

        private static Map<Stage, Long> deadlineExceeded(FrontierSnapshot urls, AtEnd end) {
            if (end.sinkDeadlines() == 0) {
                return urls.deadlineExceeded();
            }
            Map<Stage, Long> exceeded = new EnumMap<>(Stage.class);
            exceeded.putAll(urls.deadlineExceeded());
            exceeded.merge(Stage.SINK, (long) end.sinkDeadlines(), Long::sum);
            return exceeded;
        }
    }
}
