package fanout.sink;

import fanout.internal.task.Ticker;
import fanout.journal.Position;
import fanout.journal.Recording;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.sink.Destination.Journaled;
import java.time.Duration;

/**
 * Outcomes on their way into a sink, which is made to flush at least every second while there is something new. A crawl
 * with a journal commits instead of that: first the sink, then the journal, which names the sink's position, and then
 * the sink learns that it does.
 *
 * <p>An outcome counts as delivered once the sink has flushed it, because a full disk may show only then.
 *
 * <p>Confined to the thread that the sink belongs to. Owns neither the sink nor the journal.
 */
final class Delivery {

    private static final Duration SAVE_EVERY = Duration.ofSeconds(1);

    private final Destination destination;
    private final Sink sink;
    private final Totals totals;
    private final Ticker ticker;
    private long unflushed;
    private long firstUnflushedAt;
    private boolean isUncommitted;
    private long uncommittedSince;
    private boolean isProvisional;

    Delivery(Destination destination, Totals totals, Ticker ticker) {
        this.destination = destination;
        this.sink = destination.sink();
        this.totals = totals;
        this.ticker = ticker;
    }

    /** The journal says that the run has begun, and what the sink holds already. */
    void begin() throws SinkException {
        try {
            if (destination instanceof Journaled(ResumableSink resumable, Recording journal)) {
                journal.begin(resumable.commit());
                resumable.recorded();
            }
        } catch (Throwable e) { // as in write
            throw new SinkException(e);
        }
    }

    /**
     * The outcomes of a step come next. The position of the commit before the first provisional one is that to which a
     * resumed crawl goes back.
     */
    void begins(Step step) throws SinkException {
        if (step.isProvisional() && !isProvisional) {
            if (destination instanceof Journaled(_, Recording journal)) {
                journal.add(step);
                save();
            }
            isProvisional = true;
        } else if (isProvisional && !step.isProvisional()) {
            throw new IllegalStateException("step " + step.number() + " comes after provisional ones");
        }
    }

    void write(Outcome outcome) throws InterruptedException, SinkException {
        try {
            sink.write(outcome);
        } catch (InterruptedException e) {
            totals.accountFor(0, 1);
            throw e;
        } catch (Throwable e) { // a user's sink may throw anything, and the crawl must end in order all the same
            totals.accountFor(0, 1);
            throw flushingWhatIsGood(new SinkException(e));
        }
        if (unflushed++ == 0) {
            firstUnflushedAt = ticker.nanos();
        }
        if (left(firstUnflushedAt) <= 0) {
            flush(); // not a commit, which lies between steps
        }
    }

    /** One bad outcome does not make those before it undelivered, if the sink can still flush them. */
    private SinkException flushingWhatIsGood(SinkException first) {
        if (!Thread.currentThread().isInterrupted()) {
            try {
                flush();
            } catch (SinkException second) {
                if (!second.failure().equals(first.failure())) { // an exception cannot suppress itself
                    first.failure().addSuppressed(second.failure());
                }
            }
        }
        return first;
    }

    /** All outcomes of a step were written. */
    void ended(Step step) throws SinkException {
        if (!isProvisional && destination instanceof Journaled(_, Recording journal)) {
            journal.add(step);
            uncommittedSince = isUncommitted ? uncommittedSince : ticker.nanos();
            isUncommitted = true;
            if (journal.isFull() || left(uncommittedSince) <= 0) {
                save();
            }
        }
    }

    /** How long the next step may be waited for: what is left of the second since something was first not saved. */
    Duration patience() {
        long left = unflushed > 0 ? left(firstUnflushedAt) : SAVE_EVERY.toNanos();
        return Duration.ofNanos(Math.max(0, isUncommitted ? Math.min(left, left(uncommittedSince)) : left));
    }

    private long left(long since) {
        return SAVE_EVERY.toNanos() - (ticker.nanos() - since);
    }

    /** Saves if something was not saved yet. */
    void saveIfNeeded() throws SinkException {
        if (unflushed > 0 || isUncommitted) {
            save();
        }
    }

    /** Between two steps: all that was written so far will be there whatever happens. */
    void save() throws SinkException {
        if (isProvisional || !(destination instanceof Journaled(ResumableSink resumable, Recording journal))) {
            flush();
            return;
        }
        try {
            Position position = resumable.commit();
            flushed();
            journal.commit(position);
            isUncommitted = false;
            resumable.recorded();
        } catch (Throwable e) { // as in write
            throw new SinkException(e);
        }
    }

    private void flush() throws SinkException {
        try {
            sink.flush();
        } catch (Throwable e) { // as in write
            throw new SinkException(e);
        }
        flushed();
    }

    private void flushed() {
        totals.accountFor(unflushed, 0);
        unflushed = 0;
    }

    /** Counts what the sink was given and did not flush. */
    void leave() {
        totals.accountFor(0, unflushed);
        unflushed = 0;
    }
}
