package fanout.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Circuit;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each meter reads what its name and its labels say: every number of a reading is another one. */
class MeterNamesTest {

    /** Meters hold it weakly. */
    private final Sums sums = new Sums();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        registry.close();
    }

    private static Map<Reason, Long> reasons() {
        Map<Reason, Long> counts = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            counts.put(reason, 1_000L + counts.size());
        }
        return counts;
    }

    private static Map<Stage, Long> stages() {
        Map<Stage, Long> counts = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            counts.put(stage, 2_000L + counts.size());
        }
        return counts;
    }

    private static final MeterCounts COUNTS =
            new MeterCounts(21, 22, reasons(), List.of(31L, 32L, 33L, 34L, 35L), stages(), 41,
                    42, 43, 44, 45, 46);
    private static final MeterReading READING = new MeterReading(1, 2, 3, 4, 5, 6, 7, 8, true,
            Map.of(Circuit.Phase.CLOSED, 9, Circuit.Phase.OPEN, 10, Circuit.Phase.HALF_OPEN, 11), COUNTS);

    /** Two crawls that run, and are alike; three have ended. */
    private static final class Sums implements CrawlSums {
        @Override
        public int running() {
            return 2;
        }

        @Override
        public long ended() {
            return 3;
        }

        @Override
        public double ofRunning(ToDoubleFunction<MeterReading> read) {
            return 2 * read.applyAsDouble(READING);
        }

        @Override
        public double ofAll(ToDoubleFunction<MeterCounts> read) {
            return 5 * read.applyAsDouble(COUNTS);
        }
    }

    private static String key(Meter meter) {
        String labels = meter.getId().getTags().stream().map(Tag::getValue).collect(Collectors.joining(" "));
        return meter.getId().getName() + (labels.isEmpty() ? "" : " " + labels);
    }

    @Test
    void gaugesAreOfTheCrawlsThatRun() {
        new MeterNames(sums, registry).bindGauges();
        Map<String, Double> values = new TreeMap<>();
        registry.getMeters().forEach(meter -> values.put(key(meter), ((Gauge) meter).value()));

        assertThat(values).isEqualTo(Map.ofEntries(
                Map.entry("scraper.active.connections", 2.0), Map.entry("scraper.workers", 4.0),
                Map.entry("scraper.workers.busy", 6.0), Map.entry("scraper.results.queue.size", 8.0),
                Map.entry("scraper.results.queue.capacity", 10.0), Map.entry("scraper.frontier.urls ready", 12.0),
                Map.entry("scraper.frontier.urls delayed", 14.0), Map.entry("scraper.frontier.urls leased", 16.0),
                Map.entry("scraper.crawls.stalled", 2.0), Map.entry("scraper.hosts closed", 18.0),
                Map.entry("scraper.hosts open", 20.0), Map.entry("scraper.hosts half_open", 22.0),
                Map.entry("scraper.crawls running", 2.0), Map.entry("scraper.crawls ended", 3.0)));
    }

    @Test
    void countersAreOfAllCrawls() {
        new MeterNames(sums, registry).bindCounters();
        Map<String, Double> values = new TreeMap<>();
        registry.getMeters().forEach(meter -> values.put(key(meter), ((FunctionCounter) meter).count()));

        Map<String, Double> expected = new TreeMap<>(Map.ofEntries(
                Map.entry("scraper.http.responses 1xx", 155.0), Map.entry("scraper.http.responses 2xx", 160.0),
                Map.entry("scraper.http.responses 3xx", 165.0), Map.entry("scraper.http.responses 4xx", 170.0),
                Map.entry("scraper.http.responses 5xx", 175.0), Map.entry("scraper.fetched.bytes", 205.0),
                Map.entry("scraper.retries", 210.0), Map.entry("scraper.items", 215.0),
                Map.entry("scraper.items.dropped", 220.0), Map.entry("scraper.leaked.tasks", 225.0),
                Map.entry("scraper.sink.failures", 230.0), Map.entry("scraper.fetches ok ", 105.0),
                Map.entry("scraper.fetches redirected ", 110.0)));
        reasons().forEach((reason, count) -> expected
                .put("scraper.fetches " + reason.outcome() + " " + reason.label(), 5.0 * count));
        stages().forEach((stage, count) -> expected.put("scraper.deadline.exceeded " + stage.label(), 5.0 * count));
        assertThat(values).isEqualTo(expected);
    }

    /** A reading is of its moment, whatever becomes of what it was made from. */
    @Test
    void readingsAndCountsShareNothing() {
        Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Map.of(Circuit.Phase.OPEN, 1));
        Map<Reason, Long> reasons = new EnumMap<>(Map.of(Reason.DNS, 1L));
        Map<Stage, Long> stages = new EnumMap<>(Map.of(Stage.DNS, 1L));
        List<Long> responses = new ArrayList<>(List.of(1L, 1L, 1L, 1L, 1L));
        MeterCounts counts = new MeterCounts(0, 0, reasons, responses, stages, 0, 0, 0, 0, 0, 0);
        MeterReading reading = new MeterReading(0, 0, 0, 0, 0, 0, 0, 0, false, hosts, counts);
        hosts.put(Circuit.Phase.OPEN, 2);
        reasons.put(Reason.DNS, 2L);
        stages.put(Stage.DNS, 2L);
        responses.set(0, 2L);

        assertThat(reading.hosts()).isEqualTo(Map.of(Circuit.Phase.OPEN, 1));
        assertThat(counts.reasons()).isEqualTo(Map.of(Reason.DNS, 1L));
        assertThat(counts.deadlineExceeded()).isEqualTo(Map.of(Stage.DNS, 1L));
        assertThat(counts.responses()).isEqualTo(List.of(1L, 1L, 1L, 1L, 1L));
    }
}
