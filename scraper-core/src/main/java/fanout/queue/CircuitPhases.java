package fanout.queue;

import fanout.host.Circuit;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many hosts of a crawl are in which phase of their circuit: a running sum. A host that was given up counts in none: its
 * circuit stays open, and no request will ever close it. Guarded by the frontier's lock.
 */
final class CircuitPhases {

    private final Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);

    CircuitPhases() {
        for (Circuit.Phase phase : Circuit.Phase.values()) {
            hosts.put(phase, 0);
        }
    }

    /** A host is known from now on. */
    void add(HostQueue queue) {
        count(queue.countedPhase(), 1);
    }

    /** A host is forgotten. */
    void remove(HostQueue queue) {
        count(queue.countedPhase(), -1);
    }

    private void count(Circuit.@Nullable Phase phase, int change) {
        if (phase != null) {
            hosts.merge(phase, change, Integer::sum);
        }
    }

    /** A host's circuit may be in another phase now. */
    void update(HostQueue queue) {
        Circuit.@Nullable Phase phase = queue.isGivenUp() ? null : queue.phase();
        if (phase != queue.countedPhase()) {
            remove(queue);
            queue.countedPhase(phase);
            add(queue);
        }
    }

    Map<Circuit.Phase, Integer> snapshot() {
        return Map.copyOf(hosts);
    }
}
