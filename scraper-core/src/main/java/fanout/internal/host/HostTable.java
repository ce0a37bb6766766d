package fanout.internal.host;

import fanout.internal.host.Pace.Terms;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds the hosts of a crawl: their states, which of them is next, and sums over all of them. It is the one way in for
 * what waits, and out.
 *
 * <p>Each method changes the state of a host, and then {@linkplain #touched touches} it. What follows from the change
 * outside the host is done there, by comparing the state with what was made of it before: the sums by circuit, the
 * rules that may be dropped, the visit to the shared host, the idle hosts, and the place in the schedule.
 *
 * <p>A host is known from its first piece of work on. Of those without work the crawl keeps so many, with their rules,
 * circuit and counts; of more, the one idle for longest is forgotten, and is a new host if it gets work again.
 *
 * <p>robots.txt is a prerequisite: it is asked for before the first page or sitemap of a host, and they wait until it
 * is known, or will not be.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class HostTable {

    /** URLs that are decided in one step, where a host's fate decides all of them. */
    private static final int BATCH = 1_000;
    /** Hosts at which nothing but pages to be set aside is found within one hold of the lock, and pages of each. */
    private static final int MOST_TRIED = 16;
    private static final int MOST_ASIDE = 64;
    /** Common hosts of which an observer is told which are held by others, within one hold of the lock. */
    private static final int MOST_MET = 256;
    private static final int MOST_HELD = 10;

    private final CrawlJob job;
    private final Ticker ticker;
    private final SharedLimits shared;
    private final HostMemories memories;
    private final Workers workers;
    private final BiConsumer<Pending, List<Outcome>> settled;
    private final Set<Host> mustShowRobots;
    private final HostState.Crawl crawl = new OfHosts();
    private final long mostPages;
    private final LabelShares labels;
    private final RuleRoom.Share rules;
    private final Agenda agenda;

    private final Map<Host, HostState> hosts = new HashMap<>();
    private final SlotsInOrder<HostState> inOrder = new SlotsInOrder<>();
    private final IdleHosts idle = new IdleHosts();
    /** Hosts that will not be asked any more, and of which pages may wait for their outcome. */
    private final Queue<HostState> unsettled = new ArrayDeque<>();
    /** Hosts that are to hear that a label is spent; null if there are none. */
    private @Nullable Iterator<HostState> unaware;
    /**
     * Shared by all hosts with the same manners: what many hosts read is one object, and stays in the processor's
     * cache.
     */
    private final Map<Manners, Terms> terms = new HashMap<>();
    private final RobotsState allowAll = new RobotsState.Known(RobotsRules.ALLOW_ALL);

    private final HostSums sums = new HostSums();
    private long waitingPages;
    private long waitingAuxiliary;

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
     * A table without hosts.
     *
     * @param memories of a crawl that is resumed
     * @param workers who take what may be leased here
     * @param settled told the outcome of a page, and of the redirects that led to it, when its host's state decides it
     */
    public HostTable(CrawlJob job, Ticker ticker, SharedLimits shared, HostMemories memories, Workers workers,
            BiConsumer<Pending, List<Outcome>> settled) {
        this.job = job;
        this.mostPages = job.limits().maxPagesPerHost().orElse(Long.MAX_VALUE);
        this.labels = new LabelShares(job.limits().maxPagesPerLabel());
        this.ticker = ticker;
        this.shared = shared;
        this.memories = memories;
        this.workers = workers;
        this.settled = settled;
        this.rules = shared.ruleRoom().newShare();
        this.agenda = new Agenda(shared.sitemapGate(), rules, labels);
        this.mustShowRobots = job.start().sitemapsFromRobots()
                ? job.start().urls().stream().map(start -> start.url().host()).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /** The crawl, as its hosts see it. */
    private final class OfHosts implements HostState.Crawl {

        @Override
        public String name() {
            return job.name();
        }

        @Override
        public long mostPages() {
            return mostPages;
        }

        @Override
        public LabelShares labels() {
            return labels;
        }

        @Override
        public void labelSpent() {
            unaware = inOrder.iterator();
        }

        @Override
        public boolean hasFreeWorker(HostState host) {
            return workers.isOneFree() && agenda.mayTake(host);
        }

        @Override
        public void hostChanged(HostState host, long now) {
            agenda.place(host, now);
            workers.changed();
        }
    }

    /** Returns how many pages of each label may be ok, and were. */
    public LabelShares labels() {
        return labels;
    }

    /** Returns what may be leased next, and when. */
    public Agenda agenda() {
        return agenda;
    }

    public HostState of(Host host) {
        return hosts.computeIfAbsent(host, this::create);
    }

    private HostState create(Host host) {
        RobotsState robots = job.politeness().obeyRobots() || wantsSitemapsOf(host)
                ? new RobotsState.Unknown()
                : allowAll;
        HostState state = new HostState(host, terms.computeIfAbsent(job.politeness().mannersFor(host), Terms::of),
                robots, memories.recallCircuit(host).orElse(null), crawl, ticker.nanos());
        state.restoreOk(memories.recallOk(host));
        sums.added(state);
        inOrder.add(state);
        return state;
    }

    /** Puts a host where it belongs now, after something has happened to it. */
    public void touched(HostState host, long now) {
        sums.changed(host);
        HostDecisions.Need need = host.need();
        boolean needsRules = need == HostDecisions.Need.RULES;
        if (needsRules == host.mayLoseRules) {
            host.mayLoseRules = !needsRules;
            rules.needed(needsRules, host);
        }
        if (need == HostDecisions.Need.NOTHING) {
            host.leave(shared.hosts(), now);
            if (host.hasPages()) { // which wait in vain, and are settled when the crawl ends
                idle.remove(host);
            } else {
                idle.add(host);
                idle.next(shared.idleHosts()).ifPresent(this::forget);
            }
        } else {
            idle.remove(host);
            host.visit(shared.hosts(), memories, now);
        }
        agenda.place(host, now);
    }

    private void forget(HostState host) {
        if (hosts.remove(host.host(), host)) { // it may have been forgotten, and be a new host by now
            sums.forgotten(host);
            inOrder.remove(host);
            memories.addOk(host.host(), host.ok());
        }
        rules.drop(host);
    }

    /** Ends the crawl's visit to a host, since the crawl is over: the rules make room. */
    public void leave(HostState host, long now) {
        idle.remove(host);
        host.leave(shared.hosts(), now);
        rules.drop(host);
    }

    // What comes in.

    /**
     * Queues a page, and before the first of a host its robots.txt; settles it at once if the host's state decides it.
     */
    public void add(Pending page, long now) {
        add(of(page.url().host()), page, now);
    }

    /**
     * As {@link #add(Pending, long)}, for a page that was found at this host: most links of a page lead to its own
     * host, which need not be looked up then.
     */
    public void add(Pending page, HostState near, long now) {
        Host host = page.url().host();
        add(near.isVisiting() && near.host().equals(host) ? near : of(host), page, now);
    }

    private void add(HostState host, Pending page, long now) {
        switch (host.arrival(page)) {
            case IS_DECIDED -> settle(host, page);
            case ASKS_FOR_ROBOTS -> {
                askForRobots(host, page.url(), now);
                queue(host, page);
            }
            case WAITS -> queue(host, page);
        }
        touched(host, now);
    }

    private void settle(HostState host, Pending page) {
        List<Outcome> outcomes = host.verdictOn(page).orElseThrow();
        host.count(outcomes.getLast()); // those before it are redirects
        settled.accept(page, outcomes);
    }

    private void queue(HostState host, Pending page) {
        long before = host.waitingBytes();
        host.add(page);
        waitingPages++;
        shared.urlRoom().changed(host.waitingBytes() - before);
    }

    /** Queues a sitemap; returns whether its host may still be asked. */
    public boolean addSitemap(Work.FetchSitemap sitemap, long notBefore, long now) {
        HostState host = of(sitemap.url().host());
        switch (host.arrivalOfSitemap()) {
            case IS_DECIDED -> {
                return false;
            }
            case ASKS_FOR_ROBOTS -> askForRobots(host, sitemap.url(), now);
            case WAITS -> {}
        }
        queue(host, Work.Kind.SITEMAP, sitemap, notBefore, now);
        return true;
    }

    /** Queues a robots.txt at the host that serves it. */
    public void addRobots(Work.FetchRobots robots, long notBefore, long now) {
        queue(of(robots.url().host()), Work.Kind.ROBOTS, robots, notBefore, now);
    }

    /** Queues a step of a login. */
    public void addLogin(Work.LogIn step, long notBefore, long now) {
        queue(of(step.url().host()), Work.Kind.LOGIN, step, notBefore, now);
    }

    private void queue(HostState host, Work.Kind kind, Work work, long notBefore, long now) {
        host.auxiliary(kind).add(work, notBefore);
        waitingAuxiliary++;
        touched(host, now);
    }

    private void askForRobots(HostState host, CanonicalUrl url, long now) {
        host.robots(new RobotsState.Awaited());
        addRobots(new Work.FetchRobots(host.host(), url.robotsTxt(), 0, 0), now, now);
    }

    /** Whether the job asks for the sitemaps that this host's robots.txt names. */
    public boolean wantsSitemapsOf(Host host) {
        return mustShowRobots.contains(host);
    }

    /** Takes in a host's rules: its pages are free to go. */
    public void robotsKnown(Host of, RobotsRules known, long now) {
        HostState host = of(of);
        robots(host, new RobotsState.Known(known));
        Duration most = job.politeness().maxCrawlDelay();
        known.crawlDelay().ifPresent(asked -> host.crawlDelay(HostDecisions.crawlDelay(asked, most), now));
        touched(host, now);
    }

    /**
     * Notes that a host's rules will not be known: nothing is fetched from it, and its pages wait for their outcome.
     */
    public void robotsMissed(Host of, Failure failure, long now) {
        HostState host = of(of);
        robots(host, HostDecisions.robotsAfter(failure));
        settleLater(host);
        touched(host, now);
    }

    private void robots(HostState host, RobotsState state) {
        host.robots(state);
        rules.add(state.bytes());
    }

    // What goes out.

    /** Takes the next piece of work that is due; null if none is, or workers {@link Workers#changed look again}. */
    public @Nullable Turn take(long now) {
        for (int hosts = 0; hosts < MOST_TRIED; hosts++) {
            Agenda.Next next = agenda.first(now);
            while (next != null && next.host().yieldsTurn(now)) { // it is not ready any more
                next = agenda.first(now);
            }
            Turn turn = next == null ? null : take(next.host(), next.kind(), now);
            if (turn != null || next == null) {
                return turn;
            }
        }
        workers.changed(); // other threads get the lock
        return null;
    }

    private @Nullable Turn take(HostState host, Work.Kind kind, long now) {
        Turn turn = switch (kind) {
            case LOGIN, ROBOTS, SITEMAP -> new Turn(host, takeAuxiliary(host.auxiliary(kind)), null);
            case PAGE -> takePage(host, now);
        };
        if (turn == null) {
            host.settled(now);
        } else {
            agenda.taken(turn.work());
            agenda.turnTaken(host);
            host.leased(turn.work(), now);
        }
        touched(host, now);
        return turn;
    }

    private @Nullable Turn takePage(HostState host, long now) {
        long before = host.waitingBytes();
        Pending page = host.takePage(now, MOST_ASIDE);
        pagesTaken(host, page == null ? 0 : 1, before);
        if (page == null) {
            return null;
        }
        labels.leased(labels.of(page.request()));
        return Turn.at(host, page);
    }

    private Work takeAuxiliary(AuxiliaryWork<HostState> from) {
        waitingAuxiliary--;
        return from.take();
    }

    private void pagesTaken(HostState host, int pages, long bytesBefore) {
        waitingPages -= pages;
        shared.urlRoom().changed(host.waitingBytes() - bytesBefore);
    }

    /** Ends a piece of work, which began in this epoch of its host's circuit. Its host is {@link #touched} later. */
    public void ended(HostState host, Work work, HostFeedback feedback, int circuitEpoch, long now) {
        agenda.ended(work);
        if (work instanceof Work.FetchPage fetch) {
            labels.ended(labels.of(fetch.request()));
        }
        host.ended(work, feedback, circuitEpoch, job, ticker, now);
    }

    /** Takes so many of the pages that wait at a host. */
    public List<Pending> takePagesAt(HostState host, int most) {
        List<Pending> pages = takePages(host, most);
        agenda.place(host, ticker.nanos()); // what is taken is not ready any more
        return pages;
    }

    private List<Pending> takePages(HostState host, int most) {
        long before = host.waitingBytes();
        List<Pending> pages = host.takePages(most);
        pagesTaken(host, pages.size(), before);
        return pages;
    }

    /** Takes the work of a kind, which is no page, that waits at a host that is given up. */
    public List<Work> takeAllAt(HostState host, Work.Kind kind) {
        List<Work> all = host.auxiliary(kind).takeAll();
        waitingAuxiliary -= all.size();
        return all;
    }

    /** Whether pages wait for an outcome that their host's state decides, or hosts to hear that a label is spent. */
    public boolean hasUnsettled() {
        return !unsettled.isEmpty() || unaware != null;
    }

    /** Settles a batch of the pages of the first host of which some wait for their outcome. */
    public void settleNext(long now) {
        HostState host = unsettled.poll();
        if (host != null) {
            settleSome(host, now);
            touched(host, now);
        } else if (unaware != null) {
            touchNext(unaware, now);
        }
    }

    /** Touches a batch of the hosts, since a label is spent; one that comes meanwhile is touched for what it gets. */
    private void touchNext(Iterator<HostState> hosts, long now) {
        for (int seen = 0; seen < BATCH && hosts.hasNext(); seen++) {
            HostState host = hosts.next();
            host.settled(now);
            touched(host, now);
        }
        unaware = hosts.hasNext() ? hosts : null;
    }

    /**
     * Settles a batch of the pages of a host that will not be asked, and leaves the rest for later. The host is
     * {@link #touched} later.
     */
    public void settleSome(HostState host, long now) {
        takePages(host, BATCH).forEach(page -> add(page, now));
        settleLater(host);
    }

    private void settleLater(HostState host) {
        if (host.isCondemned() && host.hasPages()) {
            unsettled.add(host);
        }
    }

    // What others see of the hosts.

    /** Whether no host has anything to do. */
    public boolean isEmpty() {
        return waitingPages + waitingAuxiliary == 0;
    }

    /** Whether nothing has anything to do, but pages that the limits of their hosts or labels hold back. */
    public boolean isCut() {
        return waitingPages == sums.cutPages() && waitingAuxiliary == 0;
    }

    /** Returns how many pages wait. */
    public long pages() {
        return waitingPages;
    }

    /** Returns what the hosts add up to. */
    public HostSums sums() {
        return sums;
    }

    /** Returns a host at this moment. */
    public HostSnapshot snapshot(HostState host, long now) {
        return host.snapshot(rules.mayRead(), now);
    }

    /** Returns a few of the hosts at which due work waits for requests of other crawls. */
    public List<HostSnapshot> heldByOthers(long now) {
        return shared.hosts()
                .met(MOST_MET)
                .stream()
                .map(hosts::get)
                .filter(host -> host != null && host.isVisiting() && host.isHeldByOthers(now))
                .limit(MOST_HELD)
                .map(host -> snapshot(Objects.requireNonNull(host), now))
                .toList();
    }

    /**
     * Returns a walk through the hosts that are known. May be called without the lock; {@code hasNext} and the
     * {@code next} after it are one step under it. Of hosts that come or go meanwhile the walk meets some, and where
     * one has come, {@code hasNext} may be true again.
     */
    public Iterator<HostState> all() {
        return inOrder.iterator();
    }
}
