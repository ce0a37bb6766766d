package fanout.app.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers scrapes in the format that the scraper asks for: OpenMetrics, where counters come with the time since which
 * they count ({@code _created}), or Prometheus' text format. Thread-safe. Holds nothing that must be closed: its
 * registries have no meters, and the collectors that it reads are not its own.
 */
final class Exposition {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry plain;
    private final PrometheusMeterRegistry withTimes;

    Exposition(Supplier<MetricSnapshots> metrics) {
        PrometheusRegistry gathering = new PrometheusRegistry();
        MultiCollector collector = metrics::get;
        gathering.register(collector);
        this.plain = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, gathering, Clock.SYSTEM);
        this.withTimes = new PrometheusMeterRegistry(new WithTimes(), gathering, Clock.SYSTEM);
    }

    /** Every setting is the default, but that counters say since when they count. */
    private static final class WithTimes implements PrometheusConfig {

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            Properties properties = new Properties();
            properties.setProperty("io.prometheus.exporter.include_created_timestamps", "true");
            return properties;
        }
    }

    /** @param accept the header of that name; empty if there is none */
    Scrape scrape(String accept) {
        return accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS)
                ? scrape(withTimes, OPEN_METRICS + "; version=1.0.0; charset=utf-8")
                : scrape(plain, PLAIN);
    }

    private static Scrape scrape(PrometheusMeterRegistry registry, String type) {
        return new Scrape(type, registry.scrape(type).getBytes(UTF_8));
    }
}
