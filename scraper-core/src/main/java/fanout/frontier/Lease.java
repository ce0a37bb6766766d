package fanout.frontier;

import fanout.leak.Origin;
import fanout.outcome.Outcome;
import fanout.queue.HostQueue;
import fanout.queue.Pending;
import fanout.queue.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right, and the duty, to do one piece of work. Taken from {@link Frontier#take}, ended by {@link #finish} on every
 * path: try-with-resources is what {@code defer wg.Done()} is in Go.
 *
 * <p>Confined to the worker that took it.
 */
public final class Lease implements AutoCloseable {

    private final Frontier frontier;
    final HostQueue queue;
    final Work work;
    public final @Nullable Pending page;
    final int circuitEpoch;
    final Origin origin = Origin.here();
    private final boolean paced;
    boolean written; // guarded by the frontier's lock
    private boolean finished;

    Lease(Frontier frontier, HostQueue queue, Work work, @Nullable Pending page) {
        this.frontier = frontier;
        this.queue = queue;
        this.work = work;
        this.page = page;
        this.paced = queue.pace.isPaced();
        this.circuitEpoch = queue.circuit.epoch();
    }

    /** What to do. */
    public Work work() {
        return work;
    }

    /**
     * Says that the request was written, from which moment the host's delay counts.
     *
     * @param nanos when, in {@link fanout.task.Ticker#nanos}
     */
    public void written(long nanos) {
        if (paced) {
            frontier.written(this, nanos);
        }
    }

    /**
     * Ends the lease. Never blocks for longer than the frontier's lock is held.
     *
     * @return the outcomes that are final now: to be sent by the caller. Often one; none if the URL is tried again; many if a
     *     robots.txt or a redirect chain decides several
     * @throws IllegalStateException if the lease was finished before
     */
    public List<Outcome> finish(LeaseResult finding) {
        if (finished) {
            throw new IllegalStateException("lease finished twice: " + work.url());
        }
        List<Outcome> outcomes = frontier.finish(this, finding);
        finished = true; // not before: a lease whose finding could not be taken is given back by close
        return outcomes;
    }

    /** Gives back a lease that was not finished, because its worker failed: its URL stays in the frontier, to be counted. */
    @Override
    public void close() {
        if (!finished) {
            finished = true;
            frontier.abandon(this);
        }
    }
}
