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
    private final Exposition exposition = new Exposition(() -> MergedSnapshots.of(List.of(source())));

    /** For meters. */
    public MeterRegistry meters() {
        return meters;
    }

    /**
     * Answers a scrape of this registry alone.
     *
     * @param accept which formats the scraper reads; empty: Prometheus' text format
     */
    public Scrape scrape(String accept) {
        return exposition.scrape(accept);
    }

    MergedSnapshots.Source source() {
        return new MergedSnapshots.Source(scrape.scrape(), createdMillis);
    }

    @Override
    public void close() {
        meters.close();
    }
}
