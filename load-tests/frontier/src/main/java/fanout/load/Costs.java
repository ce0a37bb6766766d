package fanout.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Map;

/**
 * CPU time of the measuring thread, by call. CPU time, because the machine may have other work, and because it leaves
 * out the collector. For one thread.
 */
final class Costs {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Call, Sum> sums = new EnumMap<>(Call.class);
    private long worst;

    private static final class Sum {
        private long nanos;
        private long calls;
    }

    /** The CPU time of the calling thread so far. */
    static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Counts calls that were begun at a reading of {@link #now}, and have ended. */
    void add(Call call, int count, long begun) {
        long spent = now() - begun;
        Sum sum = sums.computeIfAbsent(call, _ -> new Sum());
        sum.nanos += spent;
        sum.calls += count;
        worst = Math.max(worst, spent);
    }

    /** Nanoseconds of one call; not a number if there was none. */
    double perCall(Call call) {
        Sum sum = sums.get(call);
        return sum == null ? Double.NaN : (double) sum.nanos / sum.calls;
    }

    /** Nanoseconds of one URL in the hands of a worker. */
    double perUrl() {
        return perCall(Call.TAKE) + perCall(Call.WRITTEN) + perCall(Call.FINISH);
    }

    /** Milliseconds of the dearest {@link #add}: no single call took longer. */
    double worstMillis() {
        return worst / 1e6;
    }
}
