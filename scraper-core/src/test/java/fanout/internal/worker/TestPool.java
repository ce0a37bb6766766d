package fanout.internal.worker;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.Fetch.HeldMemory;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import fanout.internal.frontier.Frontier;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.parse.PageParser;
import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.Received;
import fanout.internal.task.Signal;
import fanout.internal.task.TaskScope;
import fanout.internal.task.TaskTree;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.outcome.CrawlListener;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.report.TaskSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Headers;

/**
 * A pool with a frontier, a channel and a task tree of its own. What the network says, and looks at meanwhile, a test
 * makes up.
 */
final class TestPool implements AutoCloseable {

    /** Longer than any step of a test takes on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long RULE_BYTES = 1 << 20;
    private static final long DOCUMENT_BYTES = 1 << 28;

    final TaskTree tasks = new TaskTree("crawl", Ticker.system());
    final Signal<CancelReason> stop = new Signal<>(Ticker.system());
    final Channel<Step> results;
    final Frontier frontier;
    final WorkerPool pool;
    /** How often the network was told to give up what is in flight. */
    final AtomicInteger givenUp = new AtomicInteger();

    /** An answer of the network, to one fetch. */
    @FunctionalInterface
    interface Network {
        Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException;
    }

    /** A pool whose results take so many steps before a worker that sends has to wait. */
    TestPool(CrawlJob job, int capacity, Ticker ticker, Network network) {
        Deadline deadline = Deadline.interruptingAfter(job.limits().maxDuration(), Ticker.system());
        this.results = Channel.bounded(capacity, Ticker.system());
        this.frontier = new Frontier(job, new Frontier.Group(RULE_BYTES, Long.MAX_VALUE), deadline, Ticker.system(),
                new SplittableRandom(1), Optional.empty());
        PageParser parser =
                new PageParser(job, List.of(), new DocumentRoom(1, DOCUMENT_BYTES, Ticker.system()), Ticker.system());
        this.pool = new WorkerPool(job, frontier, port(network), parser, List.of(), Optional.empty(), results, stop,
                deadline, tasks,
                ticker, new CrawlListener() {}, _ -> {});
    }

    private Fetcher port(Network network) {
        return new Fetcher() {
            @Override
            public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
                return network.fetch(request, listener);
            }

            @Override
            public void giveUp() {
                givenUp.incrementAndGet();
            }

            @Override
            public int activeConnections() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    /** Crawls to the end. */
    void crawl() throws InterruptedException {
        pool.run(new TaskScope("crawl workers", Thread.ofVirtual().factory(), Ticker.system()));
    }

    /** What was sent, once the pool has closed its end. */
    List<Outcome> outcomes() throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        while (true) {
            switch (results.receiver().receive(PATIENCE)) {
                case Received.Value<Step>(Step step) -> outcomes.addAll(step.outcomes());
                case Received.Closed<Step> _ -> {
                    return outcomes;
                }
                case Received.TimedOut<Step> _ -> throw new AssertionError("the results were not closed");
            }
        }
    }

    /** What is known of the only worker at this moment; empty if it has none. */
    Optional<TaskSnapshot> worker() {
        return tasks.snapshot()
                .children()
                .stream()
                .flatMap(scope -> scope.children().stream())
                .findFirst();
    }

    static Fetch answer(int status, Headers headers, String body) {
        String type = Optional.ofNullable(headers.get("Content-Type")).orElse("text/html");
        ResponseHead head = new ResponseHead(status, Optional.of(type), Optional.empty(), Optional.empty());
        return new Fetch.Response(attempt(), head, headers, type, body.getBytes(StandardCharsets.UTF_8),
                !body.isEmpty(), HeldMemory.NONE);
    }

    static Fetch page(String body) {
        return answer(200, Headers.EMPTY, body);
    }

    static Fetch none(Failure failure) {
        return new Fetch.NoResponse(attempt(), failure);
    }

    private static Attempt attempt() {
        return new Attempt(Instant.EPOCH, Duration.ofMillis(1), Optional.of(Duration.ofMillis(1)), Optional.empty(),
                Optional.empty());
    }

    @Override
    public void close() {
        frontier.close();
    }
}
