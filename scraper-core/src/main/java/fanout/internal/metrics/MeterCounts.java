package fanout.internal.metrics;

import fanout.outcome.Reason;
import fanout.outcome.Stage;
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
record MeterCounts(
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
    static final MeterCounts NONE =
            new MeterCounts(0, 0, Map.of(), List.of(0L, 0L, 0L, 0L, 0L), Map.of(), 0, 0, 0, 0, 0, 0);

    MeterCounts {
        reasons = Map.copyOf(reasons);
        responses = List.copyOf(responses);
        deadlineExceeded = Map.copyOf(deadlineExceeded);
    }

    MeterCounts plus(MeterCounts more) {
        return plus(more, 1);
    }

    /** What has been counted since then. */
    MeterCounts since(MeterCounts before) {
        return plus(before, -1);
    }

    /** @param sign 1 or -1 */
    private MeterCounts plus(MeterCounts more, int sign) {
        return new MeterCounts(ok + sign * more.ok, redirected + sign * more.redirected,
                sum(reasons, more.reasons, sign),
                IntStream.range(0, STATUS_CLASSES)
                        .mapToObj(i -> responses.get(i) + sign * more.responses.get(i))
                        .toList(),
                sum(deadlineExceeded, more.deadlineExceeded, sign), bytes + sign * more.bytes,
                retries + sign * more.retries, items + sign * more.items,
                itemsDropped + sign * more.itemsDropped, leakedTasks + sign * more.leakedTasks,
                sinkFailures + sign * more.sinkFailures);
    }

    private static <K> Map<K, Long> sum(Map<K, Long> some, Map<K, Long> more, int sign) {
        Map<K, Long> sums = new HashMap<>(some);
        more.forEach((key, count) -> sums.merge(key, sign * count, Long::sum));
        return sums;
    }
}
