package fanout.queue;

import fanout.host.Circuit;
import java.util.EnumMap;
import java.util.Map;

/** How many hosts of a crawl are in which phase of their circuit: a running sum. Guarded by the frontier's lock. */
final class CircuitPhases {

    private final Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);

    CircuitPhases() {
        for (Circuit.Phase phase : Circuit.Phase.values()) {
            hosts.put(phase, 0);
        }
    }

    /** A host is known from now on. */
    void add(HostQueue queue) {
        hosts.merge(queue.countedPhase(), 1, Integer::sum);
    }

    /** A host is forgotten. */
    void remove(HostQueue queue) {
        hosts.merge(queue.countedPhase(), -1, Integer::sum);
    }

    /** A host's circuit may be in another phase now. */
    void update(HostQueue queue) {
        Circuit.Phase phase = queue.phase();
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
