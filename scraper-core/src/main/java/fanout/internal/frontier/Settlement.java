package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.GivenUp;
import fanout.internal.frontier.LeaseResult.LoggedIn;
import fanout.internal.frontier.LeaseResult.LoginContinues;
import fanout.internal.frontier.LeaseResult.LoginFailed;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Moved;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.Refused;
import fanout.internal.frontier.LeaseResult.RobotsFound;
import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.internal.host.Work;
import fanout.outcome.Cancelled;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the frontier makes of a result: what is final, what is tried again, and which URLs are new. Guarded by the
 * frontier's lock.
 */
final class Settlement {

    /** More dead connections in a row than this are the host's fault. */
    private static final int MOST_STALE = 10;
    /** By which servers answer that do not know HEAD: a link that works is not called broken for that. */
    private static final Set<Integer> REFUSALS_OF_HEAD = Set.of(400, 403, 404, 405, 500, 501);

    private final Admission admission;
    private final HostTable hosts;
    private final PageBudget budget;
    private final Tally tally;
    private final Steps steps;
    private final RetryRule retry;
    private final Redirects redirects;
    private final Logins logins;
    private final AuxiliaryFetches auxiliary;
    private final Leftovers leftovers;
    private final DuplicateRule duplicates;

    Settlement(Admission admission, HostTable hosts, PageBudget budget, Tally tally, Steps steps,
            RetryRule retry, Redirects redirects, AuxiliaryFetches auxiliary, Logins logins, Leftovers leftovers,
            DuplicateRule duplicates) {
        this.admission = admission;
        this.hosts = hosts;
        this.budget = budget;
        this.tally = tally;
        this.steps = steps;
        this.retry = retry;
        this.redirects = redirects;
        this.logins = logins;
        this.auxiliary = auxiliary;
        this.leftovers = leftovers;
        this.duplicates = duplicates;
    }

    /** Ends a lease; what is final now goes with the next step. */
    void settle(LeaseEntry lease, LeaseResult result, Screened links, long now) {
        switch (result) {
            case PageResult page -> {
                Screened followed = page(lease, Objects.requireNonNull(lease.page), page, links, now);
                if (page.outcome() instanceof Fetched) {
                    logins.served(lease);
                    admit(followed, lease.host, now);
                }
            }
            case Refused _ when isOfTwoSessions(lease) -> begunAgain(Objects.requireNonNull(lease.page), now);
            case Refused refused -> {
                budget.giveBack(Objects.requireNonNull(lease.page).request(), false);
                logins.refused(lease, Objects.requireNonNull(lease.page), refused, now);
            }
            case LoginContinues login -> logins.continues(login.next(), now);
            case LoggedIn login -> logins.done(login);
            case LoginFailed failed -> logins.failed(failed);
            case RobotsFound found -> auxiliary.robotsFound((Work.FetchRobots) lease.work, found.rules(), now);
            case SitemapFound found -> {
                found.flaw()
                        .ifPresentOrElse(flaw -> tally.auxiliaryFailed(lease.work, flaw),
                                () -> tally.auxiliaryRead(lease.work));
                found.sitemaps().forEach(sitemap -> listedSitemap(lease.work.url(), sitemap, now));
                admit(links, lease.host, now);
            }
            case Moved moved -> auxiliary.moved(lease.work, moved, now);
            case Missed missed when lease.work instanceof Work.LogIn step -> logins.missed(step, missed, now);
            case Missed missed -> auxiliary.missed(lease.work, missed, now);
            case GivenUp _ when lease.work instanceof Work.LogIn -> logins.givenUp();
            case GivenUp _ -> tally.auxiliaryGivenUp(lease.work, Reason.DEADLINE, "the crawl ended");
        }
    }

