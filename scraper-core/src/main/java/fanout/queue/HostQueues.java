package fanout.queue;

import fanout.backlog.Pending;
import fanout.backlog.UrlRoom;
import fanout.host.Circuit;
import fanout.host.HostFeedback;
import fanout.host.HostMemories;
import fanout.host.SharedHosts;
import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.task.Ticker;
import fanout.url.Host;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a crawl: the one way into their queues, and out. Guarded by the frontier's lock.
 */
public final class HostQueues {

    /** URLs that are decided in one step, where a host's fate decides all of them. */
    private static final int BATCH = 1_000;

    private final KnownHosts hosts;
    private final WaitingWork waiting;
    /** Hosts that will not be asked any more, and of which pages may wait for their outcome. */
    private final Queue<HostState> unsettled = new ArrayDeque<>();
    private final RobotsPrerequisite robots;
    private final Agenda agenda;
    private final CrawlJob job;
    private final Ticker ticker;
    private final Workers workers;
    private final Consumer<List<Outcome>> settled;

    /** The workers of the crawl, as its hosts see them. */
    @FunctionalInterface
    public interface Workers {

        /** Another crawl has changed what may be leased: they look again. */
        void changed();

        /** Whether one of them waits for work at this moment. */
        default boolean isOneFree() {
            return false;
        }
    }

    /**
     * No hosts yet.
     *
     * @param idleHosts without work, of which the state is kept
     * @param memories of a crawl that goes on
     * @param workers who take what may be leased here
     * @param settled told the outcome of a page, and of the redirects that led to it, when its host's state decides it
     */
    public HostQueues(CrawlJob job, Ticker ticker, SharedHosts sharedHosts, SitemapGate sitemapGate, RuleRoom ruleRoom,
            UrlRoom urlRoom, int idleHosts, HostMemories memories, Workers workers,
            Consumer<List<Outcome>> settled) {
        this.job = job;
        this.ticker = ticker;
        this.workers = workers;
        this.settled = settled;
        this.waiting = new WaitingWork(urlRoom);
        CrawlRules rules = new CrawlRules(ruleRoom);
        this.agenda = new Agenda(sitemapGate, rules);
        this.hosts = new KnownHosts(job, ticker,
                new HostState.OfCrawl(sharedHosts, waiting, rules, memories, job.circuitBreaker(), ticker,
                        this::hostChanged, job.name(), queue -> workers.isOneFree() && agenda.mayTake(queue)),
                agenda, idleHosts);
        this.robots = new RobotsPrerequisite(job, hosts, this::settleLater);
    }

    /** The robots.txt files that other work waits for. */
    public RobotsPrerequisite robots() {
        return robots;
    }

    /** What may be leased next, and when. */
    public Agenda agenda() {
        return agenda;
    }

    /** Whether no host has anything to do. */
    public boolean areEmpty() {
        return waiting.isNothing();
    }

    public HostState of(Host host) {
        return hosts.of(host);
    }

    private void hostChanged(HostState queue, long now) {
        agenda.place(queue, now);
        workers.changed();
    }

    /**
     * Queues a page, and before the first of a host its robots.txt; settles it at once if the host's state decides it.
     */
    public void add(Pending pending, long now) {
        add(of(pending.url().host()), pending, now);
    }

    /**
     * As {@link #add(Pending, long)}, for a page that was found at this host: most links of a page lead to its own
     * host, which need not be looked up then.
     */
    public void add(Pending pending, HostState near, long now) {
        Host host = pending.url().host();
        add(near.isVisiting() && near.host().equals(host) ? near : of(host), pending, now);
    }

    private void add(HostState queue, Pending pending, long now) {
        Optional<List<Outcome>> verdict = queue.verdictOn(pending);
        if (verdict.isPresent()) {
            queue.count(verdict.get().getLast()); // those before it are redirects
            settled.accept(verdict.get());
        } else {
            robots.askFor(queue, pending.url(), now);
            queue.add(pending);
        }
        touched(queue, now);
    }

    /** Queues a sitemap; returns whether its host may still be asked. */
    public boolean addSitemap(Work.FetchSitemap sitemap, long notBefore, long now) {
        HostState queue = of(sitemap.url().host());
        if (queue.isCondemned()) {
            return false;
        }
        robots.askFor(queue, sitemap.url(), now);
        queue.sitemaps().add(sitemap, notBefore);
        touched(queue, now);
        return true;
    }

