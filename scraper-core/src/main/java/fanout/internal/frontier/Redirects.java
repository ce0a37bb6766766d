package fanout.internal.frontier;

import fanout.internal.frontier.Admission.Admitted;
import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/** Where redirects lead: to a URL that is queued, or to the end of their chain. Guarded by the frontier's lock. */
final class Redirects {

    private final int most;
    private final Admission admission;
    private final HostTable hosts;
    private final Steps steps;

    /** @param most redirects in a chain */
    Redirects(int most, Admission admission, HostTable hosts, Steps steps) {
        this.most = most;
        this.admission = admission;
        this.hosts = hosts;
        this.steps = steps;
    }

    /**
     * Settles a page of this host that redirects, or hosts what it leads to.
     *
     * @param inScope whether the scope's patterns allow the target
     */
    void settle(HostState host, Pending pending, Redirected redirected, boolean inScope, long now) {
        RedirectChain chain = pending.chain();
        if (chain.hops() >= most) {
            Failed failed = new Failed(redirected.request(), redirected.trail(), new Failure.TooManyRedirects(most));
            host.count(failed);
            steps.settled(chain.endedBy(failed));
            return;
        }
        CanonicalUrl target = redirected.target();
        Request to = redirected.next();
        Optional<Redirected> again = chain.member(to, redirected);
        if (again.isPresent()) {
            steps.changed(new Change.Followed(redirected));
            hosts.add(Pending.again(again.get(), chain.then(redirected)), now);
            return;
        }
        if (!admission.allowsRedirect(target, chain.ofStart(), inScope) || admission.admit(to) != Admitted.NEW) {
            steps.settled(chain.endedBy(redirected));
            return;
        }
        steps.admitted(to);
        steps.changed(new Change.Followed(redirected));
        hosts.add(Pending.first(to, chain.then(redirected)), now);
    }
}
