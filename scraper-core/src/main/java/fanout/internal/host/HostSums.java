package fanout.internal.host;

import fanout.internal.host.Circuit.Phase;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sums over the hosts that a crawl knows. A host says under which of them it is counted, and is counted again after
 * each change. Guarded by the frontier's lock.
 */
public final class HostSums {

    private final Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
    private int givenUp;
    private long cutPages;

    HostSums() {
        for (Phase phase : Phase.values()) {
            phases.put(phase, 0);
        }
    }

    /** Counts a host that is new. */
    void added(HostState host) {
        phases.merge(host.countedPhase, 1, Integer::sum);
    }

    /** Counts a host again, of which anything may have changed. */
    void changed(HostState host) {
        Phase phase = host.phase();
        if (phase != host.countedPhase) {
            phases.merge(host.countedPhase, -1, Integer::sum);
            phases.merge(phase, 1, Integer::sum);
            host.countedPhase = phase;
        }
        if (host.isGivenUp() && !host.isCountedAsGivenUp) {
            host.isCountedAsGivenUp = true;
            givenUp++;
        }
        int cut = host.cut();
        cutPages += cut - host.countedAsCut;
        host.countedAsCut = cut;
    }

    /** Counts a host no more, which has no pages. */
    void forgotten(HostState host) {
        phases.merge(host.countedPhase, -1, Integer::sum);
        givenUp -= host.isCountedAsGivenUp ? 1 : 0;
    }

    /** Returns how many hosts are in each phase of their circuit. */
    public Map<Phase, Integer> phases() {
        return Map.copyOf(phases);
    }

    /** Returns how many of the hosts were given up: their circuits stay open. */
    public int givenUp() {
        return givenUp;
    }

    /** Returns how many pages wait in vain, since their hosts have had as many as they may. */
    long cutPages() {
        return cutPages;
    }
}
