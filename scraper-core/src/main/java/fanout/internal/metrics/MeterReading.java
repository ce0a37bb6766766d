package fanout.internal.metrics;

import fanout.internal.host.Circuit;
import java.util.Map;

/**
 * What the parts of one crawl have counted, each read once. Immutable.
 *
 * @param counts what counters keep when the crawl has ended
 */
record MeterReading(
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
        MeterCounts counts) {

    MeterReading {
        hosts = Map.copyOf(hosts);
    }
}
