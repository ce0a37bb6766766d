package fanout.internal.host;

import fanout.internal.host.SharedHost.Visitor;
import fanout.url.Host;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The hosts that the crawls of a process visit, or have visited lately. A host without work is forgotten once its delay
 * and its Retry-After have passed, and not before a minute, so autoThrottle's delay outlives a short break. (Scrapy
 * forgets a host after the same time.)
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
final class SharedHosts {

    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    /** Hosts looked at for each one that is left: more than one, so that the table shrinks. */
    private static final int LOOKED_AT = 2;

    private final Map<Host, SharedHost> hosts = new HashMap<>();
    /** Those at which several crawls have work. */
    private final Set<SharedHost> met = new LinkedHashSet<>();
    /** Without visitors, in the order in which they are looked at. */
    private final SequencedSet<SharedHost> idle = new LinkedHashSet<>();

    /** A crawl has work at a host; it is told of changes until it {@linkplain #leave leaves}. */
    public SharedHost join(Host host, Visitor visitor, long now) {
        SharedHost shared = hosts.computeIfAbsent(host, name -> new SharedHost(name, visitor.terms(), now));
        idle.remove(shared);
        shared.join(visitor, now);
        if (shared.isMet()) {
            met.add(shared);
        }
        return shared;
    }

    /** A crawl has no more work at a host, none in flight included. */
    public void leave(SharedHost shared, Visitor visitor, long now) {
        shared.leave(visitor, now);
        if (!shared.isMet()) {
            met.remove(shared);
        }
        if (!shared.hasVisitors()) {
            idle.add(shared);
        }
        forgetSome(now);
    }

    /**
     * A host that cannot be forgotten although it was left alone for long goes to the end, and keeps no other waiting.
     * Before the first was left alone for so long no other need be looked at: those behind it were left later.
     */
    private void forgetSome(long now) {
        for (int i = 0; i < LOOKED_AT && !idle.isEmpty(); i++) {
            SharedHost first = idle.getFirst();
            if (!first.wasLeftAlone(KEPT_NANOS, now)) {
                return;
            }
            idle.removeFirst();
            if (first.isForgettable(now)) {
                hosts.remove(first.host());
            } else {
                idle.add(first);
            }
        }
    }

    /** So many of the hosts at which several crawls have work at this moment. */
    public List<Host> met(int most) {
        return met.stream().limit(most).map(SharedHost::host).toList();
    }

    /** Hosts that are known at this moment. */
    public int size() {
        return hosts.size();
    }
}
