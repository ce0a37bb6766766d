package fanout.app.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A registry for the crawls of each job, whose meters carry the label {@code crawl_job}, and one for everything else;
 * all are scraped as one. The first jobs have registries of their own, further ones share that of {@code other}: the
 * label has a bounded number of values, and a counter that was shown stays. A job that is named {@code other} shares
 * it, too.
 *
 * <p>A job's counters are there, and 0, from the moment in which the job is known, which is before its first crawl
 * runs.
 *
 * <p>Thread-safe. Owns the registries.
 */
public final class JobRegistries implements AutoCloseable {

    private static final String OTHER = "other";
    /** Before every time, and no number of pages: a gauge that has no value is not there. */
    private static final long NEVER = -1;

    private final int most;
    private final MeterBinder crawlMeters;
    private final ScrapedRegistry own = new ScrapedRegistry();
    private final Exposition exposition = new Exposition(this::gathered);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, OfJob> jobs = new LinkedHashMap<>();

    /**
     * Registries, of which that of {@code other} is there from now on.
     *
     * @param most jobs that have a registry of their own
     * @param crawlMeters registers what crawls count
     */
    public JobRegistries(int most, MeterBinder crawlMeters) {
        this.most = most;
        this.crawlMeters = crawlMeters;
        job(OTHER);
    }

    /** What is measured of a job. */
    private static final class OfJob {

        private final ScrapedRegistry registry = new ScrapedRegistry();
        private final Map<CrawlResult, Counter> ended = new EnumMap<>(CrawlResult.class);
        private final Counter overQuota;
        private final AtomicLong lastSuccess = new AtomicLong(NEVER);
        private final AtomicLong lastPages = new AtomicLong(NEVER);

        private OfJob(String name, MeterBinder crawlMeters) {
            MeterRegistry meters = registry.meters();
            meters.config().commonTags("crawl_job", name);
            crawlMeters.bindTo(meters);
            for (CrawlResult result : CrawlResult.values()) {
                ended.put(result, Counter.builder("scraper.crawls.ended")
                        .description("Crawls that have ended, by their result")
                        .tag("result", result.label())
                        .register(meters));
            }
            overQuota = Counter.builder("scraper.quota.exceeded")
                    .description("Crawls that have ended because they reached maxBytesPerCrawl")
                    .register(meters);
        }

        /** Jobs that share this have the latest success of any of them. */
        private void succeeded(Instant at) {
            if (lastSuccess.getAndAccumulate(at.toEpochMilli(), Math::max) == NEVER) {
                Gauge.builder("scraper.crawl.last.success.timestamp", lastSuccess, millis -> millis.get() / 1e3)
                        .baseUnit("seconds")
                        .description("When a crawl of the job last ended as a success, in seconds since 1970")
                        .register(registry.meters());
            }
        }

        private void pages(long pages) {
            if (lastPages.getAndSet(pages) == NEVER) {
                Gauge.builder("scraper.crawl.last.pages", lastPages, AtomicLong::get)
                        .description("Pages that were ok in the crawl of the job that ended last")
                        .register(registry.meters());
            }
        }
    }

    /** For meters that belong to no job. */
    public MeterRegistry own() {
        return own.meters();
    }

    /** For the crawls of a job. */
    public MeterRegistry ofJob(String name) {
        return job(name).registry.meters();
    }

    private OfJob job(String name) {
        return known(name).orElseGet(() -> added(name, new OfJob(name, crawlMeters)));
    }

    private Optional<OfJob> known(String name) {
        lock.lock();
        try {
            OfJob known = jobs.get(name);
            return Optional.ofNullable(known == null && jobs.size() > most ? jobs.get(OTHER) : known);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a job, unless another thread has, or has added the last one, since it was looked for. */
    private OfJob added(String name, OfJob fresh) {
        lock.lock();
        try {
            if (!jobs.containsKey(name) && jobs.size() <= most) {
                jobs.put(name, fresh);
                return fresh;
            }
        } finally {
            lock.unlock();
        }
        fresh.registry.close();
        return known(name).orElseThrow();
    }

    /**
     * Counts the end of a crawl.
     *
     * @param overQuota whether it ended because it reached {@code maxBytesPerCrawl}
     */
    public void ended(String job, CrawlResult result, boolean overQuota, Instant at) {
        OfJob ended = job(job);
        Objects.requireNonNull(ended.ended.get(result)).increment();
        if (overQuota) {
            ended.overQuota.increment();
        }
        if (result == CrawlResult.SUCCESS) {
            ended.succeeded(at);
        }
    }

    /** Shows when a job last succeeded: what an earlier process knew, or this one has just learned. */
    public void lastSuccess(String job, Instant at) {
        job(job).succeeded(at);
    }

    /** Shows how many pages were ok in the latest run of a job. */
    public void lastPages(String job, long pages) {
        job(job).pages(pages);
    }

    /**
     * Answers a scrape of all meters.
     *
     * @param accept which formats the scraper reads; empty: Prometheus' text format
     */
    public Scrape scrape(String accept) {
        return exposition.scrape(accept);
    }

    private MetricSnapshots gathered() {
        List<ScrapedRegistry> registries = new ArrayList<>(List.of(own));
        lock.lock();
        try {
            jobs.values().forEach(job -> registries.add(job.registry));
        } finally {
            lock.unlock();
        }
        return MergedSnapshots.of(registries.stream().map(ScrapedRegistry::source).toList());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            jobs.values().forEach(job -> job.registry.close());
        } finally {
            lock.unlock();
        }
        own.close();
    }
}
