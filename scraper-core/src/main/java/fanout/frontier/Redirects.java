package fanout.frontier;

import fanout.admission.Admission;
import fanout.admission.Admitted;
import fanout.backlog.Pending;
import fanout.backlog.RedirectChain;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;

/** Where redirects lead: to a URL that is queued, or to the end of their chain. Guarded by the frontier's lock. */
final class Redirects {

    private final int most;
    private final Admission admission;
    private final HostQueues queues;
    private final Steps steps;

    /** @param most redirects in a chain */
    Redirects(int most, Admission admission, HostQueues queues, Steps steps) {
        this.most = most;
        this.admission = admission;
        this.queues = queues;
        this.steps = steps;
    }

    /**
     * A page of this host redirects; returns the outcomes that are final now.
     *
     * @param inScope whether the scope's patterns allow the target
     */
    List<Outcome> settle(HostQueue host, Pending pending, Redirected redirected, boolean inScope, long now) {
        RedirectChain chain = pending.chain();
        if (chain.hops() >= most) {
            Failed failed = new Failed(redirected.request(), redirected.trail(), new Failure.TooManyRedirects(most));
            host.count(failed);
            return chain.endedBy(failed);
        }
        CanonicalUrl target = redirected.target();
        Optional<Redirected> again = chain.member(target, redirected);
        if (again.isPresent()) {
            steps.changed(new Change.Followed(redirected));
            return queues.add(Pending.again(again.get(), chain.then(redirected)), now);
        }
        if (!admission.allowsRedirect(target, chain.ofStart(), inScope)) {
            return chain.endedBy(redirected);
        }
        Request from = redirected.request();
        Request to = new Request(target, from.depth(), from.label(), Optional.of(from.url()));
        if (admission.admit(to) != Admitted.NEW) {
            return chain.endedBy(redirected);
        }
        steps.admitted(to);
        steps.changed(new Change.Followed(redirected));
        return queues.add(Pending.first(to, chain.then(redirected)), now);
    }
}
