package fanout.queue;

import fanout.host.Circuit;
import fanout.host.Pace;
import fanout.host.RobotsRules;
import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.queue.Backlog.Errand;
import fanout.task.Ticker;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The hosts of a crawl, and the one way into their queues. Guarded by the frontier's lock. */
public final class HostQueues {

    private final Map<Host, HostQueue> queues = new HashMap<>();
    private final Backlog.Common common = new Backlog.Common();
    private final Set<HostQueue> withSitemaps = new LinkedHashSet<>();
    private final CrawlJob job;
    private final Ticker ticker;
    private final Schedule schedule;
    private final Set<Host> mustShowRobots;

    public HostQueues(CrawlJob job, Ticker ticker, Schedule schedule) {
        this.job = job;
        this.ticker = ticker;
        this.schedule = schedule;
        this.mustShowRobots = job.start().sitemapsFromRobots()
                ? job.start().urls().stream().map(start -> start.url().host()).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    public Collection<HostQueue> all() {
        return queues.values();
    }

    /** Whether no host has anything to do. */
    public boolean areEmpty() {
        return common.nothingWaits();
    }

    public HostQueue of(Host host) {
        return queues.computeIfAbsent(host, this::create);
    }

    private HostQueue create(Host host) {
        HostQueue queue = new HostQueue(host, queues.size(),
                Pace.initial(job.politeness().mannersFor(host), ticker.nanos()),
                new Circuit(job.circuitBreaker(), ticker), common);
        if (!job.politeness().obeyRobots() && !mustShowRobots.contains(host)) {
            queue.robots = new RobotsState.Known(RobotsRules.ALLOW_ALL);
        }
        return queue;
    }

    /** Whether the sitemaps that this host's robots.txt names are wanted. */
    public boolean wantsSitemapsOf(Host host) {
        return mustShowRobots.contains(host);
    }

    /**
     * Queues a page, and before the first of a host its robots.txt.
     *
     * @return the page's outcome and those of its redirects, if the host's state has decided it already
     */
    public List<Outcome> add(Pending pending, long now) {
        CanonicalUrl url = pending.request().url();
        HostQueue queue = of(url.host());
        Optional<List<Outcome>> decided = queue.verdictOn(pending);
        if (decided.isPresent()) {
            return decided.get();
        }
        askForRobots(queue, url, now);
        queue.backlog.add(pending);
        schedule.place(queue, now);
        return List.of();
    }

    /** Queues a sitemap; returns whether its host may still be asked. */
    public boolean addSitemap(Work.FetchSitemap sitemap, long notBefore, long now) {
        HostQueue queue = of(sitemap.url().host());
        if (queue.circuit.isGivenUp() || queue.robots.forbidsAll()) {
            return false;
        }
        askForRobots(queue, sitemap.url(), now);
        queue.backlog.add(new Errand(sitemap, notBefore));
        withSitemaps.add(queue);
        schedule.place(queue, now);
        return true;
    }

    /** A sitemap is being fetched; few are at once, because they are large. */
    public void sitemapTaken() {
        common.sitemapTaken();
    }

    /** It no longer is: another host's may have its turn. */
    public void sitemapGivenBack(long now) {
        common.sitemapGivenBack();
        withSitemaps.removeIf(queue -> !queue.backlog.hasSitemaps());
        withSitemaps.forEach(queue -> schedule.place(queue, now));
    }

    /** Queues a robots.txt at the host that serves it. */
    public void addRobots(Work.FetchRobots robots, long notBefore, long now) {
        HostQueue queue = of(robots.url().host());
        queue.backlog.add(new Errand(robots, notBefore));
        schedule.place(queue, now);
    }

    private void askForRobots(HostQueue queue, CanonicalUrl url, long now) {
        if (queue.robots instanceof RobotsState.Unknown) {
            queue.robots = new RobotsState.Awaited();
            addRobots(new Work.FetchRobots(queue.host, url.robotsTxt(), 0, 0), now, now);
        }
    }

    /** Looks again at the pages that wait for a host whose state has changed; returns the outcomes that decides. */
    public List<Outcome> decideWaiting(HostQueue queue, long now) {
        List<Outcome> decided = new ArrayList<>();
        for (Pending pending : queue.backlog.drainPages()) {
            decided.addAll(add(pending, now));
        }
        schedule.place(queue, now);
        return decided;
    }
}
