package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Traffic;
import fanout.internal.limit.BodyRoom;
import fanout.internal.limit.IdleConnections;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.Cidr;
import fanout.job.CrawlJob;
import fanout.job.Network;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/** A fetcher against loopback servers, which on closing must have left nothing behind. */
public final class Fetching implements AutoCloseable {

    public static final Network LOOPBACK = new Network(false, List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));

    public final Traffic traffic;
    public final OkHttpFetcher fetcher;
    private final Resolver resolver;
    private final Queue<Fetch> fetches = new ConcurrentLinkedQueue<>();

    private Fetching(Resolver resolver, Function<Traffic, OkHttpFetcher> fetcher) {
        this.traffic = new Traffic();
        this.resolver = resolver;
        this.fetcher = fetcher.apply(traffic);
    }

    public static Fetching plain() {
        return of(job -> job);
    }

    public static Fetching of(UnaryOperator<CrawlJob.Builder> settings) {
        return of(settings, Optional.empty(), new SystemResolver(Ticker.system()));
    }

    public static Fetching of(UnaryOperator<CrawlJob.Builder> settings, OkHttpClient base, Resolver resolver) {
        return of(settings, Optional.of(base), resolver);
    }

    private static Fetching of(UnaryOperator<CrawlJob.Builder> settings, Optional<OkHttpClient> base,
            Resolver resolver) {
        CrawlJob job = settings.apply(job()).build();
        return new Fetching(resolver,
                traffic -> OkHttpFetcher.forJob(job, base, resolver, memory(), traffic, Ticker.system()));
    }

    /** In this room, on this clock. */
    static Fetching in(BodyRoom room, Ticker ticker) {
        MemoryBudget memory = memory();
        return of(new OkHttpClient(), new MemoryBudget(room, memory.documents(), memory.idle()), ticker);
    }

    /** On a clock that only what is idle is measured by: deadlines have the machine's. */
    static Fetching on(OkHttpClient base, Ticker ticker) {
        return of(base, memory(), ticker);
    }

    private static Fetching of(OkHttpClient base, MemoryBudget memory, Ticker ticker) {
        CrawlJob job = job().build();
        Resolver resolver = new SystemResolver(ticker);
        return new Fetching(resolver,
                traffic -> OkHttpFetcher.forJob(job, Optional.of(base), resolver, memory, traffic, ticker));
    }

    /** With another client underneath than crawls have. */
    static Fetching of(OkHttpClient base, Interceptor between, OkHttpInternals internals) {
        Resolver resolver = new SystemResolver(Ticker.system());
        return new Fetching(resolver,
                traffic -> InterceptedFetcher.of(job().build(), base, between, resolver, internals, traffic));
    }

    private static MemoryBudget memory() {
        MemoryBudget machine = MemoryBudget.ofThisMachine(Ticker.system());
        return new MemoryBudget(machine.bodies(), machine.documents(), new IdleConnections(Long.MAX_VALUE));
    }

    private static CrawlJob.Builder job() {
        return CrawlJob.builder("test").network(LOOPBACK).startUrl("http://start.example/");
    }

    Fetch get(String url) throws InterruptedException {
        return get(whole(url), new Log());
    }

    Fetch get(FetchRequest request, FetchListener listener) throws InterruptedException {
        return get(request, listener, Duration.ofSeconds(20));
    }

    /** Closed with this fixture, unless the test does it. */
    Fetch get(FetchRequest request, FetchListener listener, Duration limit) throws InterruptedException {
        Fetch fetch = Deadline.after(limit, Ticker.system()).within(() -> fetcher.fetch(request, listener));
        fetches.add(fetch);
        return fetch;
    }

    public Fetch.Response response(String url) throws InterruptedException {
        return assertResponse(get(url));
    }

    Failure failure(String url) throws InterruptedException {
        return failure(get(url));
    }

    public static Fetch.Response assertResponse(Fetch fetch) {
        assertThat(fetch).isInstanceOf(Fetch.Response.class);
        return (Fetch.Response) fetch;
    }

    public static Failure failure(Fetch fetch) {
        assertThat(fetch).isInstanceOf(Fetch.NoResponse.class);
        return ((Fetch.NoResponse) fetch).failure();
    }

    public static FetchRequest whole(String url) {
        return request(url, 1 << 20, FetchRequest.Overflow.FAIL);
    }

    public static FetchRequest request(String url, long maxBodyBytes, FetchRequest.Overflow overflow) {
        return new FetchRequest(CanonicalUrl.of(url), "*/*", head -> true, maxBodyBytes, overflow);
    }

    public static FetchRequest headOnly(String url) {
        return new FetchRequest(CanonicalUrl.of(url), "*/*", head -> false, 1 << 20, FetchRequest.Overflow.FAIL);
    }

    public void assertNothingIsLeft() {
        assertThat(fetcher.activeConnections()).as("connections in use").isZero();
        assertThat(traffic.openBodies()).as("open bodies").isZero();
        assertThat(traffic.connections().now()).as("counted connections").isZero();
    }

    @Override
    public void close() {
        try {
            fetches.forEach(Fetch::close);
            assertNothingIsLeft();
        } finally {
            fetcher.close();
            resolver.close();
        }
    }

    /** Notes what a fetch tells. Confined to the fetching thread. */
    public static final class Log implements FetchListener {

        final List<Stage> stages = new ArrayList<>();
        final List<Deadline> deadlines = new ArrayList<>();
        final List<Long> written = new ArrayList<>();

        @Override
        public void entered(Stage stage, Deadline until) {
            stages.add(stage);
            deadlines.add(until);
        }

        @Override
        public void requestWritten(long nanos) {
            written.add(nanos);
        }
    }
}
