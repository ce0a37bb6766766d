package fanout.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.channel.Channel;
import fanout.fetch.Traffic;
import fanout.frontier.Frontier;
import fanout.host.Circuit;
import fanout.sink.Totals;
import fanout.task.Stage;
import fanout.worker.WorkerPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

/**
 * All crawls of a scraper as Micrometer meters. Nothing is counted here: a scrape reads what the rooms of the live crawls
 * count, and counters remember the last word of those that ended, so that they never fall. No label carries a URL or a host.
 *
 * <p>Thread-safe.
 */
public final class CrawlMeters implements MeterBinder {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** Every reason, with the outcome it belongs to. */
    private static final Map<String, List<String>> REASONS = Map.of(
            "failed", List.of("http_status", "timeout", "dns", "connection", "tls", "protocol", "body_too_large",
                    "too_many_redirects", "bad_redirect", "private_address", "parse"),
            "skipped", List.of("robots", "circuit_open", "budget"),
            "cancelled", List.of("deadline", "interrupted", "aborted"));

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Measured> live = new CopyOnWriteArrayList<>();
    private final List<Timer> timers = new CopyOnWriteArrayList<>();

    @GuardedBy("lock")
    private final List<Counted> counters = new ArrayList<>();

    @GuardedBy("lock")
    private long ended;

    /** Begins to measure a crawl; the caller closes what it gets when the crawl has ended. */
    public Measured measure(Frontier frontier, Traffic traffic, Channel<?> results, WorkerPool pool, Totals totals) {
        Measured crawl = new Measured(frontier, traffic, results, pool, totals);
        live.add(crawl);
        return crawl;
    }

    /** Records the duration of one attempt. */
    public void fetched(Duration duration) {
        for (Timer timer : timers) {
            timer.record(duration);
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        timers.add(Timer.builder("scraper.fetch.duration")
                .description("Attempts at pages, robots.txt and sitemaps, from the name lookup to the end of the body")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry));
        gauge(registry, "scraper.active.connections", "Connections in use", crawl -> crawl.traffic.connections().now());
        gauge(registry, "scraper.workers", "Workers of running crawls", crawl -> crawl.pool.size());
        gauge(registry, "scraper.workers.busy", "Workers that hold a lease", crawl -> crawl.pool.busy());
        gauge(registry, "scraper.results.queue.size", "Outcomes on their way to the sink",
                crawl -> crawl.results.size());
        gauge(registry, "scraper.results.queue.capacity", "Outcomes that may be on their way to the sink",
                crawl -> crawl.results.capacity());
        String urls = "URLs in the frontier";
        gauge(registry, "scraper.frontier.urls", urls, crawl -> crawl.frontier.snapshot().ready(), "state", "ready");
        gauge(registry, "scraper.frontier.urls", urls, crawl -> crawl.frontier.snapshot().delayed(), "state",
                "delayed");
        gauge(registry, "scraper.frontier.urls", urls, crawl -> crawl.frontier.snapshot().leased(), "state", "leased");
        for (Circuit.Phase phase : Circuit.Phase.values()) {
            gauge(registry, "scraper.hosts", "Hosts by the state of their circuit",
                    crawl -> crawl.frontier.snapshot().hosts().getOrDefault(phase, 0), "circuit",
                    phase.name().toLowerCase(Locale.ROOT));
        }
        gauge(registry, "scraper.crawls", "Crawls by state", _ -> 1, "state", "running");
        Gauge.builder("scraper.crawls", this, CrawlMeters::ended)
                .description("Crawls by state")
                .tags("state", "ended")
                .strongReference(true)
                .register(registry);
        counter(registry, "scraper.leaked.tasks", "Threads that crawls left behind", crawl -> crawl.leakedTasks);
        bindCounters(registry);
    }

    private double ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void bindCounters(MeterRegistry registry) {
        String fetches = "URLs by outcome";
        counter(registry, "scraper.fetches", fetches, crawl -> crawl.totals.snapshot().ok(), "outcome", "ok",
                "reason", "");
        counter(registry, "scraper.fetches", fetches, crawl -> crawl.totals.snapshot().redirected(), "outcome",
                "redirected", "reason", "");
        REASONS.forEach((outcome, reasons) -> reasons.forEach(reason -> counter(registry, "scraper.fetches", fetches,
                crawl -> crawl.totals.snapshot().reasons().getOrDefault(reason, 0L), "outcome", outcome,
                "reason", reason)));
        for (int statusClass = 1; statusClass <= 5; statusClass++) {
            int counted = statusClass;
            counter(registry, "scraper.http.responses", "Responses by status class",
                    crawl -> crawl.traffic.responses(counted), "status_class", counted + "xx");
        }
        for (Stage stage : Stage.values()) {
            counter(registry, "scraper.deadline.exceeded", "Deadlines that passed, by the stage that spent them",
                    crawl -> crawl.frontier.snapshot().deadlineExceeded().getOrDefault(stage, 0L), "stage",
                    stage.label());
        }
        counter(registry, "scraper.fetched.bytes", "Decoded body bytes", crawl -> crawl.traffic.bytes());
        counter(registry, "scraper.retries", "Attempts after the first", crawl -> crawl.frontier.snapshot().retries());
        counter(registry, "scraper.items", "Items written", crawl -> crawl.totals.snapshot().items());
    }

    private void gauge(MeterRegistry registry, String name, String about, ToDoubleFunction<Measured> read,
            String... tags) {
        Gauge.builder(name, this, meters -> meters.live.stream().mapToDouble(read).sum())
                .description(about)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String about, ToDoubleFunction<Measured> read,
            String... tags) {
        Counted counted = new Counted(read);
        lock.lock();
        try {
            counters.add(counted);
        } finally {
            lock.unlock();
        }
        FunctionCounter.builder(name, counted, Counted::sum).description(about).tags(tags).register(registry);
    }

    /** A counter: what live crawls say, and what ended ones said last. Kept alive by {@link #counters}. */
    private final class Counted {

        private final ToDoubleFunction<Measured> read;

        private double before; // guarded by the meters' lock

        Counted(ToDoubleFunction<Measured> read) {
            this.read = read;
        }

        double sum() {
            lock.lock();
            try {
                return before + live.stream().mapToDouble(read).sum();
            } finally {
                lock.unlock();
            }
        }

        void remember(Measured crawl) {
            before += read.applyAsDouble(crawl);
        }
    }

    /** A crawl that is being measured: the rooms that count. Closed when the crawl has ended. */
    public final class Measured implements AutoCloseable {

        private final Frontier frontier;
        private final Traffic traffic;
        private final Channel<?> results;
        private final WorkerPool pool;
        private final Totals totals;
        private volatile int leakedTasks;

        private Measured(Frontier frontier, Traffic traffic, Channel<?> results, WorkerPool pool, Totals totals) {
            this.frontier = frontier;
            this.traffic = traffic;
            this.results = results;
            this.pool = pool;
            this.totals = totals;
        }

        /** Says how many threads the crawl left behind. */
        public void leaked(int tasks) {
            leakedTasks = tasks;
        }

        /** Ends the measuring: gauges forget the crawl, counters keep it. Idempotent. */
        @Override
        public void close() {
            lock.lock();
            try {
                if (live.remove(this)) {
                    ended++;
                    for (Counted counter : counters) {
                        counter.remember(this);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
