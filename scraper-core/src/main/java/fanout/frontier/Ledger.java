package fanout.frontier;

import fanout.admission.Admission;
import fanout.admission.Admitted;
import fanout.admission.PageBudget;
import fanout.admission.RequestRate;
import fanout.admission.Screened;
import fanout.admission.Screening;
import fanout.backlog.Pending;
import fanout.backlog.RedirectChain;
import fanout.backlog.UrlRoom;
import fanout.host.HostFeedback;
import fanout.host.HostMemories;
import fanout.host.SharedHosts;
import fanout.job.CrawlJob;
import fanout.journal.Space;
import fanout.leak.Loan;
import fanout.outcome.CancelReason;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.RuleRoom;
import fanout.queue.SitemapGate;
import fanout.queue.Work;
import fanout.report.FinishReason;
import fanout.task.Ticker;
import fanout.task.WallTime;
import fanout.url.Fingerprint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The frontier's books: what waits, who has which lease, what the budget and the rate allow. Its parts decide, and nothing in it waits: {@link Leasing} what is handed out,
 * {@link Settlement} what becomes of it;
 * {@link Frontier} is the lock and the waiting around it. Guarded by the frontier's lock.
 */
final class Ledger {

    private static final int LEAST_WINDOW = 256;

    private final Admission admission;
    private final Tally tally;
    private final HostMemories memories;
    private final Leasing leasing;
    private final AuxiliaryFetches auxiliary;
    private final CrawlJob job;
    private boolean isResumed;
    private final HostQueues queues;
    private final PageBudget budget;
    private final Steps steps;
    private final Settlement settlement;
    private final Leftovers leftovers;
    private final HeldLeases leases = new HeldLeases();
    private final Outlook outlook;

    /**
     * What the crawls of a process share. Guarded by the frontiers' lock.
     *
     * @param idleHosts without work, of which each crawl keeps the state
     */
    record Shared(SharedHosts hosts, SitemapGate sitemapGate, RuleRoom ruleRoom, UrlRoom urlRoom, int idleHosts) {}

    /**
     * A crawl without URLs.
     *
     * @param seed of the fingerprints by which URLs are known
     * @param space what the crawl's files may take on the disk
     * @param workers who take what may be leased here
     */
    Ledger(CrawlJob job, Fingerprint.Seed seed, Ticker ticker, Shared shared, RandomGenerator random, Space space,
            HostQueues.Workers workers) {
        this.job = job;
        this.steps = new Steps(Math.max(LEAST_WINDOW, 4 * job.concurrency()), space, this::counts);
        this.admission = new Admission(job, () -> shared.urlRoom().hasRoom() && steps.haveSpace(), seed);
        this.memories = new HostMemories(job, ticker);
        this.queues = new HostQueues(job, ticker, shared.hosts(), shared.sitemapGate(), shared.ruleRoom(),
                shared.urlRoom(), shared.idleHosts(), memories, workers);
        this.budget = new PageBudget(job.limits().maxPages());
        RequestRate rate = new RequestRate(job.politeness().maxRequestsPerSecond(), ticker.nanos());
        this.outlook = new Outlook(queues, leases, budget, rate, steps);
        this.tally = new Tally(steps::changed);
        this.leasing = new Leasing(queues, leases, budget, rate, steps, outlook, new Memory(steps, ticker), tally);
        RetryRule retry = new RetryRule(job, random);
        this.auxiliary = new AuxiliaryFetches(job, queues, tally, retry, steps);
        this.leftovers = new Leftovers(queues, budget, tally);
        this.settlement = new Settlement(job, admission, queues, budget, tally, steps, retry, auxiliary, leftovers);
    }

    private Counts counts() {
        return tally.counts(admission, leases.peak());
    }

    /** What earlier runs of the crawl have left comes in by this, before {@link #begin}. */
    Restoration restoration(Ticker ticker) {
        isResumed = true;
        memories.restarted(WallTime.of(ticker));
        return new Restoration(job, admission, budget, tally, memories, auxiliary, queues, steps, ticker);
    }

