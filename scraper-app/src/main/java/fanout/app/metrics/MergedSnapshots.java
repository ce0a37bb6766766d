package fanout.app.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scrapes of several registries as one: the series of a metric stand together, under one description, as the format wants. */
final class MergedSnapshots {

    private MergedSnapshots() {}

    static MetricSnapshots of(List<MetricSnapshots> scrapes) {
        Map<String, List<MetricSnapshot>> byName = new LinkedHashMap<>();
        scrapes.forEach(scrape -> scrape.forEach(metric -> byName
                .computeIfAbsent(metric.getMetadata().getPrometheusName(), _ -> new ArrayList<>())
                .add(metric)));
        return new MetricSnapshots(byName.values().stream().map(MergedSnapshots::merged).toList());
    }

    /** Registries that name a metric alike must agree on its kind. */
    private static MetricSnapshot merged(List<MetricSnapshot> parts) {
        MetricSnapshot first = parts.getFirst();
        if (parts.size() == 1) {
            return first;
        }
        return switch (first) {
            case CounterSnapshot counter -> new CounterSnapshot(counter.getMetadata(), parts.stream()
                    .<CounterDataPointSnapshot>flatMap(part -> ((CounterSnapshot) part).getDataPoints().stream())
                    .toList());
            case GaugeSnapshot gauge -> new GaugeSnapshot(gauge.getMetadata(), parts.stream()
                    .<GaugeDataPointSnapshot>flatMap(part -> ((GaugeSnapshot) part).getDataPoints().stream())
                    .toList());
            case HistogramSnapshot histogram -> new HistogramSnapshot(histogram.getMetadata(), parts.stream()
                    .<HistogramDataPointSnapshot>flatMap(part -> ((HistogramSnapshot) part).getDataPoints().stream())
                    .toList());
            case SummarySnapshot summary -> new SummarySnapshot(summary.getMetadata(), parts.stream()
                    .<SummaryDataPointSnapshot>flatMap(part -> ((SummarySnapshot) part).getDataPoints().stream())
                    .toList());
            default -> throw new IllegalStateException("meters of crawls are of other kinds: " + first.getClass());
        };
    }
}
