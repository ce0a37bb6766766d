package fanout;

import fanout.Crawl;
import fanout.dns.Resolver;
import fanout.dns.SystemResolver;
import fanout.fetch.Fetch;
import fanout.fetch.FetchListener;
import fanout.fetch.FetchRequest;
import fanout.fetch.Fetcher;
import fanout.job.CrawlJob;
import fanout.limit.Memory;
import fanout.okhttp.OkHttpFetcher;
import fanout.sink.Sink;
import fanout.task.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.OkHttpClient;

/** Crawls over the real network, whose client keeps what it gave to the workers. */
final class FetchLog implements AutoCloseable {

    private final Ticker ticker = Ticker.system();
    private final Resolver resolver = new SystemResolver(ticker);
    private final Map<String, Queue<Entry>> entries = new ConcurrentHashMap<>();

    /** What a worker got. */
    record Entry(String url, Fetch fetch) {}

    Crawl newCrawl(CrawlJob job, Sink sink) {
        return runtime(resolver, (fetcher, request, listener) -> {
            Fetch fetch = fetcher.fetch(request, listener);
            String url = request.url().toString();
            entries.computeIfAbsent(url, _ -> new ConcurrentLinkedQueue<>()).add(new Entry(url, fetch));
            return fetch;
        }).newCrawl(job, sink);
    }

    List<Entry> of(String url) {
        Queue<Entry> found = entries.get(url);
        return found == null ? List.of() : List.copyOf(found);
    }

    List<Entry> all() {
        return entries.values().stream().flatMap(Queue::stream).toList();
    }

    @Override
    public void close() {
        resolver.close();
    }

    /** What stands between a worker and the network. */
    @FunctionalInterface
    interface Interception {
        Fetch fetch(Fetcher fetcher, FetchRequest request, FetchListener listener) throws InterruptedException;
    }

    /** What a scraper runs on, with something between. */
    static TestRuntime runtime(Resolver resolver, Interception between) {
        return runtime(resolver, Memory.ofThisMachine(Ticker.system()), between);
    }

    /** The same, with a memory of its own. */
    static TestRuntime runtime(Resolver resolver, Memory memory, Interception between) {
        Ticker ticker = Ticker.system();
        return TestRuntime.of(memory, (job, traffic) -> new Intercepted(
                OkHttpFetcher.forJob(job, new OkHttpClient(), resolver, memory.bodies(), traffic, ticker), between),
                resolver::abandonedLookups);
    }

    private record Intercepted(Fetcher fetcher, Interception between) implements Fetcher {

        @Override
        public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
            return between.fetch(fetcher, request, listener);
        }

        @Override
        public int activeConnections() {
            return fetcher.activeConnections();
        }

        @Override
        public void close() {
            fetcher.close();
        }
    }
}
