package fanout;

import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.job.CrawlJob;
import fanout.limit.Memory;
import fanout.metrics.CrawlMeters;
import fanout.page.Extractor;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What a crawl runs on, and a simulation replaces: the clock, the threads and the network.
 *
 * @param ownThreads for the writer and the pool: platform threads in production, because a sink may block in system calls that
 *     would hold a virtual thread's carrier
 * @param workerThreads for the workers: virtual ones
 * @param fetchers opens the network of one crawl, which the crawl closes
 * @param memory for the pages of all crawls
 * @param stallAfter how long a crawl with work may be without a completion before it is said to stand still; by default
 *     {@link #MARGIN} more than the longest fetch and the longest parse together
 */
record CrawlRuntime(
        Ticker ticker,
        ThreadFactory ownThreads,
        ThreadFactory workerThreads,
        FetcherFactory fetchers,
        Memory memory,
        LongSupplier abandonedLookups,
        List<Extractor> extractors,
        CrawlMeters meters,
        Optional<Duration> stallAfter) {

    /** A page may be fetched for as long as its timeout, and then parsed for as long again: within that it is slow. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    CrawlRuntime {
        extractors = List.copyOf(extractors);
    }

    /** CrawlRuntime with the default patience. */
    CrawlRuntime(Ticker ticker, ThreadFactory ownThreads, ThreadFactory workerThreads, FetcherFactory fetchers,
            Memory memory, LongSupplier abandonedLookups, List<Extractor> extractors, CrawlMeters meters) {
        this(ticker, ownThreads, workerThreads, fetchers, memory, abandonedLookups, extractors, meters,
                Optional.empty());
    }

    Duration patience(CrawlJob job) {
        return stallAfter.orElseGet(() -> job.limits().requestTimeout().multipliedBy(2).plus(MARGIN));
    }

    /** Opens the network of one crawl. */
    @FunctionalInterface
    interface FetcherFactory {
        Fetcher open(CrawlJob job, Traffic traffic);
    }
}
