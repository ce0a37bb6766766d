package fanout.app.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A registry for the crawls of each job, whose meters carry the label {@code crawl_job}, and one for everything else; all are
 * scraped as one. The first jobs have registries of their own, further ones share that of {@code other}: the label has a bounded
 * number of values, and a counter that was shown stays. A job that is named {@code other} shares it, too.
 *
 * <p>Thread-safe. Owns the registries.
 */
public final class JobRegistries implements AutoCloseable {

    private static final String OTHER = "other";

    private final int most;
    private final PrometheusRegistry ownScrape = new PrometheusRegistry();
    private final PrometheusMeterRegistry own = registry(ownScrape);
    private final PrometheusMeterRegistry all;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, OfJob> jobs = new LinkedHashMap<>();

    /** @param most jobs that have a registry of their own */
    public JobRegistries(int most) {
        this.most = most;
        ofJob(OTHER);
        PrometheusRegistry gathering = new PrometheusRegistry();
        MultiCollector gathered = this::gathered;
        gathering.register(gathered);
        this.all = registry(gathering);
    }

    private record OfJob(PrometheusMeterRegistry registry, PrometheusRegistry scrape) {}

    private static PrometheusMeterRegistry registry(PrometheusRegistry scrape) {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, scrape,
                Clock.SYSTEM);
    }

    /** For meters that belong to no job. */
    public MeterRegistry own() {
        return own;
    }

    /** For the crawls of a job. */
    public MeterRegistry ofJob(String name) {
        lock.lock();
        try {
            OfJob known = jobs.get(name);
            if (known != null) {
                return known.registry;
            }
            if (jobs.size() > most) {
                return Objects.requireNonNull(jobs.get(OTHER)).registry;
            }
            PrometheusRegistry scrape = new PrometheusRegistry();
            PrometheusMeterRegistry registry = registry(scrape);
            registry.config().commonTags("crawl_job", name);
            jobs.put(name, new OfJob(registry, scrape));
            return registry;
        } finally {
            lock.unlock();
        }
    }

    /** All meters in Prometheus' text format. */
    public String scrape() {
        return all.scrape();
    }

    private MetricSnapshots gathered() {
        List<MetricSnapshots> scrapes = new ArrayList<>(List.of(ownScrape.scrape()));
        lock.lock();
        try {
            jobs.values().forEach(job -> scrapes.add(job.scrape.scrape()));
        } finally {
            lock.unlock();
        }
        return MergedSnapshots.of(scrapes);
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
        all.close();
    }
}
