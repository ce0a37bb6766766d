package fanout.queue;

import fanout.host.Circuit;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many hosts of a crawl are in which phase of their circuit, and how many were given up, of which the circuit stays open: running
 * sums. Guarded by the frontier's lock.
 */
final class CircuitPhases {

    private final Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);

    private int givenUp;

    CircuitPhases() {
        for (Circuit.Phase phase : Circuit.Phase.values()) {
            hosts.put(phase, 0);
        }
    }

    /** A host is known from now on. */
    void add(HostState queue) {
        hosts.merge(queue.countedPhase, 1, Integer::sum);
    }

    /** A host is forgotten. */
    void remove(HostState queue) {
        hosts.merge(queue.countedPhase, -1, Integer::sum);
        givenUp -= queue.isCountedAsGivenUp ? 1 : 0;
    }

    /** A host's circuit may be in another phase now. */
    void update(HostState queue) {
        Circuit.Phase phase = queue.phase();
        if (phase != queue.countedPhase) {
            hosts.merge(queue.countedPhase, -1, Integer::sum);
            queue.countedPhase = phase;
            hosts.merge(phase, 1, Integer::sum);
        }
        if (queue.isGivenUp() && !queue.isCountedAsGivenUp) {
            queue.isCountedAsGivenUp = true;
            givenUp++;
        }
    }

    /** Hosts of which nothing more is asked. */
    int givenUp() {
        return givenUp;
    }

    Map<Circuit.Phase, Integer> snapshot() {
        return Map.copyOf(hosts);
    }
}
