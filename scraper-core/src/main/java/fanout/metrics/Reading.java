package fanout.metrics;

import fanout.host.Circuit;
import java.util.Map;

/**
 * What the rooms of one crawl said, each asked once. Immutable.
 *
 * @param counts what remains when the crawl has ended
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
        Map<Circuit.Phase, Integer> hosts,
        Counts counts) {

    Reading {
        hosts = Map.copyOf(hosts);
    }
}
