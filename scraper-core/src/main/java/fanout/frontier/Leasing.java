package fanout.frontier;

import fanout.admission.PageBudget;
import fanout.admission.RequestRate;
import fanout.host.HostFeedback;
import fanout.queue.HostQueues;
import fanout.queue.Turn;
import fanout.queue.Work;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lease from its beginning to its end, as the hosts, the budget and the rate see it: what is leased next, when its request was
 * written, and that it has ended. What its result means is the {@link Settlement}'s. Guarded by the frontier's lock.
 */
final class Leasing {

    private final HostQueues queues;
    private final HeldLeases held;
    private final PageBudget budget;
    private final RequestRate rate;
    private final Steps steps;
    private final Outlook outlook;
    private final Memory memory;
    private final Tally tally;

    Leasing(HostQueues queues, HeldLeases held, PageBudget budget, RequestRate rate, Steps steps, Outlook outlook,
            Memory memory, Tally tally) {
        this.queues = queues;
        this.held = held;
        this.budget = budget;
        this.rate = rate;
        this.steps = steps;
        this.outlook = outlook;
        this.memory = memory;
        this.tally = tally;
    }

    /** Leases the next piece of work that is due; null if there is none, or none is allowed, now. */
    @Nullable
    LeaseEntry next(long now) {
        if (steps.areTooFarAhead()) {
            return null;
        }
        Optional<Turn> condemned = queues.takeCondemned();
        if (condemned.isPresent()) {
            return held(new LeaseEntry(condemned.get(), 0));
        }
        if (!outlook.allowsRequest(now)) {
            return null;
        }
        Turn turn = queues.take(now);
        if (turn == null) {
            return null;
        }
        if (turn.page() != null) {
            budget.reserve();
        }
        if (turn.isRepetition()) {
            tally.retries++;
        }
        return held(new LeaseEntry(turn, rate.started(now)));
    }

    private LeaseEntry held(LeaseEntry lease) {
        held.add(lease);
        return lease;
    }

    /** The request of a lease was written. */
    void written(LeaseEntry lease, long at, long now) {
        if (!lease.written) {
            wasWritten(lease, at, now);
            queues.touched(lease.queue, now);
        }
    }

    private static void wasWritten(LeaseEntry lease, long at, long now) {
        lease.written = true;
        lease.queue.written(at, now);
    }

    /** The request of a lease will not be written: neither the host nor the rate has to pay for it. */
    void unasked(LeaseEntry lease, long now) {
        lease.written = true;
        rate.takeBack(lease.rateStarted);
        lease.queue.unasked(now);
    }

    /** A lease has ended. Its host is {@linkplain HostQueues#touched touched} later, when its result is settled. */
    void ended(LeaseEntry lease, HostFeedback feedback, long now) {
        held.remove(lease);
        if (!(lease.work instanceof Work.Decide)) {
            if (!lease.written) {
                wasWritten(lease, now, now); // a request that was never written counts from its end
            }
            queues.ended(lease.queue, lease.work, feedback, lease.circuitEpoch, now);
            memory.keep(lease.queue, now); // before the crawl leaves the host, if this was its last work there
        }
    }
}
