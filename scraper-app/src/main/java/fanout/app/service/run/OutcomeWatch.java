package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.Sink;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Sees the outcomes of a crawl on their way to the files: how many had which reason, and how long attempts take of late. */
final class OutcomeWatch implements Sink {

    /** Of more outcomes between two looks than this, the last ones count. */
    private static final int RECENT = 1024;

    private final ReentrantLock lock = new ReentrantLock();

    /** By their labels, those of earlier runs included. */
    @GuardedBy("lock")
    private final Map<String, Long> reasons = new TreeMap<>();
    @GuardedBy("lock")
    private final double[] recent = new double[RECENT];
    @GuardedBy("lock")
    private int seen;

    @Override
    public void write(Outcome outcome) {
        lock.lock();
        try {
            outcome.reason().ifPresent(reason -> reasons.merge(reason.label(), 1L, Long::sum));
            outcome.trail().last().ifPresent(attempt -> {
                recent[seen % RECENT] = attempt.duration().toNanos() / 1e6;
                seen++;
            });
        } finally {
            lock.unlock();
        }
    }

    /** It has no file: what it has counted is in the journal, as its position. */
    @Override
    public boolean isResumable() {
        return true;
    }

    @Override
    public Position commit() {
        String counts = reasons().entrySet()
                .stream()
                .map(reason -> reason.getKey() + "=" + reason.getValue())
                .collect(Collectors.joining(","));
        return new Position(counts, List.of());
    }

    @Override
    public void resumeAt(Position position) {
        lock.lock();
        try {
            reasons.clear();
            for (String count : position.place().isEmpty() ? new String[0] : position.place().split(",", -1)) {
                int sign = count.indexOf('=');
                reasons.put(count.substring(0, sign), Long.valueOf(count.substring(sign + 1)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts of reasons, by their labels. */
    Map<String, Long> reasons() {
        lock.lock();
        try {
            return new TreeMap<>(reasons);
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long attempts took, in milliseconds.
     *
     * @param p50 0 if there were none
     */
    record Latency(double p50, double p90) {}

    /** Of the attempts since the last call. */
    Latency takeLatency() {
        double[] sorted;
        lock.lock();
        try {
            sorted = Arrays.copyOf(recent, Math.min(seen, RECENT));
            seen = 0;
        } finally {
            lock.unlock();
        }
        Arrays.sort(sorted);
        return sorted.length == 0 ? new Latency(0, 0)
                : new Latency(sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.9)]);
    }
}
