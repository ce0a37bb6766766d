package fanout.metrics;

import fanout.host.Circuit;
import java.util.Map;

/**
 * What the parts of one crawl have counted, each read once. Immutable.
 *
 * @param counts what counters keep when the crawl has ended
 */
record Reading(
        int activeConnections,
        int workers,
        int busyWorkers,
        int queuedResults,
        int resultsCapacity,
        long ready,
        long delayed,
        int leased,
        boolean stalled,
        Map<Circuit.Phase, Integer> hosts,
        Counts counts) {

    Reading {
        hosts = Map.copyOf(hosts);
    }
}
