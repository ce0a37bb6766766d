package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.LeakCheck;
import fanout.sink.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A sink that remembers, and judges a report by what it was given. */
final class Recorded implements Sink {

    private final List<Outcome> outcomes = new ArrayList<>();

    @Override
    public void write(Outcome outcome) {
        outcomes.add(outcome);
    }

    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    List<String> urls(String name) {
        return outcomes.stream().filter(outcome -> outcome.name().equals(name)).map(Recorded::url).toList();
    }

    static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    /** Outcomes counted by {@code name} or {@code name/reason}. */
    Map<String, Long> counts() {
        return outcomes.stream()
                .collect(Collectors.groupingBy(
                        outcome -> outcome.name() + outcome.reason().map(reason -> "/" + reason).orElse(""),
                        TreeMap::new,
                        Collectors.counting()));
    }

    Outcome only(String url) {
        List<Outcome> found = outcomes.stream().filter(outcome -> url(outcome).equals(url)).toList();
        assertThat(found).as("outcomes of %s", url).hasSize(1);
        return found.getFirst();
    }

    /** One outcome a URL, the report says the same, and nothing is left behind. */
    void agreesWith(CrawlReport report) {
        assertThat(outcomes).extracting(Recorded::url).doesNotHaveDuplicates();
        Map<String, Long> counted =
                outcomes.stream().collect(Collectors.groupingBy(Outcome::name, Collectors.counting()));
        Function<String, Long> count = name -> counted.getOrDefault(name, 0L);
        assertThat(report.accounting().isBalanced()).as("%s", report.accounting()).isTrue();
        assertThat(report.accounting().discovered()).isEqualTo(outcomes.size());
        assertThat(report.accounting().ok()).isEqualTo(count.apply("ok"));
        assertThat(report.accounting().redirected()).isEqualTo(count.apply("redirected"));
        assertThat(report.accounting().failed()).isEqualTo(count.apply("failed"));
        assertThat(report.accounting().skipped()).isEqualTo(count.apply("skipped"));
        assertThat(report.accounting().cancelled()).isEqualTo(count.apply("cancelled"));
        assertThat(report.leakCheck()).isEqualTo(new LeakCheck(0, 0, 0, 0, 0));
    }
}
