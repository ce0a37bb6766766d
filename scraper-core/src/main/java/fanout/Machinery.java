package fanout;

import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.job.CrawlJob;
import fanout.metrics.CrawlMeters;
import fanout.parse.Extractor;
import fanout.task.Ticker;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What a crawl runs on, and a simulation replaces: the clock, the threads and the network.
 *
 * @param ownThreads for the writer and the pool: platform threads in production, because a sink may block in system calls that
 *     would hold a virtual thread's carrier
 * @param workerThreads for the workers: virtual ones
 * @param fetchers opens the network of one crawl, which the crawl closes
 */
record Machinery(
        Ticker ticker,
        ThreadFactory ownThreads,
        ThreadFactory workerThreads,
        FetcherFactory fetchers,
        LongSupplier abandonedLookups,
        List<Extractor> extractors,
        CrawlMeters meters) {

    Machinery {
        extractors = List.copyOf(extractors);
    }

    /** Opens the network of one crawl. */
    @FunctionalInterface
    interface FetcherFactory {
        Fetcher open(CrawlJob job, Traffic traffic);
    }
}
