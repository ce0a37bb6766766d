package fanout.app.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/** A registry of meters that can be scraped, and the time since which its counters count. Thread-safe. */
public final class ScrapedRegistry implements AutoCloseable {

    private final PrometheusRegistry scrape = new PrometheusRegistry();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, scrape, Clock.SYSTEM);
    private final long createdMillis = System.currentTimeMillis();

    /** For meters. */
    public MeterRegistry meters() {
        return meters;
    }

    /**
     * Answers a scrape of this registry alone.
     *
     * @param accept which formats the scraper reads; empty: Prometheus' text format
     */
    public Exposition scrape(String accept) {
        return Exposition.of(MergedSnapshots.of(List.of(scraped())), accept);
    }

    MergedSnapshots.Scrape scraped() {
        return new MergedSnapshots.Scrape(scrape.scrape(), createdMillis);
    }

    @Override
    public void close() {
        meters.close();
    }
}
