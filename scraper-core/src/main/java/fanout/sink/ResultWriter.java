package fanout.sink;

import fanout.internal.annotation.Internal;
import fanout.internal.task.Received;
import fanout.internal.task.Receiver;
import fanout.internal.task.Signal;
import fanout.internal.task.Ticker;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Drains the results channel into a sink, in the order of the steps, and counts every outcome. {@link Delivery} has
 * them flushed, or committed with the crawl's journal. Outcomes that a resumed crawl takes back come last, and are not
 * committed.
 *
 * <p>When the sink fails, the writer leaves the channel: senders learn it, and what the sink does not have is counted
 * as undelivered.
 *
 * <p>{@link #run} is called once, on the thread that the sink then belongs to. Interrupting that thread ends it like a
 * sink failure; the sink itself must notice, too, if it is the one that blocks. Owns neither the channel nor the sink.
 */
@Internal
public final class ResultWriter {

    private final Receiver<Step> results;
    private final StepListener listener;
    private final Totals totals = new Totals();
    private final Signal<Boolean> begun;
    private final Delivery delivery;
    // Confined to the thread that runs.
    private final StepOrder order = new StepOrder();
    /** Outcomes of the step at hand that the sink was not given. */
    private final Deque<Outcome> atHand = new ArrayDeque<>();

    /** A writer of a crawl without a journal. */
    public ResultWriter(Receiver<Step> results, Sink sink, StepListener listener, Ticker ticker) {
        this(results, new Destination.Plain(sink), listener, ticker);
    }

    /** A writer of any crawl. */
    public ResultWriter(Receiver<Step> results, Destination destination, StepListener listener, Ticker ticker) {
        this.results = results;
        this.listener = listener;
        this.begun = new Signal<>(ticker);
        this.delivery = new Delivery(destination, totals, ticker);
    }

    /** What has arrived so far; may be asked by any thread. */
    public Totals totals() {
        return totals;
    }

    /** Set when the journal says that the run has begun, or cannot: before that nothing may be asked of a host. */
    public Signal<Boolean> begun() {
        return begun;
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
                interruption.initCause(e.failure());
                throw interruption;
            }
            return new WriterEnd.SinkFailed(e.failure());
        } finally {
            leave();
        }
    }

    private void begin() throws SinkException {
        try {
            delivery.begin();
        } finally {
            begun.set(true);
        }
    }

    private void drain() throws InterruptedException, SinkException {
        while (true) {
            switch (results.receive(delivery.patience())) {
                case Received.Value<Step>(Step step) -> {
                    order.add(step);
                    writeInOrder();
                }
                case Received.TimedOut<Step> _ -> delivery.saveIfNeeded();
                case Received.Closed<Step> _ -> {
                    delivery.save();
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
            delivery.begins(step);
            while (!atHand.isEmpty()) {
                Outcome outcome = atHand.remove();
                totals.arrived(outcome);
                delivery.write(outcome);
            }
            delivery.ended(step);
            listener.written(step, order.size());
        }
    }

    /** Counts what the sink does not have. Nothing is left after an end in order. */
    private void leave() {
        delivery.leave();
        atHand.forEach(totals::undelivered);
        atHand.clear();
        order.drain().forEach(totals::undelivered);
        results.cancel().forEach(totals::undelivered);
    }
}
