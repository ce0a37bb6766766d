package fanout.metrics;

import fanout.channel.Channel;
import fanout.fetch.Traffic;
import fanout.frontier.Frontier;
import fanout.frontier.FrontierSnapshot;
import fanout.sink.Totals;
import fanout.worker.WorkerPool;
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
    Reading read(int leakedTasks, int sinkFailures, Counts earlier) {
        FrontierSnapshot urls = frontier.snapshot();
        Totals.Snapshot sums = totals.snapshot();
        Counts counts = new Counts(sums.ok(), sums.redirected(), sums.reasons(),
                IntStream.rangeClosed(1, Counts.STATUS_CLASSES).mapToObj(traffic::responses).toList(),
                urls.deadlineExceeded(), traffic.bytes(), urls.retries(), sums.items(), sums.itemsDropped(),
                leakedTasks, sinkFailures).since(earlier);
        return new Reading(traffic.connections().now(), pool.size(), pool.busy(), results.size(), results.capacity(),
                urls.urls().ready(), urls.urls().delayed(), urls.urls().leased(), stalled.getAsBoolean(),
                urls.hosts(), counts);
    }
}
