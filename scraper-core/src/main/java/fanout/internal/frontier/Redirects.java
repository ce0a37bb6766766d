package fanout.internal.frontier;

import fanout.internal.frontier.Admission.Admitted;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.job.Session;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.page.Request.Method;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where redirects lead: to a URL that is queued, or to the end of their chain. Guarded by the frontier's lock. */
final class Redirects {

    private final int most;
    private final boolean mayBeDiscarded;
    private final boolean looksAtEnds;
    private final Admission admission;
    private final HostTable hosts;
    private final Steps steps;

    /**
     * Redirects of a crawl.
     *
     * @param most in a chain
     * @param session by which a chain may come to nothing, because its last response is that of an expired session:
     *     what its hops lead to is admitted when it ends
     */
    Redirects(int most, Optional<Session> session, Admission admission, HostTable hosts, Steps steps) {
        this.most = most;
        this.mayBeDiscarded = session.isPresent();
        this.looksAtEnds = session.map(Session::expired)
                .filter(signs -> signs.css().isPresent() || !signs.statuses().isEmpty())
                .isPresent();
        this.admission = admission;
        this.hosts = hosts;
        this.steps = steps;
    }

    /**
     * Settles the page of a lease that redirects, or hosts what it leads to.
     *
     * @param to what was found of the target
     */
    void settle(LeaseEntry lease, Pending pending, Redirected given, Screened.Target to, long now) {
        RedirectChain chain = pending.chain();
        Redirected redirected = to.known().map(known -> chain.knownAs(given, known)).orElse(given);
        if (chain.hops() >= most) {
            Failed failed = new Failed(redirected.request(), redirected.trail(), new Failure.TooManyRedirects(most));
            lease.host.count(failed);
            steps.settled(lines(pending, chain.endedBy(failed)));
            return;
        }
        if (admission.checksExternal() && leadsOutside(pending, redirected, to)) {
            followOutside(pending, redirected, now);
            return;
        }
        if (pending.request().isExternal()) { // and leads into the crawl's own scope, or to where it has been
            steps.settled(lines(pending, chain.endedBy(redirected)));
            return;
        }
        if (mayBeDiscarded && (chain.hops() == 0 || chain.begin().isPresent())) {
            followUnadmitted(pending, lease.session.number(), redirected, to.inScope(), now);
            return;
        }
        CanonicalUrl target = redirected.target();
        Request next = redirected.next();
        Optional<Redirected> again = chain.member(next, redirected);
        if (again.isPresent()) {
            steps.changed(new Change.Followed(redirected));
            hosts.add(Pending.again(again.get(), next, chain.then(redirected)), now);
            return;
        }
        if (!admission.allowsRedirect(target, chain.ofStart(), to.inScope()) || admission.admit(next) != Admitted.NEW) {
            steps.settled(chain.endedBy(redirected));
            return;
        }
        steps.admitted(next);
        steps.changed(new Change.Followed(redirected));
        hosts.add(Pending.first(next, chain.then(redirected)), now);
    }

    /** Whether a redirect leads out of scope, to a URL that is short enough. */
    private boolean leadsOutside(Pending pending, Redirected redirected, Screened.Target to) {
        return !pending.chain().ofStart() && pending.chain().begin().isEmpty()
                && admission.isShort(redirected.target()) && !admission.isInScope(redirected.target(), to.inScope());
    }

    /** A redirect is a link: a target out of scope is asked whether it works, once. */
    private void followOutside(Pending pending, Redirected redirected, long now) {
        RedirectChain chain = pending.chain();
        Request next = redirected.next().with(Request.Details.EXTERNAL);
        Optional<Redirected> again = chain.member(next, redirected);
        if (again.isPresent()) {
            steps.changed(new Change.Followed(redirected));
            hosts.add(Pending.again(again.get(), next, chain.then(redirected)), now);
            return;
        }
        if (admission.admit(next) != Admitted.NEW) {
            steps.settled(chain.endedBy(redirected));
            return;
        }
        steps.admitted(next);
        steps.changed(new Change.Followed(redirected));
        hosts.add(Pending.first(next, chain.then(redirected)), now);
    }

    private void followUnadmitted(Pending pending, long session, Redirected redirected, boolean inScope, long now) {
        RedirectChain chain = pending.chainFromHere(session);
        Request to = redirected.next();
        Optional<Redirected> again = chain.member(to, redirected);
        if (again.isPresent()) {
            hosts.add(Pending.again(again.get(), to, chain.then(redirected)), now);
        } else if (admission.allowsRedirect(redirected.target(), chain.ofStart(), inScope)
                && (mustBeSeen(to) || admission.wouldAdmit(to) == Admitted.NEW)) {
            hosts.add(Pending.first(to, chain.then(redirected)), now);
        } else {
            steps.settled(lines(pending, pending.chain().endedBy(redirected)));
        }
    }

    /**
     * Returns which outcomes of a chain that has ended become final. Of a chain whose hops were not admitted before,
     * they are now, except those that the crawl has learnt of meanwhile and fetches for themselves.
     */
    List<Outcome> lines(Pending page, List<Outcome> outcomes) {
        Optional<RedirectChain.Begin> begin = page.chain().begin();
        if (begin.isEmpty()) {
            return outcomes;
        }
        return admitted(begin.get(), outcomes);
    }

    /** Admits the last one first: where there is room for one URL only, a page gets it, and not what led to it. */
    private <T extends Outcome> List<T> admitted(RedirectChain.Begin begin, List<T> outcomes) {
        String first = begin.request().key();
        List<T> lines = new ArrayList<>();
        for (T outcome : outcomes.reversed()) {
            if (outcome.request().key().equals(first) || isAdmitted(outcome.request())) {
                lines.addFirst(outcome);
            }
        }
        return lines;
    }

    private boolean isAdmitted(Request request) {
        boolean isNew = admission.admit(request) == Admitted.NEW;
        if (isNew) {
            steps.admitted(request);
        }
        return isNew;
    }

    /**
     * Admits a page and what led to it before its lease ends, because some of its links are admitted then.
     *
     * @return the page, at the end of a chain whose hops are all admitted; empty if it {@linkplain #getsLine gets no
     *     line}, and nothing was admitted
     */
    Optional<Pending> admitted(Pending page) {
        Optional<RedirectChain.Begin> begin = page.chain().begin();
        if (begin.isEmpty()) {
            return Optional.of(page);
        }
        boolean isFirst = begin.get().request().key().equals(page.request().key());
        boolean getsLine = isFirst || (admission.isNewAndHasRoom(page.request()) && isAdmitted(page.request()));
        return getsLine
                ? Optional.of(page.after(admitted(begin.get(), page.chain().earlier())))
                : Optional.empty();
    }

    /**
     * Whether what a redirect leads to is asked for even if the crawl knows it: where the login is not known by its
     * URL, only its response shows that a session has ended.
     */
    boolean mustBeSeen(Request to) {
        Method method = to.details().method();
        return looksAtEnds && (method == Method.GET || method == Method.HEAD);
    }

    /** Returns whether a page gets a line: the crawl may know a redirect's target, and fetch it for itself. */
    boolean getsLine(Pending page) {
        return page.chain()
                .begin()
                .map(begin -> begin.request().key().equals(page.request().key())
                        || admission.isNewAndHasRoom(page.request()))
                .orElse(true);
    }

    /** Returns which outcomes of a chain become final with a page that gets no line, and counts the page. */
    List<Outcome> linesBefore(Pending page) {
        admission.wouldAdmit(page.request());
        return lines(page, List.copyOf(page.chain().earlier()));
    }
}
