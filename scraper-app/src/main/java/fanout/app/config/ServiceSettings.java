package fanout.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service is set up. Immutable.
 *
 * @param maxConcurrentCrawls crawls that run at once
 * @param maxQueuedCrawls crawls that may wait for their turn
 * @param concurrency fetches in flight over all crawls; at least one for each crawl that may run
 * @param maxBytesPerCrawl what everything in the folder of one crawl may take
 * @param shutdownGrace how long crawls may drain when the service stops
 * @param resumeOnStart whether crawls that a stop or a crash has ended resume at the next start
 * @param stallAfter when a crawl counts as stalled; empty: as the library decides
 * @param allowedHosts names by which the service may be addressed, in addition to those of the loopback address
 * @param tokenFile where the API token is
 */
public record ServiceSettings(
        int maxConcurrentCrawls,
        int maxQueuedCrawls,
        int concurrency,
        JobBounds bounds,
        long maxBytesPerCrawl,
        Retention retention,
        Duration shutdownGrace,
        boolean resumeOnStart,
        Optional<Duration> stallAfter,
        List<String> allowedHosts,
        Optional<Path> tokenFile) {

    public ServiceSettings {
        allowedHosts = List.copyOf(allowedHosts);
        if (concurrency < maxConcurrentCrawls) {
            throw new IllegalArgumentException("concurrency must be at least maxConcurrentCrawls, "
                    + maxConcurrentCrawls + ", not " + concurrency);
        }
    }

    /** The same with other bounds for jobs. */
    public ServiceSettings with(JobBounds others) {
        return new ServiceSettings(maxConcurrentCrawls, maxQueuedCrawls, concurrency, others, maxBytesPerCrawl,
                retention, shutdownGrace, resumeOnStart, stallAfter, allowedHosts, tokenFile);
    }

    /**
     * Which finished crawls are kept; the oldest go first.
     *
     * @param maxBytes of the files of crawls that have ended
     */
    public record Retention(Duration maxAge, long maxBytes) {}
}
