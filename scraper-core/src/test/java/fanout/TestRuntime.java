package fanout;

import fanout.CrawlRun.Environment;
import fanout.CrawlRun.Environment.FetcherFactory;
import fanout.CrawlRun.Environment.Outside;
import fanout.CrawlRun.Environment.Shared;
import fanout.CrawlRun.Environment.Threads;
import fanout.internal.fetch.Fetcher;
import fanout.internal.frontier.Frontier;
import fanout.internal.limit.BodyRoom;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.limit.IdleConnections;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.metrics.CrawlMeters;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.page.Extractor;
import fanout.sink.Sink;
import fanout.sink.StepListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The door through which tests replace what a crawl runs on: what {@link Environment} names, and nothing else of it.
 * Immutable; crawls of one runtime share its limits.
 */
public final class TestRuntime {

    private static final int PROCESSORS = 2;
    private static final long DOCUMENT_BYTES = 1L << 29;
    private static final long BODY_BYTES = 1L << 27;
    private static final long RULE_BYTES = 1 << 20;

    private final Environment environment;

    private TestRuntime(Environment environment) {
        this.environment = environment;
    }

    /** The machine's clock, threads and memory, and this network. */
    public static TestRuntime of(FetcherFactory fetchers, LongSupplier abandonedLookups) {
        return of(MemoryBudget.ofThisMachine(Ticker.system()), fetchers, abandonedLookups);
    }

    /** The same with this memory. */
    public static TestRuntime of(MemoryBudget memory, FetcherFactory fetchers, LongSupplier abandonedLookups) {
        return new TestRuntime(new Environment(Ticker.system(), RandomGenerator.getDefault(), Threads.ofTheMachine(),
                new Outside(fetchers, abandonedLookups),
                new Shared(new Frontier.Group(RULE_BYTES, Long.MAX_VALUE), memory), List.of(), List.of(),
                new CrawlMeters(), StepListener.NONE, Optional.empty()));
    }

    /**
     * A clock and chance that a simulation drives, on a machine of two processors. Threads come with
     * {@link #withThreads}, the network with {@link #withNetwork}.
     */
    public static TestRuntime simulated(Ticker ticker, RandomGenerator random, Frontier.Group frontiers) {
        return new TestRuntime(new Environment(ticker, random, Threads.ofTheMachine(),
                new Outside((_, _) -> {
                    throw new IllegalStateException("no network");
                }, () -> 0), new Shared(frontiers, new MemoryBudget(new BodyRoom(BODY_BYTES, ticker),
                        new DocumentRoom(PROCESSORS, DOCUMENT_BYTES, ticker), new IdleConnections(0))),
                List.of(), List.of(), new CrawlMeters(), StepListener.NONE, Optional.empty()));
    }

    /** The same with these threads. */
    public TestRuntime withThreads(ThreadFactory own, ThreadFactory workers) {
        return new TestRuntime(new Environment(environment.ticker(), environment.random(), new Threads(own, workers),
                environment.outside(), environment.shared(), environment.extractors(), environment.interceptors(),
                environment.meters(),
                environment.steps(),
                environment.stallAfter()));
    }

    /** The same with this network. */
    public TestRuntime withNetwork(Fetcher fetcher) {
        return new TestRuntime(new Environment(environment.ticker(), environment.random(), environment.threads(),
                new Outside((_, _) -> fetcher, environment.outside().abandonedLookups()), environment.shared(),
                environment.extractors(), environment.interceptors(),
                environment.meters(), environment.steps(), environment.stallAfter()));
    }

    /** The same with a listener to what crawls settle. */
    public TestRuntime withSteps(StepListener steps) {
        return new TestRuntime(
                new Environment(environment.ticker(), environment.random(), environment.threads(),
                        environment.outside(),
                        environment.shared(), environment.extractors(), environment.interceptors(),
                        environment.meters(), steps,
                        environment.stallAfter()));
    }

    /** The same with an extractor, as {@link Scraper.Builder#extractor} adds it. */
    public TestRuntime withExtractor(Extractor extractor) {
        return new TestRuntime(new Environment(environment.ticker(), environment.random(), environment.threads(),
                environment.outside(), environment.shared(), List.of(extractor), environment.interceptors(),
                environment.meters(), environment.steps(), environment.stallAfter()));
    }

    /** The same with this patience for crawls that stand still. */
    public TestRuntime withStallAfter(Duration patience) {
        return new TestRuntime(new Environment(environment.ticker(), environment.random(), environment.threads(),
                environment.outside(),
                environment.shared(), environment.extractors(), environment.interceptors(), environment.meters(),
                environment.steps(),
                Optional.of(patience)));
    }

    public Crawl newCrawl(CrawlJob job, Sink sink) {
        return new Crawl.Builder(job, environment).to(sink).build();
    }

    /** A crawl with a journal, as {@link Crawl.Builder#journal} makes it. */
    public Crawl newCrawl(CrawlJob job, Sink sink, Journal journal) throws IOException {
        return new Crawl.Builder(job, environment).to(sink).journal(journal).build();
    }
}