    /** The job's sitemaps are to be read. */
    void begin(long now) {
        job.start().sitemaps().forEach(sitemap -> auxiliary.sitemap(sitemap, now));
    }

    /** Admits a URL that no page links to. */
    Admitted offer(Request request, long now) {
        if (isResumed && admission.knows(request)) {
            return Admitted.KNOWN; // and no repeat: it was offered before
        }
        Admitted admitted = admission.admit(request);
        if (admitted == Admitted.NEW) {
            steps.admitted(request);
            steps.decided(queues.add(Pending.first(request, RedirectChain.OF_START), now));
        }
        return admitted;
    }

    /** What may be asked of URLs without the lock. */
    Screening screening() {
        return admission.screening();
    }

    /** Leases the next piece of work that is due; null if there is none, or none is allowed, now. */
    @Nullable
    LeaseEntry lease(long now) {
        return leasing.next(now);
    }

    /** The request of a lease was written. */
    void written(LeaseEntry lease, long at, long now) {
        leasing.written(lease, at, now);
    }

    /** A lease ends with a result; returns what is settled now. */
    Optional<Step> finish(LeaseEntry lease, LeaseResult result, Screened links, long now) {
        if (result.isUnasked() && !lease.written) { // neither the host nor the rate has to pay for it
            leasing.unasked(lease, now);
        }
        leasing.ended(lease, result.feedback(), now);
        List<Outcome> outcomes = settlement.settle(lease, result, links, now);
        HostQueue queue = lease.queue;
        if (queue.isGivenUp() && !(lease.work instanceof Work.Decide)) {
            steps.decided(outcomes);
            outcomes = settlement.giveUp(queue, now);
        }
        queues.touched(queue, now);
        return steps.numbered(lease, outcomes);
    }

    /** A lease ends without a result, because its worker failed: the page waits again, to be counted in the end. */
    void abandon(LeaseEntry lease, long now) {
        leasing.ended(lease, HostFeedback.NONE, now);
        switch (lease.work) {
            case Work.FetchPage _ -> {
                budget.giveBack(false);
                steps.decided(queues.add(Objects.requireNonNull(lease.page), now));
            }
            case Work.FetchRobots _,Work.FetchSitemap _ ->
                    tally.auxiliaryGivenUp(lease.work, Reason.ABORTED, "its worker failed");
            case Work.Decide _ -> steps.decided(queues.decideSome(lease.queue, now));
        }
        queues.touched(lease.queue, now);
    }

    /** Forgets steps that were sent; returns whether a lease may be possible by that. */
    boolean forgetSentSteps() {
        return steps.forgetSent();
    }

    /** Whether a lease is possible now, later or never. */
    Outlook outlook() {
        return outlook;
    }

    /** The leases that are not finished. */
    List<Loan> heldLeases() {
        return leases.loans();
    }

    /** Admits a part of a result's links ahead of its end. */
    void admit(LeaseEntry lease, Screened links, long now) {
        settlement.admit(links, lease.queue, now);
    }

    /** The next batch of what still waits, as outcomes; that there is none does not mean that it is the last. */
    Optional<Step> leftovers(CancelReason why, long now) {
        return steps.hasDecided() ? steps.numbered(List.of()) : leftovers.next(why, now, steps);
    }

    /** Whether no batch is left. */
    boolean isSettled() {
        return leftovers.isDone();
    }

    HostQueues queues() {
        return queues;
    }

    FrontierSnapshot snapshot(@Nullable FinishReason ended, long now) {
        long ready = queues.agenda().readyPages(now);
        return new FrontierSnapshot(
                new FrontierSnapshot.Urls(admission.discovered(), ready, queues.pages() - ready, leases.size(),
                        tally.peak(leases.peak())),
                new FrontierSnapshot.Links(admission.duplicates(), admission.outOfScope(), admission.dropped()),
                tally.retries, tally.robots(), tally.sitemaps(), queues.phases(), queues.givenUp(),
                tally.deadlineExceeded(),
                Optional.ofNullable(ended));
    }
}
