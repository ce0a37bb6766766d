package fanout.internal.host;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** The hosts of a crawl that have no work, the one idle for longest first. Guarded by the frontier's lock. */
final class IdleHosts {

    private final SequencedSet<HostState> hosts = new LinkedHashSet<>();

    /** Adds a host, unless it is here. */
    void add(HostState host) {
        if (!host.isAmongIdle) {
            host.isAmongIdle = true;
            hosts.add(host);
        }
    }

    /** Removes a host, if it is here. */
    void remove(HostState host) {
        if (host.isAmongIdle) {
            host.isAmongIdle = false;
            hosts.remove(host);
        }
    }

    /** Removes the first host if there are more than so many, and returns it. */
    Optional<HostState> next(int most) {
        if (hosts.size() <= most) {
            return Optional.empty();
        }
        HostState first = hosts.removeFirst();
        first.isAmongIdle = false;
        return Optional.of(first);
    }
}
