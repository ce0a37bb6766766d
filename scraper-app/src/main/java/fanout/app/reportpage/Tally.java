package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts by name. There is room for so many names; what has another is counted as one of the others. Confined to one
 * thread.
 *
 * @param <C> what is counted of a name
 */
final class Tally<C> {

    private final int most;
    private final Supplier<C> zero;
    private final Map<String, C> counts = new HashMap<>();
    private Optional<C> others = Optional.empty();

    Tally(int most, Supplier<C> zero) {
        this.most = most;
        this.zero = zero;
    }

    /** What is counted of a name, and the name. */
    record Named<C>(String name, C count) {}

    /** Returns what is counted of a name, to be added to. */
    C of(String name) {
        C known = counts.get(name);
        if (known != null) {
            return known;
        }
        C fresh = zero.get();
        if (counts.size() < most) {
            counts.put(name, fresh);
            return fresh;
        }
        others = Optional.of(others.orElse(fresh));
        return others.get();
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Returns all names in an order; those of equal rank by name. */
    List<Named<C>> sorted(Comparator<C> order) {
        List<Named<C>> all = new ArrayList<>();
        counts.forEach((name, count) -> all.add(new Named<>(name, count)));
        all.sort(Comparator.comparing((Named<C> each) -> each.count, order).thenComparing(Named::name));
        return all;
    }

    /** Returns what is counted of names for which there was no room. */
    Optional<C> others() {
        return others;
    }
}
