package fanout.frontier;

import fanout.admission.PageBudget;
import fanout.admission.RequestRate;
import fanout.queue.Agenda;
import fanout.queue.HostQueues;
import fanout.task.Times;
import java.util.OptionalLong;

/** Whether a lease is possible now, later or never: what {@link Ledger} keeps, seen from who waits for it. Guarded by the frontier's lock. */
final class Outlook {

    private final HostQueues queues;
    private final Agenda agenda;
    private final HeldLeases leases;
    private final PageBudget budget;
    private final RequestRate rate;
    private final Steps steps;

    Outlook(HostQueues queues, HeldLeases leases, PageBudget budget, RequestRate rate, Steps steps) {
        this.queues = queues;
        this.agenda = queues.agenda();
        this.leases = leases;
        this.budget = budget;
        this.rate = rate;
        this.steps = steps;
    }

    /** Whether nothing waits and no worker holds a lease, from which more could come. */
    boolean isExhausted() {
        return leases.areNone() && queues.areEmpty();
    }

    boolean isBudgetSpent() {
        return budget.isSpent();
    }

    /** Whether the budget and the rate allow a request. */
    boolean allowsRequest(long now) {
        return budget.allowsOneMore() && Times.compare(rate.nextAt(), now) <= 0;
    }

    /**
     * Whether nothing can happen before this moment: no lease is held, every ready-time lies beyond, and no work waits for another
     * crawl's request to end, or for a step to be sent.
     */
    boolean isIdleUntil(long moment, long now) {
        if (!leases.areNone() || steps.areTooFarAhead() || agenda.hasBlocked()) {
            return false;
        }
        OptionalLong next = nextAt(now);
        return next.isEmpty() || Times.compare(next.getAsLong(), moment) >= 0;
    }

    /** Whether the sink, the budget and the rate allow a request. */
    boolean allowsLease(long now) {
        return !steps.areTooFarAhead() && allowsRequest(now);
    }

    /** Whether work waits for other crawls' requests to end, or for what they share, and none of this crawl's is under way. */
    boolean isHeldByOthers() {
        return leases.areNone() && !steps.areTooFarAhead() && !hasPromise() && agenda.hasBlocked();
    }

    /** Whether time alone, or none, makes a lease possible. */
    boolean hasPromise() {
        return queues.hasCondemned() || (budget.allowsOneMore() && !agenda.isEmpty());
    }

    /** When time alone makes a lease possible; empty if only the end of another, or the sending of a step, can. */
    OptionalLong nextAt(long now) {
        if (steps.areTooFarAhead()) {
            return OptionalLong.empty();
        }
        if (queues.hasCondemned()) {
            return OptionalLong.of(now);
        }
        OptionalLong next = budget.allowsOneMore() ? agenda.nextAt(now) : OptionalLong.empty();
        return next.isPresent() ? OptionalLong.of(Times.later(next.getAsLong(), rate.nextAt())) : next;
    }

    /** As {@link Steps#isSpaceSpent}. */
    boolean isSpaceSpent() {
        return steps.isSpaceSpent();
    }

    /** As {@link Steps#wasSpaceRefused}. */
    boolean wasSpaceRefused() {
        return steps.wasSpaceRefused();
    }
}
