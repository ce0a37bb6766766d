package fanout.metrics;

import fanout.outcome.Reason;
import fanout.task.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The counts that only grow, of one crawl or the sum of several. Immutable.
 *
 * @param reasons outcomes by reason, of those that have one
 * @param responses by status class, from 1xx to 5xx
 */
record Counts(
        long ok,
        long redirected,
        Map<Reason, Long> reasons,
        List<Long> responses,
        Map<Stage, Long> deadlineExceeded,
        long bytes,
        long retries,
        long items,
        long itemsDropped,
        long leakedTasks,
        long sinkFailures) {

    static final int STATUS_CLASSES = 5;
    static final Counts NONE = new Counts(0, 0, Map.of(), List.of(0L, 0L, 0L, 0L, 0L), Map.of(), 0, 0, 0, 0, 0, 0);

    Counts {
        reasons = Map.copyOf(reasons);
        responses = List.copyOf(responses);
        deadlineExceeded = Map.copyOf(deadlineExceeded);
    }

    Counts plus(Counts more) {
        return new Counts(ok + more.ok, redirected + more.redirected, sum(reasons, more.reasons),
                IntStream.range(0, STATUS_CLASSES).mapToObj(i -> responses.get(i) + more.responses.get(i)).toList(),
                sum(deadlineExceeded, more.deadlineExceeded), bytes + more.bytes, retries + more.retries,
                items + more.items, itemsDropped + more.itemsDropped, leakedTasks + more.leakedTasks,
                sinkFailures + more.sinkFailures);
    }

    private static <K> Map<K, Long> sum(Map<K, Long> some, Map<K, Long> more) {
        Map<K, Long> sums = new HashMap<>(some);
        more.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }
}
