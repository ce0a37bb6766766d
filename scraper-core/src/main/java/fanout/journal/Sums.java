package fanout.journal;

import fanout.internal.annotation.Internal;
import fanout.outcome.Fetched;
import fanout.outcome.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What outcomes add up to. Not thread-safe. */
@Internal
public final class Sums {

    /** Longer than a crawl lasts. */
    private static final long LONGEST_MICROS = 1L << 56;

    private final SortedMap<String, Long> outcomes = new TreeMap<>();
    private final SortedMap<String, Long> reasons = new TreeMap<>();
    /** In microseconds, to three significant digits. */
    private final Histogram durations = new Histogram(3);
    private Duration longest = Duration.ZERO;
    private long items;
    private long itemsDropped;
    private long bytes;

    /** Adds an outcome. */
    public void add(Result result) {
        outcomes.merge(result.outcome(), 1L, Long::sum);
        result.reason().ifPresent(reason -> reasons.merge(reason, 1L, Long::sum));
        items += result.items();
        itemsDropped += result.itemsDropped();
        bytes += result.bytes();
        result.duration().ifPresent(duration -> {
            durations.recordValue(TimeUnit.MICROSECONDS.convert(duration));
            longest = duration.compareTo(longest) > 0 ? duration : longest;
        });
    }

    /** Adds what other outcomes add up to. */
    public void add(Sums other) {
        other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        other.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        durations.add(other.durations);
        longest = other.longest.compareTo(longest) > 0 ? other.longest : longest;
        items += other.items;
        itemsDropped += other.itemsDropped;
        bytes += other.bytes;
    }

    /** Outcomes of this name. */
    public long outcomes(String name) {
        return outcomes.getOrDefault(name, 0L);
    }

    /** All outcomes. */
    public long outcomes() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Pages that were ok, without links out of scope. */
    public long ok() {
        return outcomes(Fetched.NAME);
    }

    /** Outcomes by the label of their reason. */
    public SortedMap<String, Long> reasons() {
        return reasons;
    }

    public long items() {
        return items;
    }

    public long itemsDropped() {
        return itemsDropped;
    }

    public long bytes() {
        return bytes;
    }

    /** The longest duration. */
    public Duration longest() {
        return longest;
    }

    /** A histogram knows its values to three digits only: a percentile may come out above the exact maximum. */
    public Duration percentile(double percent) {
        Duration rounded = Duration.of(durations.getValueAtPercentile(percent), ChronoUnit.MICROS);
        return rounded.compareTo(longest) > 0 ? longest : rounded;
    }

    void write(RecordWriter out) {
        write(outcomes, out);
        write(reasons, out);
        out.number(items).number(itemsDropped).number(bytes).duration(longest);
        long values = 0;
        for (var _ : durations.recordedValues()) {
            values++;
        }
        out.number(values);
        durations.recordedValues()
                .forEach(value -> out.number(value.getValueIteratedTo()).number(value.getCountAtValueIteratedTo()));
    }

    private static void write(SortedMap<String, Long> counts, RecordWriter out) {
        out.number(counts.size());
        counts.forEach((word, count) -> out.word(word).number(count));
    }

    static Sums read(RecordReader in) throws DamageException {
        Sums sums = new Sums();
        read(in, sums.outcomes);
        read(in, sums.reasons);
        sums.reasons.keySet().forEach(Reason::ofLabel); // each is one
        sums.items = in.number();
        sums.itemsDropped = in.number();
        sums.bytes = in.number();
        sums.longest = in.duration();
        for (long left = in.number(); left > 0; left--) {
            long micros = in.number();
            long count = in.number();
            if (micros < 0 || micros > LONGEST_MICROS || count < 1) {
                throw new DamageException("no durations");
            }
            sums.durations.recordValueWithCount(micros, count);
        }
        return sums;
    }

    private static void read(RecordReader in, SortedMap<String, Long> counts) throws DamageException {
        for (int left = in.smallNumber(); left > 0; left--) {
            counts.put(in.word(), in.number());
        }
    }
}
