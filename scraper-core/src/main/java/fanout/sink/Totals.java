package fanout.sink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.annotation.Internal;
import fanout.journal.Result;
import fanout.journal.Sums;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.report.Accounting;
import fanout.report.CrawlReport.Latency;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of a crawl add up to. An outcome is counted once, when it arrives; whether a sink took it is
 * counted apart, so that the accounting holds whatever becomes of the sinks.
 *
 * <p>Thread-safe: everything is guarded by one lock, held for some microseconds at most. Snapshots are immutable.
 */
@Internal
public final class Totals {

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Sums sums = new Sums();

    @GuardedBy("lock")
    private long delivered;

    @GuardedBy("lock")
    private long undelivered;

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
        sums.add(Result.of(outcome));
        lastFailure = outcome instanceof Failed failure ? failure : lastFailure;
    }

    /** Adds what earlier runs of the crawl have settled; their sinks have it. */
    public void earlier(Sums before) {
        lock.lock();
        try {
            sums.add(before);
            delivered += before.outcomes();
        } finally {
            lock.unlock();
        }
    }

    /** The totals of this moment. */
    public Snapshot snapshot() {
        lock.lock();
        try {
            long external = sums.outcomes(Result.EXTERNAL_OK);
            return new Snapshot(sums.ok() + external, external, sums.outcomes(Redirected.NAME),
                    sums.outcomes(Failed.NAME), sums.outcomes(Skipped.NAME), sums.outcomes(Cancelled.NAME), reasons(),
                    delivered, undelivered, sums.items(), sums.itemsDropped(), sums.bytes(),
                    new Latency(sums.percentile(50), sums.percentile(90), sums.percentile(99), sums.longest()),
                    Optional.ofNullable(lastFailure));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Map<Reason, Long> reasons() {
        Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
        sums.reasons().forEach((label, count) -> reasons.put(Reason.ofLabel(label), count));
        return reasons;
    }

    /**
     * Totals at one moment.
     *
     * @param externalOk of those that are ok, the links out of scope, which are no pages
     * @param reasons counts by reason, of the outcomes that have one
     * @param delivered outcomes that the sink has taken, and whose flush succeeded
     * @param undelivered outcomes that no sink has, or may not have
     * @param bytes decoded body bytes of pages
     * @param latency durations of the last attempts that got a response
     */
    public record Snapshot(
            long ok,
            long externalOk,
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
