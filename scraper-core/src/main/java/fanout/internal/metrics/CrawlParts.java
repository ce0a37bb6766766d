package fanout.internal.metrics;

import fanout.internal.fetch.Traffic;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.FrontierSnapshot;
import fanout.internal.host.Circuit;
import fanout.internal.task.Channel;
import fanout.internal.worker.WorkerPool;
import fanout.outcome.Stage;
import fanout.sink.Totals;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** The parts of one crawl that count. */
record CrawlParts(
        Frontier frontier,
        Traffic traffic,
        Channel<?> results,
        WorkerPool pool,
        Totals totals,
        BooleanSupplier stalled) {

    /** Reads each part once, and leaves out what earlier runs of the crawl have counted. */
    MeterReading read(AtEnd end, MeterCounts earlier) {
        FrontierSnapshot urls = frontier.snapshot();
        Totals.Snapshot sums = totals.snapshot();
        MeterCounts counts = new MeterCounts(sums.ok(), sums.redirected(), sums.reasons(),
                IntStream.rangeClosed(1, MeterCounts.STATUS_CLASSES).mapToObj(traffic::responses).toList(),
                deadlineExceeded(urls, end), traffic.bytes(), urls.retries(), sums.items(), sums.itemsDropped(),
                end.leakedTasks(), end.sinkFailures()).since(earlier);
        return new MeterReading(traffic.connections().now(), pool.size(), pool.busy(), results.size(),
                results.capacity(),
                urls.urls().ready(), urls.urls().delayed(), urls.urls().leased(), stalled.getAsBoolean(),
                hosts(urls), counts);
    }

    /** By the phase of their circuit, without those that were given up: no request will ever close it. */
    private static Map<Circuit.Phase, Integer> hosts(FrontierSnapshot urls) {
        Map<Circuit.Phase, Integer> hosts = new EnumMap<>(Circuit.Phase.class);
        hosts.putAll(urls.hosts());
        hosts.merge(Circuit.Phase.OPEN, -urls.givenUp(), Integer::sum);
        return hosts;
    }

    private static Map<Stage, Long> deadlineExceeded(FrontierSnapshot urls, AtEnd end) {
        if (end.sinkDeadlines() == 0) {
            return urls.deadlineExceeded();
        }
        Map<Stage, Long> exceeded = new EnumMap<>(Stage.class);
        exceeded.putAll(urls.deadlineExceeded());
        exceeded.merge(Stage.SINK, (long) end.sinkDeadlines(), Long::sum);
        return exceeded;
    }
}
