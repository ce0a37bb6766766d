package fanout.sink;

import fanout.channel.Received;
import fanout.channel.Receiver;
import fanout.outcome.Outcome;
import fanout.task.Ticker;
import java.time.Duration;

/**
 * Drains the results channel into a sink, counts every outcome, and flushes at least every second while there is something
 * new.
 *
 * <p>An outcome counts as delivered once the sink has flushed it, because a full disk may show only then. When the sink
 * fails, the writer leaves the channel: senders learn it, and what the sink does not have is counted as undelivered.
 *
 * <p>{@link #run} is called once, on the thread that the sink then belongs to. Interrupting that thread ends it like a sink
 * failure; the sink itself must notice, too, if it is the one that blocks. Owns neither the channel nor the sink.
 */
public final class ResultWriter {

    private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);

    private final Receiver<Outcome> results;
    private final Sink sink;
    private final Ticker ticker;
    private final Totals totals = new Totals();

    // Confined to the thread that runs.
    private long unflushed;
    private long firstUnflushedAt;

    public ResultWriter(Receiver<Outcome> results, Sink sink, Ticker ticker) {
        this.results = results;
        this.sink = sink;
        this.ticker = ticker;
    }

    /** What has arrived so far; may be asked by any thread. */
    public Totals totals() {
        return totals;
    }

    /**
     * Writes until the channel is closed and empty, or the sink fails.
     *
     * @throws InterruptedException if interrupted while waiting or writing; the channel is cancelled then
     */
    public WriterEnd run() throws InterruptedException {
        try {
            drain();
            return new WriterEnd.Complete();
        } catch (InterruptedException e) {
            leave();
            throw e;
        } catch (SinkException e) {
            leave();
            if (Thread.interrupted()) { // how an interruptible channel says it
                InterruptedException interruption = new InterruptedException("interrupted while writing");
                interruption.initCause(e.failure);
                throw interruption;
            }
            return new WriterEnd.SinkFailed(e.failure);
        }
    }

    private void drain() throws InterruptedException, SinkException {
        while (true) {
            switch (results.receive(patience())) {
                case Received.Value<Outcome>(Outcome outcome) -> {
                    totals.arrived(outcome);
                    write(outcome);
                    if (patience().isZero()) {
                        flush();
                    }
                }
                case Received.TimedOut<Outcome> _ -> {
                    if (unflushed > 0) {
                        flush();
                    }
                }
                case Received.Closed<Outcome> _ -> {
                    flush();
                    return;
                }
            }
        }
    }

    /** How long the next outcome may be waited for: what is left of the second since the first unflushed one. */
    private Duration patience() {
        if (unflushed == 0) {
            return FLUSH_EVERY;
        }
        long left = FLUSH_EVERY.toNanos() - (ticker.nanos() - firstUnflushedAt);
        return Duration.ofNanos(Math.max(0, left));
    }

    private void write(Outcome outcome) throws InterruptedException, SinkException {
        try {
            sink.write(outcome);
        } catch (InterruptedException e) {
            totals.settled(0, 1);
            throw e;
        } catch (Throwable e) { // a user's sink may throw anything, and the crawl must end in order all the same
            totals.settled(0, 1);
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

    private void flush() throws SinkException {
        try {
            sink.flush();
        } catch (Throwable e) { // as above
            throw new SinkException(e);
        }
        totals.settled(unflushed, 0);
        unflushed = 0;
    }

    private void leave() {
        totals.settled(0, unflushed);
        unflushed = 0;
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
