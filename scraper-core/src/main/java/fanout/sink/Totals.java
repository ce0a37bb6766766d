package fanout.sink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.report.Accounting;
import fanout.report.CrawlReport.Latency;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of a crawl add up to. An outcome is counted once, when it arrives; whether a sink took it is counted
 * apart, so that the accounting holds whatever becomes of the sinks.
 *
 * <p>Thread-safe: everything is guarded by one lock, held for some microseconds at most. Snapshots are immutable.
 */
public final class Totals {

    private final ReentrantLock lock = new ReentrantLock();

    /** In microseconds, to three significant digits. */
    @GuardedBy("lock")
    private final Histogram durations = new Histogram(3);

    @GuardedBy("lock")
    private final Map<Reason, Long> reasons = new EnumMap<>(Reason.class);

    @GuardedBy("lock")
    private Duration longest = Duration.ZERO;

    @GuardedBy("lock")
    private long ok;

    @GuardedBy("lock")
    private long redirected;

    @GuardedBy("lock")
    private long failed;

    @GuardedBy("lock")
    private long skipped;

    @GuardedBy("lock")
    private long cancelled;

    @GuardedBy("lock")
    private long delivered;

    @GuardedBy("lock")
    private long undelivered;

    @GuardedBy("lock")
    private long items;

    @GuardedBy("lock")
    private long itemsDropped;

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private @Nullable Failed lastFailure;

    /** Counts an outcome that is about to be handed to a sink. */
    void arrived(Outcome outcome) {
        lock.lock();
        try {
            count(outcome);
        } finally {
            lock.unlock();
        }
    }

    /** Counts an outcome that no sink will get. */
    public void undelivered(Outcome outcome) {
        lock.lock();
        try {
            count(outcome);
            undelivered++;
        } finally {
            lock.unlock();
        }
    }

    /** Counts the outcomes of a step that no sink will get. */
    public void undelivered(Step step) {
        step.outcomes().forEach(this::undelivered);
    }

    /** Says what became of outcomes that have arrived: the sink has written them out, or they are lost. */
    void accountFor(long taken, long lost) {
        lock.lock();
        try {
            delivered += taken;
            undelivered += lost;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void count(Outcome outcome) {
        switch (outcome) {
            case Fetched page -> {
                ok++;
                items += page.items().size();
                itemsDropped += page.content().itemsDropped();
                bytes += page.content().bytes();
            }
            case Redirected _ -> redirected++;
            case Failed failure -> {
                failed++;
                lastFailure = failure;
            }
            case Skipped _ -> skipped++;
            case Cancelled _ -> cancelled++;
        }
        outcome.reason().ifPresent(reason -> reasons.merge(reason, 1L, Long::sum));
        outcome.trail()
                .last()
                .filter(attempt -> attempt.head().isPresent())
                .map(Attempt::duration)
                .ifPresent(duration -> {
                    durations.recordValue(Math.max(0, duration.dividedBy(ChronoUnit.MICROS.getDuration())));
                    longest = duration.compareTo(longest) > 0 ? duration : longest;
                });
    }

    /** The totals of this moment. */
    public Snapshot snapshot() {
        lock.lock();
        try {
            return new Snapshot(ok, redirected, failed, skipped, cancelled, reasons, delivered, undelivered, items,
                    itemsDropped, bytes, new Latency(percentile(50), percentile(90), percentile(99), longest),
                    Optional.ofNullable(lastFailure));
        } finally {
            lock.unlock();
        }
    }

    /** A histogram knows its values to three digits only, so that a percentile may come out above the exact maximum. */
    @GuardedBy("lock")
    private Duration percentile(double percent) {
        Duration rounded = Duration.of(durations.getValueAtPercentile(percent), ChronoUnit.MICROS);
        return rounded.compareTo(longest) > 0 ? longest : rounded;
    }

    /**
     * Totals at one moment.
     *
     * @param reasons counts by reason, of the outcomes that have one
     * @param delivered outcomes that the sink has taken, and whose flush succeeded
     * @param undelivered outcomes that no sink has, or may not have
     * @param bytes decoded body bytes of pages
     * @param latency durations of the last attempts that got a response
     */
    public record Snapshot(
            long ok,
            long redirected,
            long failed,
            long skipped,
            long cancelled,
            Map<Reason, Long> reasons,
            long delivered,
            long undelivered,
            long items,
            long itemsDropped,
            long bytes,
            Latency latency,
            Optional<Failed> lastFailure) {

        public Snapshot {
            reasons = Map.copyOf(reasons);
        }

        /**
         * The report's accounting.
         *
         * @param discovered as counted by the frontier, which discovers URLs, so that two independent counters meet
         */
        public Accounting accounting(long discovered) {
            return new Accounting(discovered, ok, redirected, failed, skipped, cancelled, reasons);
        }
    }
}
