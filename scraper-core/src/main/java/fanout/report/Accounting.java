package fanout.report;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every discovered URL, counted once by its outcome: an invariant, not a statistic.
 *
 * @param reasons counts by reason, of the outcomes that have one
 */
public record Accounting(
        long discovered,
        long ok,
        long redirected,
        long failed,
        long skipped,
        long cancelled,
        SortedMap<String, Long> reasons) {

    public Accounting {
        reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    }

    /** Whether every discovered URL has its one outcome. */
    public boolean isBalanced() {
        return discovered == ok + redirected + failed + skipped + cancelled;
    }
}
