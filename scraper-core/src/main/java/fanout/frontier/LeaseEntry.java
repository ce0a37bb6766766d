package fanout.frontier;

import fanout.backlog.Pending;
import fanout.leak.Origin;
import fanout.queue.HostQueue;
import fanout.queue.Turn;
import fanout.queue.Work;
import org.jspecify.annotations.Nullable;

/** What the frontier knows of a lease. Guarded by the frontier's lock, but for what is final or volatile. */
final class LeaseEntry {

    final HostQueue queue;
    final Work work;
    final @Nullable Pending page;
    final int circuitEpoch;
    /** Whether the moment in which the request is written matters. */
    final boolean paced;
    final Origin origin = Origin.here();
    /** What the rate must know to take the request back. */
    final long rateStarted;
    boolean written;
    /** Written by {@link HeldLeases} only: its place among those that are held. */
    int place;
    /** The number of the step that the lease gave. */
    long step;
    /** Set by the worker when its step is on the way, without the lock: the next one who has it sees it. */
    private volatile boolean sent;

    LeaseEntry(Turn turn, long rateStarted) {
        this.queue = turn.queue();
        this.work = turn.work();
        this.page = turn.page();
        this.circuitEpoch = queue.circuitEpoch();
        this.paced = !(work instanceof Work.Decide) && queue.isPaced();
        this.rateStarted = rateStarted;
    }

    void sent() {
        sent = true;
    }

    boolean isSent() {
        return sent;
    }
}
