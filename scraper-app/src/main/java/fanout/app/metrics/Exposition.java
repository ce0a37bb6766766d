package fanout.app.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The answer to a scrape, in the format that the scraper asks for: OpenMetrics, where counters come with the time since which they
 * count ({@code _created}), or Prometheus' text format.
 *
 * @param type the media type
 */
public record Exposition(String type, byte[] text) {

    private static final OpenMetricsTextFormatWriter OPEN_METRICS = new OpenMetricsTextFormatWriter(true, false);
    private static final PrometheusTextFormatWriter PLAIN = PrometheusTextFormatWriter.create();

    /** @param accept the header of that name; empty if there is none */
    static Exposition of(MetricSnapshots metrics, String accept) {
        ExpositionFormatWriter format = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PLAIN;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            format.write(text, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return new Exposition(format.getContentType(), text.toByteArray());
    }
}
