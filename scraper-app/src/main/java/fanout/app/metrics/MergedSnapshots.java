package fanout.app.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Scrapes of several registries as one: the series of a metric stand together, under one description, as the format
 * requires. What counts gets the time since which it does, which is its registry's.
 */
final class MergedSnapshots {

    private MergedSnapshots() {}

    /**
     * What one registry has.
     *
     * @param createdMillis when it was made
     */
    record Source(MetricSnapshots metrics, long createdMillis) {}

    private record Part(MetricSnapshot metric, long createdMillis) {}

    static MetricSnapshots of(List<Source> sources) {
        Map<String, List<Part>> byName = new LinkedHashMap<>();
        sources.forEach(source -> source.metrics()
                .forEach(metric -> byName
                        .computeIfAbsent(metric.getMetadata().getPrometheusName(), _ -> new ArrayList<>())
                        .add(new Part(metric, source.createdMillis()))));
        return new MetricSnapshots(byName.values().stream().map(MergedSnapshots::merged).toList());
    }

    /** Registries that name a metric alike must agree on its kind. */
    private static MetricSnapshot merged(List<Part> parts) {
        MetricSnapshot first = parts.getFirst().metric();
        MetricMetadata about = first.getMetadata();
        return switch (first) {
            case CounterSnapshot _ -> new CounterSnapshot(about, points(parts, CounterSnapshot.class,
                    CounterSnapshot::getDataPoints, MergedSnapshots::since));
            case GaugeSnapshot _ ->
                    new GaugeSnapshot(about, MergedSnapshots.<GaugeSnapshot, GaugeDataPointSnapshot>points(
                            parts, GaugeSnapshot.class, GaugeSnapshot::getDataPoints, (point, _) -> point));
            case HistogramSnapshot _ -> new HistogramSnapshot(about, points(parts, HistogramSnapshot.class,
                    HistogramSnapshot::getDataPoints, MergedSnapshots::since));
            case SummarySnapshot _ -> new SummarySnapshot(about, points(parts, SummarySnapshot.class,
                    SummarySnapshot::getDataPoints, MergedSnapshots::since));
            default -> throw new IllegalStateException("meters of crawls are of other kinds: " + first.getClass());
        };
    }

    private static <S extends MetricSnapshot, P> List<P> points(List<Part> parts, Class<S> kind,
            Function<S, List<P>> of, BiFunction<P, Long, P> since) {
        return parts.stream()
                .flatMap(part -> of.apply(kind.cast(part.metric()))
                        .stream()
                        .map(point -> since.apply(point, part.createdMillis())))
                .toList();
    }

    private static CounterDataPointSnapshot since(CounterDataPointSnapshot point, long created) {
        return new CounterDataPointSnapshot(point.getValue(), point.getLabels(), point.getExemplar(), created);
    }

    private static HistogramDataPointSnapshot since(HistogramDataPointSnapshot point, long created) {
        return new HistogramDataPointSnapshot(point.getClassicBuckets(), point.getSum(), point.getLabels(),
                point.getExemplars(), created);
    }

    private static SummaryDataPointSnapshot since(SummaryDataPointSnapshot point, long created) {
        return new SummaryDataPointSnapshot(point.getCount(), point.getSum(), point.getQuantiles(), point.getLabels(),
                point.getExemplars(), created);
    }
}
