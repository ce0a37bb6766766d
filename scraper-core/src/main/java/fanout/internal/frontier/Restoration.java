package fanout.internal.frontier;

import fanout.internal.host.HostMemories;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.RedirectChain;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Redirected;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes in what earlier runs of a crawl have left: what was admitted, the budget, the counts and the hosts. A URL that
 * has its outcome is known by its fingerprint, so no link to it is admitted again. Guarded by the frontier's lock.
 */
final class Restoration implements Replay {

    private final Set<String> starts;
    private final Admission admission;
    private final PageBudget budget;
    private final Tally tally;
    private final HostMemories memories;
    private final AuxiliaryFetches auxiliary;
    private final HostTable hosts;
    private final DuplicateRule duplicates;
    private final Steps steps;
    private final Ticker ticker;

    Restoration(CrawlJob job, Admission admission, PageBudget budget, Tally tally, HostMemories memories,
            AuxiliaryFetches auxiliary, HostTable hosts, DuplicateRule duplicates, Steps steps, Ticker ticker) {
        this.starts = job.start().urls().stream().map(Request::key).collect(Collectors.toUnmodifiableSet());
        this.admission = admission;
        this.budget = budget;
        this.tally = tally;
        this.memories = memories;
        this.auxiliary = auxiliary;
        this.hosts = hosts;
        this.duplicates = duplicates;
        this.steps = steps;
        this.ticker = ticker;
    }

    @Override
    public void counted(Counts counts, long ok) {
        admission.restore(counts);
        tally.restore(counts);
        budget.restore(ok);
    }

    @Override
    public void changed(Change change) {
        switch (change) {
            case Change.Widened widened -> admission.startEndedAt(widened.host());
            case Change.HostChanged changed -> memories.add(changed.memory());
            case Change.SitemapFound found -> auxiliary.sitemap(found.url(), ticker.nanos());
            case Change.SitemapEnded ended -> auxiliary.restore(ended);
            case Change.Followed followed ->
                    throw new IllegalArgumentException("a redirect comes with its URL: " + followed);
        }
    }

    @Override
    public void okPages(Host host, Optional<String> label, long pages) {
        memories.addOk(host, pages);
        hosts.labels().restore(label, pages);
    }

    @Override
    public void firstPage(ContentDigest digest, CanonicalUrl url) {
        duplicates.restore(digest, url);
    }

    @Override
    public void known(FingerprintSet prints) {
        admission.restoreKnown(prints);
    }

    @Override
    public void waiting(List<Waiting> some) {
        long now = ticker.nanos();
        for (Waiting each : some) {
            admission.restoreWaiting(each.print());
            steps.waits(each.request());
            each.hops().forEach(hop -> steps.waits(hop.request()));
            hosts.add(pending(each.request(), each.hops()), now);
        }
    }

    private Pending pending(Request request, List<Redirected> hops) {
        Request first = hops.isEmpty() ? request : hops.getFirst().request();
        RedirectChain chain = starts.contains(first.key()) ? RedirectChain.OF_START : RedirectChain.OF_LINK;
        Pending pending = Pending.first(request, chain);
        for (Redirected hop : hops) {
            Optional<Redirected> again = chain.member(hop.next(), hop);
            chain = chain.then(hop);
            pending = again.isPresent() ? Pending.again(again.get(), hop.next(), chain) : Pending.first(request, chain);
        }
        return pending;
    }
}
