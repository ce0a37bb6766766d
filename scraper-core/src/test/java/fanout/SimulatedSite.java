package fanout;

import fanout.Crawl;
import fanout.fetch.Fetch;
import fanout.fetch.FetchListener;
import fanout.fetch.FetchRequest;
import fanout.fetch.Fetcher;
import fanout.fetch.HeldMemory;
import fanout.job.CrawlJob;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import okhttp3.Headers;

/** A network without a network: every page is an image, unless the test says what happens instead. */
final class SimulatedSite implements Fetcher {

    private static final String ORIGIN = "http://example.org/";

    private final Map<String, Event> events = new ConcurrentHashMap<>();
    final List<Thread> threads = new CopyOnWriteArrayList<>();
    private ThreadFactory workers = Thread.ofVirtual().factory();
    private Optional<Duration> stallAfter = Optional.empty();

    /** What happens when a page is asked for, before it is answered. */
    @FunctionalInterface
    interface Event {
        void happen() throws InterruptedException;
    }

    SimulatedSite at(int page, Event event) {
        events.put(ORIGIN + page, event);
        return this;
    }

    /** Whose threads the workers are. */
    SimulatedSite workers(ThreadFactory factory) {
        workers = factory;
        return this;
    }

    SimulatedSite stallAfter(Duration patience) {
        stallAfter = Optional.of(patience);
        return this;
    }

    /** A crawl of so many pages of this site, all of them start URLs. */
    Crawl crawl(int pages, CrawlJob.Builder job, fanout.sink.Sink sink) {
        for (int page = 0; page < pages; page++) {
            job.startUrl(ORIGIN + page);
        }
        TestRuntime runtime = TestRuntime.of((_, _) -> this, () -> 0).withThreads(this::thread, workers);
        return stallAfter.map(runtime::withStallAfter).orElse(runtime).newCrawl(job.build(), sink);
    }

    private Thread thread(Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().unstarted(task);
        threads.add(thread);
        return thread;
    }

    /** The crawl's thread of this name, once it runs. */
    Thread thread(String name) {
        return new ArrayList<>(threads).stream()
                .filter(thread -> thread.getName().endsWith("/" + name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        listener.entered(Stage.HEADERS, Deadline.current());
        listener.requestWritten(Ticker.system().nanos());
        Event event = events.get(request.url().toString());
        if (event != null) {
            event.happen();
        }
        ResponseHead head = new ResponseHead(200, Optional.of("image/png"), Optional.empty(), Optional.empty());
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ofMillis(1), Optional.of(Duration.ofMillis(1)),
                Optional.of(head), Optional.empty());
        return new Fetch.Response(attempt, head, Headers.of(), "image/png", new byte[0], false, HeldMemory.NONE);
    }

    @Override
    public int activeConnections() {
        return 0;
    }

    @Override
    public void close() {}
}
