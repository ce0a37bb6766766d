package fanout;

import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.job.CrawlJob;
import fanout.metrics.CrawlMeters;
import fanout.sink.Sink;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * What a crawl runs on in a test: clock, threads and network are the test's, everything else is production code. Tests of
 * other packages build a {@link CrawlRuntime} through this class only. Confined to one thread.
 */
public final class TestRuntime {

    /** A simulation detects a standstill itself. */
    private static final Duration NEVER = Duration.ofDays(10_000);

    private final BiFunction<CrawlJob, Traffic, Fetcher> network;
    private Ticker ticker = Ticker.system();
    private ThreadFactory ownThreads = Thread.ofPlatform().daemon().factory();
    private ThreadFactory workerThreads = Thread.ofVirtual().factory();
    private LongSupplier abandonedLookups = () -> 0;
    private Optional<Duration> stallAfter = Optional.empty();

    /** The clock and the threads are those of production until a method of this class replaces them. */
    public TestRuntime(BiFunction<CrawlJob, Traffic, Fetcher> network) {
        this.network = network;
    }

    /** A crawl that runs on these threads, this clock and this network. */
    public static Crawl simulated(CrawlJob job, Sink sink, Ticker ticker, ThreadFactory threads, Fetcher network) {
        TestRuntime runtime = new TestRuntime((_, _) -> network).threads(threads, threads).stallAfter(NEVER);
        runtime.ticker = ticker;
        return runtime.crawl(job, sink);
    }

    /** The factories of the writer's and the pool's threads, and of the workers'. */
    public TestRuntime threads(ThreadFactory own, ThreadFactory workers) {
        ownThreads = own;
        workerThreads = workers;
        return this;
    }

    public TestRuntime abandonedLookups(LongSupplier count) {
        abandonedLookups = count;
        return this;
    }

    public TestRuntime stallAfter(Duration patience) {
        stallAfter = Optional.of(patience);
        return this;
    }

    public Crawl crawl(CrawlJob job, Sink sink) {
        return new Crawl(job, sink, new CrawlRuntime(ticker, ownThreads, workerThreads, network::apply,
                abandonedLookups, List.of(), new CrawlMeters(), stallAfter));
    }
}
