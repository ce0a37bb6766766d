package fanout.frontier;

import fanout.admission.Admission;
import fanout.admission.Admission.Admitted;
import fanout.admission.Admission.Screened;
import fanout.admission.PageBudget;
import fanout.admission.RequestRate;
import fanout.host.Circuit;
import fanout.host.HostFeedback;
import fanout.job.CrawlJob;
import fanout.leak.Loan;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.page.Request;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.Pending;
import fanout.queue.RedirectChain;
import fanout.queue.RobotsState;
import fanout.queue.Schedule;
import fanout.queue.Times;
import fanout.queue.Work;
import fanout.report.FinishReason;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frontier's books: what waits, who has which lease, what the budget and the rate allow. It decides and never waits;
 * {@link Frontier} is the lock and the waiting around it. Not thread-safe: guarded by the frontier's lock, but for the
 * {@link #admission}, whose screening is pure.
 */
final class Ledger {

    final Admission admission;
    private final Tally tally = new Tally();
    private final Schedule schedule = new Schedule();
    private final HostQueues queues;
    private final PageBudget budget;
    private final RequestRate rate;
    private final Settlement settlement;
    private final Duration maxRetryAfter;
    private final Set<Lease> leases = new HashSet<>();
    /** Outcomes of URLs that were decided when a source offered them: they go with the next lease that ends. */
    private final List<Outcome> decided = new ArrayList<>();

    Ledger(CrawlJob job, Ticker ticker) {
        this.maxRetryAfter = job.politeness().maxRetryAfter();
        this.admission = new Admission(job, tally);
        this.queues = new HostQueues(job, ticker, schedule);
        this.budget = new PageBudget(job.limits().maxPages());
        this.rate = new RequestRate(job.politeness().maxRequestsPerSecond(), ticker.nanos());
        this.settlement = new Settlement(job, admission, queues, budget, tally);
        job.start().sitemaps().forEach(sitemap -> settlement.sitemap(sitemap, ticker.nanos()));
    }

    /** Admits a URL that no page links to. */
    Admitted offer(Request request, long now) {
        Admitted admitted = admission.admit(Admission.candidate(request));
        if (admitted == Admitted.NEW) {
            decided.addAll(queues.add(Pending.first(request, RedirectChain.OF_START), now));
        }
        return admitted;
    }

    /** Screens the URLs that come with a finding. Needs no lock. */
    Screened screen(Lease lease, LeaseResult finding) {
        return switch (finding) {
            case LeaseResult.PageFinding found -> {
                Pending page = Objects.requireNonNull(lease.page, "no page was leased");
                yield admission.screen(page.request(), page.chain().ofStart(), found.links())
                        .andDropped(found.linksDropped());
            }
            case LeaseResult.SitemapFound found -> admission.screen(found.pages()).andDropped(found.dropped());
            case LeaseResult.RobotsFound _,LeaseResult.Moved _,LeaseResult.Missed _,LeaseResult.GivenUp _ ->
                    Screened.NONE;
        };
    }

    /** Leases the next piece of work that is due; null if there is none, or none is allowed, now. */
    @Nullable
    Lease lease(Frontier frontier, long now) {
        if (!budget.allowsOneMore() || Times.compare(rate.nextAt(), now) > 0) {
            return null;
        }
        HostQueue queue = schedule.poll(now);
        if (queue == null) {
            return null;
        }
        Optional<Work> errand = queue.pollErrand(now);
        Pending page = errand.isPresent() ? null : queue.backlog.pollPage(now);
        Work work = page == null
                ? errand.orElseThrow()
                : new Work.FetchPage(page.request(), page.attempts(), page.chain().hops(), queue.rules());
        switch (work) {
            case Work.FetchPage _ -> budget.reserve();
            case Work.FetchSitemap _ -> queues.sitemapTaken();
            case Work.FetchRobots _ -> {}
        }
        rate.started(now);
        queue.circuit.probe();
        queue.inFlight++;
        queue.unwritten++;
        Lease lease = new Lease(frontier, queue, work, page);
        leases.add(lease);
        tally.peakLeased = Math.max(tally.peakLeased, leases.size());
        schedule.place(queue, now);
        return lease;
    }

    /** The request of a lease was written. */
    void written(Lease lease, long at, long now) {
        if (!lease.written) {
            lease.written = true;
            lease.queue.unwritten--;
            lease.queue.pace = lease.queue.pace.written(at);
            schedule.place(lease.queue, now);
        }
    }

    /** No request was made for a lease: neither its host nor the rate has to pay for it. */
    private void forgetRequest(Lease lease, long now) {
        rate.forgetOne();
        if (!lease.written) {
            lease.written = true;
            lease.queue.unwritten--;
            schedule.place(lease.queue, now);
        }
    }

    /** A lease ends with a finding; returns the outcomes that are final now. */
    List<Outcome> finish(Lease lease, LeaseResult finding, Screened links, long now) {
        if (finding.isUnasked()) {
            forgetRequest(lease, now);
        }
        HostQueue queue = giveBack(lease, finding.answer(), now);
        List<Outcome> outcomes = takeDecided();
        outcomes.addAll(settlement.settle(lease, finding, links, now));
        if (queue.circuit.isGivenUp()) {
            outcomes.addAll(settlement.giveUp(queue, now));
        }
        schedule.place(queue, now);
        return outcomes;
    }

    private List<Outcome> takeDecided() {
        List<Outcome> taken = new ArrayList<>(decided);
        decided.clear();
        return taken;
    }

    /** A lease ends without a finding, because its worker failed: the page waits again, to be counted in the end. */
    void abandon(Lease lease, long now) {
        HostQueue queue = giveBack(lease, HostFeedback.NONE, now);
        if (lease.page != null) {
            budget.settle(false);
            queue.backlog.add(lease.page);
        } else {
            tally.errandEnded(lease.work(), false);
        }
        schedule.place(queue, now);
    }

    private HostQueue giveBack(Lease lease, HostFeedback answer, long now) {
        if (!leases.remove(lease)) {
            throw new IllegalStateException("not leased: " + lease.work().url());
        }
        written(lease, now, now); // a request that was never written counts from its end
        if (lease.work() instanceof Work.FetchSitemap) {
            queues.sitemapGivenBack(now);
        }
        HostQueue queue = lease.queue;
        queue.inFlight--;
        queue.pace = queue.pace.answered(answer);
        answer.retryAfter()
                .filter(asked -> asked.compareTo(maxRetryAfter) <= 0)
                .ifPresent(asked -> queue.pace = queue.pace.heldUntil(now + asked.toNanos()));
        queue.circuit.tell(answer.verdict(), lease.circuitEpoch);
        return queue;
    }

    /** Whether nothing waits and nobody holds a lease, from which more could come. */
    boolean isExhausted() {
        return leases.isEmpty() && queues.areEmpty();
    }

    boolean isBudgetSpent() {
        return budget.isSpent();
    }

    /** Whether nothing can happen before this moment: nobody holds a lease, and every ready-time lies beyond. */
    boolean isIdleUntil(long moment, long now) {
        OptionalLong next = nextAt(now);
        return leases.isEmpty() && (next.isEmpty() || Times.compare(next.getAsLong(), moment) >= 0);
    }

    /** Whether time alone, or none, makes a lease possible. */
    boolean hasPromise() {
        return budget.allowsOneMore() && !schedule.isEmpty();
    }

    /** When time alone makes a lease possible; empty if only the end of another can. */
    OptionalLong nextAt(long now) {
        if (!budget.allowsOneMore()) {
            return OptionalLong.empty();
        }
        OptionalLong next = schedule.hasReady(now) ? OptionalLong.of(now) : schedule.nextAt();
        return next.isPresent() && Times.compare(rate.nextAt(), next.getAsLong()) > 0
                ? OptionalLong.of(rate.nextAt())
                : next;
    }

    /** The leases that are not finished. */
    List<Loan> heldLeases() {
        return leases.stream()
                .map(lease -> new Loan("lease", "of " + lease.work().url(), lease, lease.origin))
                .toList();
    }

    /** Takes everything that waits, as the outcomes with which the crawl ends. */
    List<Outcome> leftovers(CancelReason why) {
        List<Outcome> outcomes = takeDecided();
        for (HostQueue queue : queues.all()) {
            Stage stage = queue.robots instanceof RobotsState.Awaited ? Stage.ROBOTS : Stage.POLITENESS;
            for (Pending pending : queue.backlog.drainPages()) {
                if (budget.isSpent()) {
                    outcomes.addAll(pending.overBudget());
                } else {
                    outcomes.addAll(pending.leftOver(why, stage));
                    tally.leftBehind(pending, why, stage);
                }
            }
        }
        return outcomes;
    }

    FrontierSnapshot snapshot(@Nullable FinishReason ended, long now) {
        long ready = schedule.ready(now).mapToLong(queue -> queue.backlog.pages()).sum();
        long pages = 0;
        Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);
        for (HostQueue queue : queues.all()) {
            pages += queue.backlog.pages();
            hosts.merge(queue.circuit.phase(), 1, Integer::sum);
        }
        return new FrontierSnapshot(tally.discovered, ready, pages - ready, leases.size(), tally.peakLeased,
                tally.duplicates, tally.outOfScope, tally.dropped, tally.retries, tally.robots(), tally.sitemaps(),
                hosts, tally.deadlineExceeded(), Optional.ofNullable(ended));
    }
}
