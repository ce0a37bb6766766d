package fanout.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Measures what the frontier costs with few hosts and with many, in interleaved rounds of one process, and prints
 * medians as tables of Markdown.
 *
 * <p>{@code FrontierLoad ROUNDS FEW MANY [AT_MOST]}: the second and third are numbers of hosts. With the fourth it
 * exits with 1 if a URL costs more than that many times as much with many hosts as with few, in any scenario.
 */
public final class FrontierLoad {

    private static final int SEEN = 1_000_000;

    private final int few;
    private final int many;
    private final Map<String, Samples> rows = new LinkedHashMap<>();

    private FrontierLoad(int few, int many) {
        this.few = few;
        this.many = many;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        FrontierLoad load = new FrontierLoad(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        load.warmUp();
        for (int round = 1; round <= rounds; round++) {
            load.round();
            System.err.printf("round %d of %d%n", round, rounds);
        }
        load.heap();
        load.print();
        if (arguments.length > 3 && load.worstRatio() > Double.parseDouble(arguments[3])) {
            System.exit(1);
        }
    }

    /** Of what a URL costs, over all scenarios. */
    private double worstRatio() {
        return Scenario.all()
                .stream()
                .map(scenario -> Objects.requireNonNull(rows.get(perUrl(scenario))))
                .mapToDouble(Samples::ratio)
                .max()
                .orElseThrow();
    }

    private static String perUrl(Scenario scenario) {
        return scenario.title() + ": **take + written + finish**, ns";
    }

    /** Code that is compiled for one scenario is compiled again for the next: each runs once before the first round. */
    private void warmUp() throws InterruptedException {
        for (Scenario scenario : Scenario.all()) {
            drive(scenario, few);
        }
        Observer.of(few);
    }

    private void round() throws InterruptedException {
        for (Scenario scenario : Scenario.all()) {
            Costs ofFew = drive(scenario, few);
            Costs ofMany = drive(scenario, many);
            for (Call call : Call.values()) {
                sample(scenario.title() + ": " + call.title() + ", ns", ofFew.perCall(call), ofMany.perCall(call));
            }
            sample(perUrl(scenario), ofFew.perUrl(), ofMany.perUrl());
            sample(scenario.title() + ": dearest %d calls, ms".formatted(Drive.WORKERS), ofFew.worstMillis(),
                    ofMany.worstMillis());
        }
        Observer.Costs ofFew = Observer.of(few);
        Observer.Costs ofMany = Observer.of(many);
        sample("`snapshot()`, µs", ofFew.snapshotMicros(), ofMany.snapshotMicros());
        sample("`snapshot()` while hosts become ready, µs", ofFew.dueSnapshotMicros(), ofMany.dueSnapshotMicros());
        sample("`hosts(100)`, ms", ofFew.hostsMillis(), ofMany.hostsMillis());
    }

    /** A small crawl is driven again and again, for figures as sure as those of a large one. */
    private Costs drive(Scenario scenario, int hosts) throws InterruptedException {
        Costs costs = new Costs();
        for (int i = 0; i < Math.max(1, many / hosts / 4); i++) {
            Drive drive = new Drive(scenario, hosts, costs);
            drive.offer();
            drive.fetchAll();
            drive.leave();
        }
        return costs;
    }

    private void heap() throws InterruptedException {
        Heap ofFew = Heap.of(few, SEEN / 10);
        Heap ofMany = Heap.of(many, SEEN);
        sample("heap for a URL that waits, bytes", ofFew.waiting(), ofMany.waiting());
        sample("heap for a host with one URL, bytes", ofFew.host(), ofMany.host());
        sample("heap for a URL that was fetched, bytes (%,d and %,d URLs)".formatted(SEEN / 10, SEEN), ofFew.seen(),
                ofMany.seen());
    }

    private void sample(String row, double ofFew, double ofMany) {
        rows.computeIfAbsent(row, _ -> new Samples()).add(ofFew, ofMany);
    }

    private void print() {
        System.out.printf("| | %,d hosts | %,d hosts | ratio |%n|---|---:|---:|---:|%n", few, many);
        rows.forEach((row, samples) -> System.out.println("| " + row + " | " + samples.cells() + " |"));
    }

    /** What several rounds gave for one row. */
    private static final class Samples {

        private final List<Double> ofFew = new ArrayList<>();
        private final List<Double> ofMany = new ArrayList<>();

        void add(double few, double many) {
            ofFew.add(few);
            ofMany.add(many);
        }

        String cells() {
            return "%s | %s | %.2f".formatted(figure(median(ofFew)), figure(median(ofMany)), ratio());
        }

        /** The median of the rounds' ratios. */
        double ratio() {
            return median(IntStream.range(0, ofFew.size()).mapToObj(i -> ofMany.get(i) / ofFew.get(i)).toList());
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1
                    ? sorted.get(middle)
                    : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }

        private static String figure(double value) {
            return value < 10 ? "%.2f".formatted(value) : "%,.0f".formatted(value);
        }
    }
}
