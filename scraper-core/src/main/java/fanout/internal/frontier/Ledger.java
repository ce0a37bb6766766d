package fanout.internal.frontier;

import fanout.internal.frontier.Admission.Admitted;
import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.host.Agenda;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostMemories;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.internal.host.SharedLimits;
import fanout.internal.host.Turn;
import fanout.internal.host.Work;
import fanout.internal.task.Ticker;
import fanout.internal.task.Times;
import fanout.internal.task.WallTime;
import fanout.job.CrawlJob;
import fanout.journal.Space;
import fanout.leak.Loan;
import fanout.outcome.CancelReason;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Step;
import fanout.page.Request;
import fanout.report.FinishReason;
import fanout.url.Fingerprint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one crawl: what is leased next and when, what the end of a lease means for its host, the budget and the
 * rate, and which step records it. It knows what waits and who has which lease. What a result means is decided in
 * {@link Settlement}, what is left at the end in {@link Leftovers}.
 *
 * <p>Everything here is called under the lock of {@link Frontier}, takes the moment as a parameter, and never waits. A
 * method that settles URLs gives {@link Steps} their outcomes, which go with the next step: that is the one way out.
 */
final class Ledger {

    private static final int LEAST_WINDOW = 256;

    private final CrawlJob job;
    private final Admission admission;
    private final HostMemories memories;
    private final HostTable hosts;
    private final Agenda agenda;
    private final PageBudget budget;
    private final RequestRate rate;
    private final HeldLeases leases = new HeldLeases();
    private final Steps steps;
    private final Tally tally;
    private final Memory memory;
    private final AuxiliaryFetches auxiliary;
    private final Redirects redirects;
    private final Logins logins;
    private final Leftovers leftovers;
    private final Settlement settlement;
    private final DuplicateRule duplicates;
    private boolean isResumed;

    /**
     * A crawl without URLs.
     *
     * @param seed of the fingerprints by which URLs are known
     * @param space what the crawl's files may take on the disk
     * @param workers who take what may be leased here
     */
    Ledger(CrawlJob job, Fingerprint.Seed seed, Ticker ticker, SharedLimits shared, RandomGenerator random, Space space,
            HostTable.Workers workers) {
        this.job = job;
        this.steps = new Steps(Math.max(LEAST_WINDOW, 4 * job.concurrency()), space, this::counts);
        this.admission = new Admission(job, () -> shared.urlRoom().hasRoom() && steps.haveSpace(), seed);
        this.memories = new HostMemories(job, ticker);
        this.hosts = new HostTable(job, ticker, shared, memories, workers, this::settled);
        this.agenda = hosts.agenda();
        this.budget = new PageBudget(job.limits().maxPages());
        this.rate = new RequestRate(job.politeness().maxRequestsPerSecond(), ticker.nanos());
        this.tally = new Tally(steps::changed);
        this.memory = new Memory(steps, ticker);
        RetryRule retry = new RetryRule(job, random);
        this.auxiliary = new AuxiliaryFetches(job, hosts, tally, retry, steps);
        this.redirects =
                new Redirects(job.limits().maxRedirects(), job.session(), admission, hosts, steps);
        this.logins = new Logins(job, hosts, tally, retry, redirects, steps);
        this.leftovers = new Leftovers(hosts, budget, tally, redirects);
        this.duplicates = new DuplicateRule(job.scope().followDuplicates());
        this.settlement = new Settlement(admission, hosts, budget, tally, steps, retry, redirects, auxiliary, logins,
                leftovers, duplicates);
    }

    /** The state of its host has decided a page. */
    private void settled(Pending page, List<Outcome> outcomes) {
        steps.settled(redirects.lines(page, outcomes));
    }

    private Counts counts() {
        return tally.counts(admission, leases.peak());
    }

    /** Takes in what earlier runs of the crawl have left, before {@link #begin}. */
    Restoration restoration(Ticker ticker) {
        isResumed = true;
        memories.restarted(WallTime.of(ticker));
        return new Restoration(job, admission, budget, tally, memories, auxiliary, hosts, duplicates, steps,
                ticker);
    }