    /**
     * Settles a page, or has it wait again; returns what is followed of its links: nothing if it gets no line.
     */
    private Screened page(LeaseEntry lease, Pending pending, PageResult result, Screened links, long now) {
        HostState host = lease.host;
        if (isOfTwoSessions(lease) && !(result.outcome() instanceof Cancelled)) {
            begunAgain(pending, now);
            return Screened.NONE;
        }
        boolean getsLine = redirects.getsLine(pending);
        budget.giveBack(pending.request(), getsLine && result.outcome() instanceof Fetched);
        if (!getsLine && !goesOn(pending, result)) { // the crawl knows the URL, and fetches it for itself
            steps.settled(redirects.linesBefore(pending));
            return Screened.NONE;
        }
        if (result.outcome() instanceof Failed failed) {
            tally.deadlines(failed.failure());
        }
        switch (result.outcome()) {
            case Fetched fetched -> {
                Fetched judged = duplicates.judged(fetched);
                ended(host, pending, judged);
                return duplicates.allowsLinks(judged) ? links : links.withoutCandidates();
            }
            case Redirected redirected ->
                    redirects.settle(lease, pending, redirected, links.target(), now);
            case Failed failed when isStale(pending, failed) ->
                    hosts.add(pending.afterStaleConnection(now), now);
            case Failed failed when refusesHead(pending, failed) -> hosts.add(pending.byGet(failed, now), now);
            case Failed failed when retry.applies(failed, attempts(pending, failed), result.feedback()) ->
                    hosts.add(pending.retried(failed, retry.at(attempts(pending, failed), now)), now);
            case Failed failed -> ended(host, pending, failed);
            case Skipped skipped -> steps.settled(redirects.lines(pending, pending.chain().endedBy(skipped)));
            case Cancelled cancelled -> // the crawl ends, and another run of it may try again
                    leftovers.add(pending.chain().begin().isPresent()
                            ? pending.discarded(cancelled.why(), cancelled.stage())
                            : pending.chain().endedBy(cancelled));
        }
        return links;
    }

    /**
     * Whether the crawl has logged in again while a chain was followed. What it led to may be the login at which the
     * session before was refused, so nothing of it counts.
     */
    private static boolean isOfTwoSessions(LeaseEntry lease) {
        return lease.page != null && lease.page.beganUnderAnother(lease.session.number());
    }

    private void begunAgain(Pending pending, long now) {
        budget.giveBack(pending.request(), false);
        hosts.add(pending.begunAgain(now), now);
    }

    /** Whether a chain does not end here, though the page gets no line: its last response is still to be seen. */
    private boolean goesOn(Pending pending, PageResult result) {
        return redirects.mustBeSeen(pending.request()) && switch (result.outcome()) {
            case Redirected _,Cancelled _ -> true;
            case Failed failed -> isStale(pending, failed)
                    || retry.applies(failed, attempts(pending, failed), result.feedback());
            case Fetched _,Skipped _ -> false;
        };
    }

    private boolean isStale(Pending pending, Failed failed) {
        return failed.failure() instanceof Failure.StaleConnection && pending.stale() < MOST_STALE
                && retry.maySendAgain(failed);
    }

    /** Whether a link out of scope was asked by HEAD, and its server answers as one that does not know HEAD may. */
    private static boolean refusesHead(Pending pending, Failed failed) {
        return pending.request().isExternal() && pending.request().details().method() == Request.Method.HEAD
                && failed.failure() instanceof Failure.HttpStatus(int status) && REFUSALS_OF_HEAD.contains(status);
    }

    private static int attempts(Pending pending, Failed failed) {
        return failed.trail().attempts() - pending.earlierAttempts();
    }

    /** A chain has reached a page that is not a redirect. */
    private void ended(HostState host, Pending pending, Outcome last) {
        host.count(last);
        if (pending.chain().ofStart()) {
            admission.startEndedAt(host.host());
            if (pending.chain().hops() > 0) {
                steps.changed(new Change.Widened(host.host()));
            }
        }
        steps.settled(redirects.lines(pending, pending.chain().endedBy(last)));
    }

    /** Settles what a host that is given up leaves undone. */
    void giveUp(HostState host, long now) {
        auxiliary.giveUp(host, now);
        logins.giveUp(host);
        hosts.settleSome(host, now);
    }

    /**
     * An index may name sitemaps of its own host and of hosts in scope; only a job and a robots.txt may name others.
     */
    private void listedSitemap(CanonicalUrl index, CanonicalUrl sitemap, long now) {
        if (sitemap.host().equals(index.host()) || admission.allowsSitemapAt(sitemap.host())) {
            auxiliary.sitemap(sitemap, now);
        }
    }

    /**
     * Admits a part of what a lease has found before it ends, and first the page that it was found on; false if that
     * gets no line, or its links are not followed, and nothing was admitted.
     */
    boolean admitPart(LeaseEntry lease, LeaseResult result, Screened part, long now) {
        if (lease.page != null) {
            if (!duplicates.allowsPart(lease, result)) {
                return false;
            }
            Optional<Pending> admitted =
                    isOfTwoSessions(lease) ? Optional.empty() : redirects.admitted(lease.page);
            if (admitted.isEmpty()) {
                return false;
            }
            lease.page = admitted.get();
        }
        admit(part, lease.host, now);
        return true;
    }

    /** Admits what is new of what was found at this host. */
    private void admit(Screened screened, HostState near, long now) {
        admission.admit(screened, request -> {
            steps.admitted(request);
            hosts.add(Pending.first(request, RedirectChain.OF_LINK), near, now);
        });
    }
}
