package fanout.sink;

import fanout.channel.Received;
import fanout.channel.Receiver;
import fanout.journal.Position;
import fanout.journal.Recording;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.task.Signal;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Drains the results channel into a sink, in the order of the steps, counts every outcome, and flushes at least every
 * second while there is something new. A crawl with a journal commits instead of that: first the sink, then the journal, which names
 * the sink's position. Outcomes that a resumed crawl takes back come last, and are not committed.
 *
 * <p>An outcome counts as delivered once the sink has flushed it, because a full disk may show only then. When the sink
 * fails, the writer leaves the channel: senders learn it, and what the sink does not have is counted as undelivered.
 *
 * <p>{@link #run} is called once, on the thread that the sink then belongs to. Interrupting that thread ends it like a sink
 * failure; the sink itself must notice, too, if it is the one that blocks. Owns neither the channel nor the sink.
 */
public final class ResultWriter {

    private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);

    private final Receiver<Step> results;
    private final Sink sink;
    private final Optional<Recording> journal;
    private final StepListener listener;
    private final Ticker ticker;
    private final Totals totals = new Totals();
    private final Signal<Boolean> begun;
    // Confined to the thread that runs.
    private final StepOrder order = new StepOrder();
    /** Outcomes of the step at hand that the sink was not given. */
    private final Deque<Outcome> atHand = new ArrayDeque<>();
    private long unflushed;
    private long firstUnflushedAt;
    private boolean isUncommitted;
    private long uncommittedSince;
    private boolean isProvisional;

    /** A writer of a crawl without a journal. */
    public ResultWriter(Receiver<Step> results, Sink sink, StepListener listener, Ticker ticker) {
        this(results, sink, Optional.empty(), listener, ticker);
    }

    /** @param journal of a crawl that may be resumed */
    public ResultWriter(Receiver<Step> results, Sink sink, Optional<Recording> journal, StepListener listener,
            Ticker ticker) {
        this.results = results;
        this.sink = sink;
        this.journal = journal;
        this.listener = listener;
        this.ticker = ticker;
        this.begun = new Signal<>(ticker);
    }

    /** What has arrived so far; may be asked by any thread. */
    public Totals totals() {
        return totals;
    }

    /**
     * Writes until the channel is closed and empty, or the sink fails.
     *
     * @throws InterruptedException if interrupted while waiting or writing; the channel is cancelled then
     * @throws IllegalStateException if the channel was closed although a step is missing
     */
    public WriterEnd run() throws InterruptedException {
        try {
            begin();
            drain();
            return new WriterEnd.Complete();
        } catch (SinkException e) {
            if (Thread.interrupted()) { // how an interruptible channel says it
                InterruptedException interruption = new InterruptedException("interrupted while writing");
                interruption.initCause(e.failure);
                throw interruption;
            }
            return new WriterEnd.SinkFailed(e.failure);
        } finally {
            leave();
        }
    }

    private void drain() throws InterruptedException, SinkException {
        while (true) {
            switch (results.receive(patience())) {
                case Received.Value<Step>(Step step) -> {
                    order.add(step);
                    writeInOrder();
                }
                case Received.TimedOut<Step> _ -> {
                    if (unflushed > 0 || isUncommitted) {
                        save();
                    }
                }
                case Received.Closed<Step> _ -> {
                    save();
                    if (order.size() > 0) {
                        throw new IllegalStateException("a step was never sent");
                    }
                    return;
                }
            }
        }
    }

    private void writeInOrder() throws InterruptedException, SinkException {
        for (Step step = order.poll(); step != null; step = order.poll()) {
            atHand.addAll(step.outcomes());
            if (step.isProvisional() && !isProvisional) {
                beginProvisional(step);
            } else if (isProvisional && !step.isProvisional()) {
                throw new IllegalStateException("step " + step.number() + " comes after provisional ones");
            }
            while (!atHand.isEmpty()) {
                Outcome outcome = atHand.remove();
                totals.arrived(outcome);
                write(outcome);
                if (unflushed > 0 && left(firstUnflushedAt) <= 0) {
                    flush(); // not a commit, which lies between steps
                }
            }
            written(step);
            listener.written(step, order.size());
        }
    }

    /** The position of this commit is the one to which a resumed crawl goes back. */
    private void beginProvisional(Step first) throws SinkException {
        if (journal.isPresent()) {
            journal.get().add(first);
            save();
        }
        isProvisional = true;
    }

    private void written(Step step) throws SinkException {
        if (journal.isPresent() && !isProvisional) {
            journal.get().add(step);
            uncommittedSince = isUncommitted ? uncommittedSince : ticker.nanos();
            isUncommitted = true;
            if (journal.get().isFull() || left(uncommittedSince) <= 0) {
                save();
            }
        }
    }

    /** How long the next step may be waited for: what is left of the second since something was first not saved. */
    private Duration patience() {
        long left = unflushed > 0 ? left(firstUnflushedAt) : FLUSH_EVERY.toNanos();
        return Duration.ofNanos(Math.max(0, isUncommitted ? Math.min(left, left(uncommittedSince)) : left));
    }

    private long left(long since) {
        return FLUSH_EVERY.toNanos() - (ticker.nanos() - since);
    }

    private void write(Outcome outcome) throws InterruptedException, SinkException {
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
    }

    /** One bad outcome does not make those before it undelivered, if the sink can still flush them. */
    private SinkException flushingWhatIsGood(SinkException first) {
        if (!Thread.currentThread().isInterrupted()) {
            try {
                flush();
            } catch (SinkException second) {
                if (!second.failure.equals(first.failure)) { // an exception cannot suppress itself
                    first.failure.addSuppressed(second.failure);
                }
            }
        }
        return first;
    }

    /** Between two steps: all that was written so far will be there whatever happens. */
    private void save() throws SinkException {
        if (journal.isEmpty() || isProvisional) {
            flush();
            return;
        }
        try {
            Position position = sink.commit();
            totals.accountFor(unflushed, 0);
            unflushed = 0;
            journal.get().commit(position);
            isUncommitted = false;
        } catch (Throwable e) { // as below
            throw new SinkException(e);
        }
    }

    private void begin() throws SinkException {
        try {
            if (journal.isPresent()) {
                journal.get().begin(sink.commit());
            }
        } catch (Throwable e) { // as below
            throw new SinkException(e);
        } finally {
            begun.set(true);
        }
    }

    /** Set when the journal says that the run has begun, or cannot: before that nothing may be asked of a host. */
    public Signal<Boolean> begun() {
        return begun;
    }

    private void flush() throws SinkException {
        try {
            sink.flush();
        } catch (Throwable e) { // as above
            throw new SinkException(e);
        }
        totals.accountFor(unflushed, 0);
        unflushed = 0;
    }

    /** Counts what the sink does not have. Nothing is left after an end in order. */
    private void leave() {
        totals.accountFor(0, unflushed);
        unflushed = 0;
        atHand.forEach(totals::undelivered);
        atHand.clear();
        order.drain().forEach(totals::undelivered);
        results.cancel().forEach(totals::undelivered);
    }

    /** Tells the sink's exceptions from our own bugs. */
    private static final class SinkException extends Exception {

        private static final long serialVersionUID = 1;

        private final Throwable failure;

        private SinkException(Throwable failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