    /** Queues the first step of the job's login, and its sitemaps. */
    void begin(long now) {
        logins.begin(now);
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
            hosts.add(Pending.first(request, RedirectChain.OF_START), now);
        }
        return admitted;
    }

    /** Returns what may be asked of URLs without the lock. */
    Screening screening() {
        return admission.screening();
    }

    /**
     * Settles URLs whose host will not be asked, a batch of them, and returns their step; null if there are none, or it
     * must wait.
     */
    @Nullable
    Decided decide(long now) {
        if (steps.areTooFarAhead() || !hasUnsettled()) {
            return null;
        }
        if (hosts.hasUnsettled()) {
            hosts.settleNext(now);
        } else {
            logins.settleAside();
        }
        Steps.Sending sending = new Steps.Sending();
        return steps.numbered(sending).map(step -> new Decided(step, sending)).orElse(null);
    }

    private boolean hasUnsettled() {
        return hosts.hasUnsettled() || (!logins.areNoneAside() && leases.areNone() && hosts.isEmpty());
    }

    /** Leases the next piece of work that is due; null if none is, or none is allowed, now. */
    @Nullable
    LeaseEntry lease(long now) {
        if (!allowsLease(now)) {
            return null;
        }
        Turn turn = hosts.take(now);
        if (turn == null) {
            return null;
        }
        Pending page = turn.page();
        if (page != null) {
            budget.reserve(page.request());
        }
        if (turn.isRepetition()) {
            tally.retries++;
        }
        LeaseEntry lease = new LeaseEntry(turn, logins.sessionOf(turn.work()), rate.started(now), now);
        leases.add(lease);
        return lease;
    }

    /** Whether the sink, the budget and the rate allow a request. */
    boolean allowsLease(long now) {
        return !steps.areTooFarAhead() && budget.allowsOneMore() && Times.compare(rate.nextAt(), now) <= 0;
    }

    /** Notes that the request of a lease was written: from then on the host's delay counts. */
    void written(LeaseEntry lease, long at, long now) {
        if (!lease.written) {
            wasWritten(lease, at, now);
            hosts.touched(lease.host, now);
        }
    }

    private static void wasWritten(LeaseEntry lease, long at, long now) {
        lease.written = true;
        lease.host.written(at, now);
    }

    /** Ends a lease with a result; returns what is settled now, by this one and those that it has held back. */
    Optional<Step> finish(LeaseEntry lease, LeaseResult result, Screened links, long now) {
        leases.remove(lease);
        if (!duplicates.holdsBack(lease, result, links)) {
            settle(lease, result, links, now);
            settleHeldBack(lease, now);
        }
        return steps.numbered(lease);
    }

    private void settleHeldBack(LeaseEntry by, long now) {
        duplicates.released(by).forEach(held -> settle(held.lease(), held.result(), held.links(), now));
    }

    private void settle(LeaseEntry lease, LeaseResult result, Screened links, long now) {
        if (result.isUnasked() && !lease.written) { // neither the host nor the rate has to pay for it
            lease.written = true;
            rate.takeBack(lease.rateStarted);
            lease.host.unasked(now);
        }
        ended(lease, result.feedback(), now);
        settlement.settle(lease, result, links, now);
        lease.host.settled(now);
        if (lease.host.isGivenUp()) {
            settlement.giveUp(lease.host, now);
        }
        hosts.touched(lease.host, now);
    }

    /** Ends a lease without a result, because its worker failed: the page waits again, to be counted in the end. */
    void abandon(LeaseEntry lease, long now) {
        leases.remove(lease);
        ended(lease, HostFeedback.NONE, now);
        switch (lease.work) {
            case Work.FetchPage page -> {
                budget.giveBack(page.request(), false);
                hosts.add(Objects.requireNonNull(lease.page), now);
            }
            case Work.FetchRobots _,Work.FetchSitemap _ ->
                    tally.auxiliaryGivenUp(lease.work, Reason.ABORTED, "its worker failed");
            case Work.LogIn step -> logins.abandoned(step);
        }
        hosts.touched(lease.host, now);
        settleHeldBack(lease, now);
    }

    /** A request is over. Its host is {@linkplain HostTable#touched touched} later, when its result is settled. */
    private void ended(LeaseEntry lease, HostFeedback feedback, long now) {
        if (!lease.written) {
            wasWritten(lease, now, now); // a request that was never written counts from its end
        }
        hosts.ended(lease.host, lease.work, feedback, lease.circuitEpoch, now);
        memory.keep(lease.host, now); // before the crawl leaves the host, if this was its last work there
    }

    /**
     * Admits a part of a result's links before its lease ends; false if it admits nothing, because the page gets no
     * line, or its links are not followed.
     */
    boolean admit(LeaseEntry lease, LeaseResult result, Screened links, long now) {
        return settlement.admitPart(lease, result, links, now);
    }

    /** Forgets steps that were sent; returns whether a lease may be possible by that. */
    boolean forgetSentSteps() {
        return steps.forgetSent();
    }

    /** Whether nothing waits and no worker holds a lease, from which more could come. */
    boolean isExhausted() {
        return leases.areNone() && hosts.isEmpty() && logins.areNoneAside();
    }

    /** Returns why the crawl has no session, and will have none; empty if it has, or needs none. */
    Optional<String> loginFailure() {
        return logins.failure();
    }

    boolean isBudgetSpent() {
        return budget.isSpent();
    }

    /** Whether no worker holds a lease, and all that waits is what a limit of a part of the crawl holds back. */
    boolean isCut() {
        return leases.areNone() && hosts.isCut() && logins.areNoneAside();
    }

    /**
     * Whether nothing can happen before this moment: no lease is held, every ready time lies beyond, and no work waits
     * for another crawl's request to end, or for a step to be sent.
     */
    boolean isIdleUntil(long moment, long now) {
        if (!leases.areNone() || steps.areTooFarAhead() || agenda.hasBlocked() || hasUnsettled()) {
            return false;
        }
        OptionalLong next = nextAt(now);
        return next.isEmpty() || Times.compare(next.getAsLong(), moment) >= 0;
    }

    /**
     * Whether work waits for other crawls' requests to end, or for what they share, and none of this crawl's is under
     * way.
     */
    boolean isHeldByOthers() {
        return leases.areNone() && !steps.areTooFarAhead() && !hasPromise() && agenda.hasBlocked();
    }

    /** Whether time alone, or nothing at all, is missing for an {@link Assignment}. */
    boolean hasPromise() {
        return hasUnsettled() || (budget.allowsOneMore() && !agenda.isEmpty());
    }

    /**
     * Returns when time alone makes an assignment possible; empty if only the end of a lease, or the sending of a step,
     * can.
     */
    OptionalLong nextAt(long now) {
        if (steps.areTooFarAhead()) {
            return OptionalLong.empty();
        }
        if (hasUnsettled()) {
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

    /**
     * Returns the next batch of what still waits, as outcomes; an empty batch is not always the last.
     */
    Optional<Step> leftovers(CancelReason why, long now) {
        logins.waitAgain(now);
        return steps.hasSettled() ? steps.numbered() : leftovers.next(why, now, steps);
    }

    /** Whether no batch is left. */
    boolean isSettled() {
        return leftovers.isDone();
    }

    /** Returns the leases that are not finished. */
    List<Loan> heldLeases() {
        return leases.loans();
    }

    HostTable hosts() {
        return hosts;
    }

    FrontierSnapshot snapshot(@Nullable FinishReason ended, long now) {
        long ready = agenda.readyPages(now);
        return new FrontierSnapshot(
                new FrontierSnapshot.Urls(admission.discovered(), ready, hosts.pages() - ready, leases.size(),
                        tally.peak(leases.peak())),
                new FrontierSnapshot.Links(admission.duplicates(), admission.outOfScope(), admission.dropped()),
                tally.retries, tally.robots(), tally.sitemaps(), tally.logins(), hosts.sums().phases(),
                hosts.sums().givenUp(), tally.deadlineExceeded(), tally.cut(), Optional.ofNullable(ended),
                logins.failure());
    }
}