    /** Takes the next piece of work that is due; null if none is. */
    public @Nullable Turn take(long now) {
        Agenda.Next next = agenda.first(now);
        while (next != null && next.queue().yieldsTurn(now)) { // it is not ready any more
            next = agenda.first(now);
        }
        return next == null ? null : take(next.queue(), next.kind(), now);
    }

    private Turn take(HostState queue, HostState.Kind kind, long now) {
        Turn turn = switch (kind) {
            case ROBOTS -> new Turn(queue, queue.robotsFiles().take(), null);
            case SITEMAP -> new Turn(queue, queue.sitemaps().take(), null);
            case PAGE -> {
                Pending page = queue.takePage(now);
                yield new Turn(queue, new Work.FetchPage(page.request(), page.attempts(), page.chain().hops(),
                        queue.robots().rules()), page);
            }
        };
        agenda.taken(turn.work());
        agenda.turnTaken(queue);
        queue.leased(now);
        touched(queue, now);
        return turn;
    }

    /**
     * A piece of work has ended, which began in this epoch of its host's circuit. Its host is {@link #touched} later.
     */
    public void ended(HostState queue, Work work, HostFeedback feedback, int circuitEpoch, long now) {
        agenda.ended(work);
        queue.ended(feedback, circuitEpoch, job.politeness().maxRetryAfter(), now);
    }

    /** Something happened to a host: it goes where it belongs now. */
    public void touched(HostState queue, long now) {
        hosts.touched(queue, now);
    }

    /** Whether pages wait for an outcome that their host's state decides. */
    public boolean hasUnsettled() {
        return !unsettled.isEmpty();
    }

    /** Settles a batch of the pages of the first host of which some wait for their outcome. */
    public void settleNext(long now) {
        HostState queue = unsettled.poll();
        if (queue != null) {
            settleSome(queue, now);
            touched(queue, now);
        }
    }

    /**
     * Settles a batch of the pages of a host that will not be asked, and leaves the rest for later. The host is
     * {@link #touched} later.
     */
    public void settleSome(HostState queue, long now) {
        queue.takePages(BATCH).forEach(page -> add(page, now));
        settleLater(queue);
    }

    private void settleLater(HostState queue) {
        if (queue.isCondemned() && queue.hasPages()) {
            unsettled.add(queue);
        }
    }

    /** Takes so many of the pages that wait at a host. */
    public List<Pending> takePagesAt(HostState queue, int most) {
        List<Pending> pages = queue.takePages(most);
        agenda.place(queue, ticker.nanos()); // what is taken is not ready any more
        return pages;
    }

    /** Takes the sitemaps that wait at a host that is given up. */
    public List<Work> takeSitemapsAt(HostState queue) {
        return queue.sitemaps().takeAll();
    }

    /**
     * A walk through the hosts that are known. May be called without the lock; {@code hasNext} and the {@code next}
     * after it are one step under it. Of hosts that come or go meanwhile the walk meets some, and where one has come,
     * {@code hasNext} may be true again.
     */
    public Iterator<HostState> all() {
        return hosts.all();
    }

    /**
     * So many of the hosts at which due work waits for requests of other crawls; of very many common hosts some are
     * looked at.
     */
    public List<HostSnapshot> heldByOthers(List<Host> met, int most, long now) {
        return met.stream()
                .map(hosts::find)
                .filter(queue -> queue != null && queue.isVisiting() && queue.isHeldByOthers(now))
                .limit(most)
                .map(queue -> Objects.requireNonNull(queue).snapshot(now))
                .toList();
    }

    /** Pages that wait. */
    public long pages() {
        return waiting.pages();
    }

    /** Hosts by circuit phase. */
    public Map<Circuit.Phase, Integer> phases() {
        return hosts.phases();
    }

    /** Hosts of these that were given up: their circuits stay open. */
    public int givenUp() {
        return hosts.givenUp();
    }

    /** The crawl is over: it visits this host no more, and the rules make room. */
    public void leave(HostState queue, long now) {
        hosts.leave(queue, now);
    }
}
