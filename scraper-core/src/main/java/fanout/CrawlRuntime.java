package fanout;

import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.frontier.Frontier;
import fanout.job.CrawlJob;
import fanout.limit.Memory;
import fanout.metrics.CrawlMeters;
import fanout.page.Extractor;
import fanout.sink.StepListener;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the crawls of one {@link Scraper} run on and share, and a simulation replaces: clock, threads, network, and the
 * limits of the process.
 *
 * @param random the jitter of pauses between attempts
 * @param steps told of what crawls settle, in order
 * @param stallAfter how long a crawl with work may be without a completion before it is said to stand still; by default
 *     {@link #MARGIN} more than the longest fetch and the longest parse together
 */
record CrawlRuntime(
        Ticker ticker,
        RandomGenerator random,
        Threads threads,
        Network network,
        Limits limits,
        List<Extractor> extractors,
        CrawlMeters meters,
        StepListener steps,
        Optional<Duration> stallAfter) {

    /** A page may be fetched for as long as its timeout, and then parsed for as long again: within that it is slow. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    CrawlRuntime {
        extractors = List.copyOf(extractors);
    }

    /** The same with other meters. */
    CrawlRuntime with(CrawlMeters others) {
        return new CrawlRuntime(ticker, random, threads, network, limits, extractors, others, steps, stallAfter);
    }

    Duration patience(CrawlJob job) {
        return stallAfter.orElseGet(() -> job.limits().requestTimeout().multipliedBy(2).plus(MARGIN));
    }

    /**
     * Where the threads of crawls come from.
     *
     * @param own for the writer and the pool: platform threads in production, because a sink may block in system calls
     *     that would hold a virtual thread's carrier
     * @param workers for the workers: virtual ones
     */
    record Threads(ThreadFactory own, ThreadFactory workers) {

        static Threads ofTheMachine() {
            return new Threads(Thread.ofPlatform().daemon().factory(), Thread.ofVirtual().factory());
        }
    }

    /**
     * The way out.
     *
     * @param fetchers opens the network of one crawl, which the crawl closes
     */
    record Network(FetcherFactory fetchers, LongSupplier abandonedLookups) {}

    /** Opens the network of one crawl. */
    @FunctionalInterface
    public interface FetcherFactory {
        Fetcher open(CrawlJob job, Traffic traffic);
    }

    /**
     * What all crawls together may use up.
     *
     * @param frontiers the turns at hosts, sitemaps at once, robots.txt rules, waiting URLs
     * @param memory bodies, documents, idle connections
     */
    record Limits(Frontier.Group frontiers, Memory memory) {

        /** Robots.txt rules take at most this part of the heap. */
        private static final int RULES_SHARE = 32;
        /** URLs that wait take at most so many sixteenths of it. */
        private static final int URL_SIXTEENTHS = 5;

        static Limits ofTheMachine(Ticker ticker) {
            long heap = Runtime.getRuntime().maxMemory();
            return new Limits(new Frontier.Group(heap / RULES_SHARE, heap / 16 * URL_SIXTEENTHS),
                    Memory.ofThisMachine(ticker));
        }
    }
}
