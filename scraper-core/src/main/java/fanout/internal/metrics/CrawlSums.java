package fanout.internal.metrics;

import java.util.function.ToDoubleFunction;

/** What the meters read: sums over the crawls of a registry. Thread-safe. */
interface CrawlSums {

    /** Crawls that run. */
    int running();

    /** Crawls that have ended. */
    long ended();

    /** A figure of all crawls that run. */
    double ofRunning(ToDoubleFunction<MeterReading> read);

    /** A figure of all crawls, those included that have ended. */
    double ofAll(ToDoubleFunction<MeterCounts> read);
}
