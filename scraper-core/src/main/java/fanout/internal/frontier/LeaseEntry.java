package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.internal.host.Pending;
import fanout.internal.host.Turn;
import fanout.internal.host.Work;
import fanout.leak.Origin;
import fanout.page.OpenSession;
import org.jspecify.annotations.Nullable;

/**
 * What the frontier knows of a lease, and of the step that it gives. Guarded by the frontier's lock, except what is
 * final.
 */
final class LeaseEntry extends Steps.Sending {

    final HostState host;
    final Work work;
    final int circuitEpoch;
    /** Whether the moment in which the request is written matters. */
    final boolean paced;
    /** Under which its request is sent. */
    final OpenSession session;
    final long leasedAt;
    final Origin origin = Origin.here();
    /** What the rate must know to take the request back. */
    final long rateStarted;
    /** Written again by the worker that has the lease: when links of the page are admitted before the lease ends. */
    @Nullable
    Pending page;
    boolean written;
    /** Written by {@link HeldLeases} only: its place among those that are held. */
    int place;

    LeaseEntry(Turn turn, OpenSession session, long rateStarted, long now) {
        this.host = turn.host();
        this.work = turn.work();
        this.page = turn.page();
        this.circuitEpoch = host.circuitEpoch();
        this.paced = host.isPaced();
        this.rateStarted = rateStarted;
        this.session = session;
        this.leasedAt = now;
    }
}
