package fanout;

import fanout.Crawl;
import fanout.fetch.Fetcher;
import fanout.job.CrawlJob;
import fanout.limit.Memory;
import fanout.metrics.CrawlMeters;
import fanout.sink.Sink;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** The door by which a simulation gets in: it replaces what {@link CrawlRuntime} names, and nothing else of a crawl. */
public final class SimulatedCrawl {

    /** A simulation sees for itself what stands still, and needs no log of it. */
    private static final Duration NEVER = Duration.ofDays(10_000);

    private SimulatedCrawl() {}

    /** A crawl that runs on these threads, this clock and this network. */
    public static Crawl of(CrawlJob job, Sink sink, Ticker ticker, ThreadFactory threads, Fetcher network) {
        return new Crawl(job, sink,
                new CrawlRuntime(ticker, threads, threads, (_, _) -> network, Memory.ofThisMachine(ticker), () -> 0,
                        List.of(), new CrawlMeters(),
                        Optional.of(NEVER)));
    }
}
