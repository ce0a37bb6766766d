package fanout;

import fanout.fetch.Fetcher;
import fanout.job.CrawlJob;
import fanout.metrics.CrawlMeters;
import fanout.sink.Sink;
import fanout.task.Ticker;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The door by which a simulation gets in: it replaces what {@link Machinery} names, and nothing else of a crawl. */
public final class SimulatedCrawl {

    private SimulatedCrawl() {}

    /** A crawl that runs on these threads, this clock and this network. */
    public static Crawl of(CrawlJob job, Sink sink, Ticker ticker, ThreadFactory threads, Fetcher network) {
        return new Crawl(job, sink,
                new Machinery(ticker, threads, threads, (_, _) -> network, () -> 0, List.of(), new CrawlMeters()));
    }
}
