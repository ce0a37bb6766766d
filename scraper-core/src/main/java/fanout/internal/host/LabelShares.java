package fanout.internal.host;

import fanout.page.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How many more pages of each limited label may become ok, at all hosts together. A page in flight holds its label's
 * share in advance, as it holds that of the crawl and of its host. A label is known here by its number.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class LabelShares {

    /** Of a page whose label has no limit. */
    static final int UNLIMITED = -1;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final long[] most;
    private final long[] ok;
    private final long[] inFlight;

    LabelShares(SortedMap<String, Long> limits) {
        names = List.copyOf(limits.keySet());
        most = limits.values().stream().mapToLong(Long::longValue).toArray();
        ok = new long[most.length];
        inFlight = new long[most.length];
        for (String name : names) {
            numbers.put(name, numbers.size());
        }
    }

    /** Returns how many labels are limited. */
    int count() {
        return most.length;
    }

    /** Returns the number of a request's label; {@link #UNLIMITED} if that has no limit, or if it is for no page. */
    int of(Request request) {
        return most.length == 0 || request.isExternal() ? UNLIMITED : of(request.label());
    }

    private int of(Optional<String> label) {
        return label.isEmpty() ? UNLIMITED : numbers.getOrDefault(label.get(), UNLIMITED);
    }

    /** Whether so many pages of a label were ok that none is asked for any more in this run. */
    boolean isSpent(int label) {
        return label != UNLIMITED && ok[label] >= most[label];
    }

    /** Whether one more page may be leased, each of those in flight counted as ok. */
    boolean allowsOneMore(int label) {
        return label == UNLIMITED || ok[label] + inFlight[label] < most[label];
    }

    /** A page of the label is under way. */
    void leased(int label) {
        if (label != UNLIMITED) {
            inFlight[label]++;
        }
    }

    /** It has ended; one that is ok is {@linkplain #ok counted}, too. */
    void ended(int label) {
        if (label != UNLIMITED) {
            inFlight[label]--;
        }
    }

    /** A page of the label is ok; returns whether it was the last. */
    boolean ok(int label) {
        return label != UNLIMITED && ++ok[label] == most[label];
    }

    /** So many pages of a label were ok in earlier runs, besides those of other calls. */
    public void restore(Optional<String> label, long pages) {
        int number = of(label);
        if (number != UNLIMITED) {
            ok[number] += pages;
        }
    }

    /** A label that is limited, and how many of its pages were ok. */
    public record Count(String label, long ok) {}

    /** Returns the label of a request that will not be sent in this run, since the label has as many as it may. */
    public Optional<Count> spentBy(Request request) {
        int label = of(request);
        return isSpent(label) ? Optional.of(new Count(names.get(label), ok[label])) : Optional.empty();
    }
}
