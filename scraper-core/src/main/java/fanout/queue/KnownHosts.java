package fanout.queue;

import fanout.host.Circuit;
import fanout.host.RobotsRules;
import fanout.host.Terms;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.task.Ticker;
import fanout.url.Host;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a crawl knows: each from its first piece of work on, until it has been idle and there are too many. Guarded by
 * the frontier's lock.
 */
final class KnownHosts {

    private final HostsInOrder inOrder = new HostsInOrder();
    private final Map<Host, HostState> hosts = new HashMap<>();
    private final CircuitPhases phases = new CircuitPhases();
    private final Agenda agenda;
    private final IdleHosts idle;
    private final CrawlJob job;
    private final Ticker ticker;
    private final HostState.OfCrawl common;
    private final Set<Host> mustShowRobots;
    /** Shared by all hosts with the same manners: what many hosts read is one object, and stays in the processor's cache. */
    private final Map<Manners, Terms> terms = new HashMap<>();
    private final RobotsState allowAll = new RobotsState.Known(RobotsRules.ALLOW_ALL);

    /** @param idleHosts without work, of which the state is kept */
    KnownHosts(CrawlJob job, Ticker ticker, HostState.OfCrawl common, Agenda agenda, int idleHosts) {
        this.job = job;
        this.ticker = ticker;
        this.common = common;
        this.agenda = agenda;
        this.idle = new IdleHosts(idleHosts);
        this.mustShowRobots = job.start().sitemapsFromRobots()
                ? job.start().urls().stream().map(start -> start.url().host()).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    HostState of(Host host) {
        return hosts.computeIfAbsent(host, this::create);
    }

    /** The host if it is known. */
    @Nullable
    HostState find(Host host) {
        return hosts.get(host);
    }

    private HostState create(Host host) {
        RobotsState robots = job.politeness().obeyRobots() || mustShowRobots(host)
                ? new RobotsState.Unknown()
                : allowAll;
        HostState queue = new HostState(host, terms.computeIfAbsent(job.politeness().mannersFor(host), Terms::of),
                robots, common, ticker.nanos());
        phases.add(queue);
        inOrder.add(queue);
        return queue;
    }

    /** Whether the job asks for the sitemaps that this host's robots.txt names. */
    boolean mustShowRobots(Host host) {
        return mustShowRobots.contains(host);
    }

    /** Something happened to a host: it is visited while it has work, may be forgotten when it has none, and goes where it belongs. */
    void touched(HostState queue, long now) {
        phases.update(queue);
        if (queue.needsRules() == queue.mayLoseRules) {
            queue.mayLoseRules = !queue.mayLoseRules;
            common.rules().needed(!queue.mayLoseRules, queue);
        }
        if (queue.isIdle()) {
            queue.leave(now);
            HostState forgotten = idle.add(queue);
            if (forgotten != null) {
                forget(forgotten);
            }
        } else {
            idle.remove(queue);
            queue.visit(now);
        }
        agenda.place(queue, now);
    }

    private void forget(HostState queue) {
        if (hosts.remove(queue.host(), queue)) { // it may have been forgotten, and be a new host by now
            phases.remove(queue);
            inOrder.remove(queue);
        }
        common.rules().drop(queue);
    }

    /** The crawl is over: it visits this host no more, and the rules make room. */
    void leave(HostState queue, long now) {
        idle.remove(queue);
        queue.leave(now);
        common.rules().drop(queue);
    }

    /** Every host, as {@link HostsInOrder#iterator}. */
    Iterator<HostState> all() {
        return inOrder.iterator();
    }

    Map<Circuit.Phase, Integer> phases() {
        return phases.snapshot();
    }

    int givenUp() {
        return phases.givenUp();
    }
}
