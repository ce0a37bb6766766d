package fanout.report;

import fanout.outcome.Reason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Every discovered URL, counted once by its outcome: an invariant, not a statistic. Immutable.
 *
 * @param reasons counts of the reasons that occurred, in the order of {@link Reason}
 */
public record Accounting(
        long discovered,
        long ok,
        long redirected,
        long failed,
        long skipped,
        long cancelled,
        Map<Reason, Long> reasons) {

    /** A crawl that discovered nothing. */
    public static final Accounting NONE = new Accounting(0, 0, 0, 0, 0, 0, Map.of());

    public Accounting {
        Map<Reason, Long> copy = new EnumMap<>(Reason.class);
        copy.putAll(reasons);
        reasons = Collections.unmodifiableMap(copy);
    }

    /** Whether every discovered URL has its one outcome. */
    public boolean isBalanced() {
        return discovered == ok + redirected + failed + skipped + cancelled;
    }
}
