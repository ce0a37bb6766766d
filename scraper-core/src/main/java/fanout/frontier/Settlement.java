package fanout.frontier;

import fanout.admission.Admission;
import fanout.admission.Admission.Admitted;
import fanout.admission.Admission.Candidate;
import fanout.admission.Admission.Screened;
import fanout.admission.PageBudget;
import fanout.frontier.LeaseResult.GivenUp;
import fanout.frontier.LeaseResult.Missed;
import fanout.frontier.LeaseResult.Moved;
import fanout.frontier.LeaseResult.PageFinding;
import fanout.frontier.LeaseResult.RobotsFound;
import fanout.frontier.LeaseResult.SitemapFound;
import fanout.job.CrawlJob;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.Pending;
import fanout.queue.RedirectChain;
import fanout.queue.Work;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the frontier makes of a finding: what is final, what is tried again, where a redirect leads, and which URLs are new.
 * Guarded by the frontier's lock.
 */
final class Settlement {

    /** More dead connections in a row than this are the host's fault. */
    private static final int MOST_STALE = 10;

    private final CrawlJob job;
    private final Admission admission;
    private final HostQueues queues;
    private final PageBudget budget;
    private final Tally tally;
    private final RetryRule retry;
    private final AuxiliaryFetches errands;

    Settlement(CrawlJob job, Admission admission, HostQueues queues, PageBudget budget, Tally tally) {
        this.job = job;
        this.admission = admission;
        this.queues = queues;
        this.budget = budget;
        this.tally = tally;
        this.retry = new RetryRule(job);
        this.errands = new AuxiliaryFetches(job, queues, tally, retry);
    }

    /** Ends a lease; returns the outcomes that are final now. */
    List<Outcome> settle(Lease lease, LeaseResult finding, Screened links, long now) {
        return switch (finding) {
            case PageFinding page -> page(Objects.requireNonNull(lease.page), page, links, now);
            case RobotsFound found -> errands.robotsFound((Work.FetchRobots) lease.work(), found.rules(), now);
            case SitemapFound found -> {
                tally.errandEnded(lease.work(), true);
                for (CanonicalUrl sitemap : found.sitemaps()) {
                    listedSitemap(lease.work().url(), sitemap, now);
                }
                yield admitAll(links, RedirectChain.OF_LINK, now);
            }
            case Moved moved -> errands.moved(lease.work(), moved, now);
            case Missed missed -> errands.missed(lease.work(), missed, now);
            case GivenUp _ -> {
                tally.errandEnded(lease.work(), false);
                yield List.of();
            }
        };
    }

    private List<Outcome> page(Pending pending, PageFinding finding, Screened links, long now) {
        budget.settle(finding.outcome() instanceof Fetched);
        tally.deadlines(finding.outcome());
        return switch (finding.outcome()) {
            case Fetched fetched -> {
                List<Outcome> lines = new ArrayList<>(ended(pending, fetched));
                lines.addAll(admitAll(links, RedirectChain.OF_LINK, now));
                yield lines;
            }
            case Redirected redirected -> redirected(pending, redirected, now);
            case Failed failed when failed.failure() instanceof Failure.StaleConnection
                    && pending.stale() < MOST_STALE -> {
                tally.retries++;
                yield queues.add(pending.afterStaleConnection(), now);
            }
            case Failed failed when retry.applies(failed.failure(), attempts(pending, failed), finding.answer()) -> {
                tally.retries++;
                yield queues.add(pending.retried(failed, retry.at(attempts(pending, failed), now)), now);
            }
            case Failed failed -> ended(pending, failed);
            case Skipped skipped -> pending.chain().endedBy(skipped);
            case Cancelled cancelled -> pending.chain().endedBy(cancelled);
        };
    }

    private static int attempts(Pending pending, Failed failed) {
        return failed.trail().attempts() - pending.earlierAttempts();
    }

    /** A chain has reached a page that is not a redirect. */
    private List<Outcome> ended(Pending pending, Outcome last) {
        if (pending.chain().ofStart()) {
            admission.startEndedAt(pending.request().url().host());
        }
        return pending.chain().endedBy(last);
    }

    private List<Outcome> redirected(Pending pending, Redirected redirected, long now) {
        RedirectChain chain = pending.chain();
        int maxRedirects = job.limits().maxRedirects();
        if (chain.hops() >= maxRedirects) {
            return chain.endedBy(new Failed(redirected.request(), redirected.trail(),
                    new Failure.TooManyRedirects(maxRedirects)));
        }
        CanonicalUrl target = redirected.target();
        Optional<Redirected> again = chain.member(target, redirected);
        if (again.isPresent()) {
            return queues.add(Pending.again(again.get(), chain.then(redirected)), now);
        }
        if (admission.isTooLong(target)) {
            tally.dropped++;
            return chain.endedBy(redirected);
        }
        if (!admission.allowsRedirect(target, chain.ofStart())) {
            tally.outOfScope++;
            return chain.endedBy(redirected);
        }
        Request from = redirected.request();
        Request to = new Request(target, from.depth(), from.label(), Optional.of(from.url()));
        return admission.admit(Admission.candidate(to)) == Admitted.NEW
                ? queues.add(Pending.first(to, chain.then(redirected)), now)
                : chain.endedBy(redirected);
    }

    /** What a host that is given up leaves undone; returns the outcomes of its pages. */
    List<Outcome> giveUp(HostQueue queue, long now) {
        List<Outcome> outcomes = errands.giveUp(queue, now);
        outcomes.addAll(queues.decideWaiting(queue, now));
        return outcomes;
    }

    /** An index may name sitemaps of its own host and of hosts in scope; only a job and a robots.txt may name others. */
    private void listedSitemap(CanonicalUrl index, CanonicalUrl sitemap, long now) {
        if (sitemap.host().equals(index.host()) || admission.coversHost(sitemap.host())) {
            errands.sitemap(sitemap, now);
        } else {
            tally.outOfScope++;
        }
    }

    /** Admits a job's sitemap. */
    void sitemap(CanonicalUrl url, long now) {
        errands.sitemap(url, now);
    }

    /** Admits what is new; returns the outcomes of those that are decided already. */
    List<Outcome> admitAll(Screened screened, RedirectChain chain, long now) {
        tally.outOfScope += screened.outOfScope();
        tally.dropped += screened.dropped();
        List<Outcome> decided = new ArrayList<>();
        for (Candidate candidate : screened.candidates()) {
            if (admission.admit(candidate) == Admitted.NEW) {
                decided.addAll(queues.add(Pending.first(candidate.request(), chain), now));
            }
        }
        return decided;
    }
}
