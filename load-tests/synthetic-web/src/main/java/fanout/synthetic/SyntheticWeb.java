package fanout.synthetic;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A web of generated sites on loopback, in this process, that can be held against a crawler: it logs every request when
 * it arrives, and it knows which pages a correct crawl finds.
 *
 * <p>All hosts share one port and differ by address: 127.0.0.1, 127.0.0.2, …. Page 0 of a host is {@code /}, page 7
 * {@code /page/7.html}. Which page links where, what is wrong with it and how long it takes follow from the seed. Paths
 * of one's own are answered by a {@link Handler}. HTTP/1.1 with keep-alive; no TLS.
 *
 * <p>Thread-safe. The caller that starts it closes it; {@link #close()} ends all connections and joins all threads,
 * also when interrupted (the flag is kept), and throws {@link IllegalStateException} if a handler threw or a request
 * could not be read. What the methods return are snapshots.
 */
public final class SyntheticWeb implements AutoCloseable {

    private final Plan plan;
    private final SiteGraph graph;
    private final SiteUrls urls;
    private final ArrivalLog log;
    private final SyntheticSite site;
    private final Server server;
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();

    SyntheticWeb(Plan plan) {
        this.plan = plan;
        this.graph = new SiteGraph(plan);
        this.log = new ArrivalLog(plan.countsOnly());
        this.server = new Server(plan.port(), plan.punctual(), log, this::route);
        this.urls = new SiteUrls(server.port());
        this.site = new SyntheticSite(plan, graph, urls);
        server.start();
    }

    public static SyntheticWebBuilder builder() {
        return new SyntheticWebBuilder();
    }

    /** Answers a path (with its query, if any), on every host, instead of what is generated there. */
    public SyntheticWeb on(String path, Handler handler) {
        handlers.put(path, handler);
        return this;
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        handlers.getOrDefault(exchange.path(), site).handle(exchange);
    }

    public int port() {
        return urls.port();
    }

    /** {@code 127.0.0.x:port}: the Host header of requests to a host, by which the log is asked. */
    public String hostOf(int host) {
        return urls.authority(host);
    }

    /** The canonical URL of a page. */
    public String urlOf(int host, int page) {
        return urls.pageUrl(host, page);
    }

    /** The URL of a path of one's own. */
    public String urlOf(int host, String path) {
        return urls.url(host, path);
    }

    /** The index of every host. */
    public List<String> startUrls() {
        return IntStream.range(0, plan.hosts()).mapToObj(host -> urlOf(host, 0)).toList();
    }

    /** The title of a generated page, as a reader sees it, entities decoded and white space collapsed. */
    public String titleOf(String url) {
        for (int host = 0; host < plan.hosts(); host++) {
            String origin = urls.url(host, "");
            OptionalInt page =
                    url.startsWith(origin) ? SiteUrls.pageAt(url.substring(origin.length())) : OptionalInt.empty();
            if (page.isPresent() && page.getAsInt() < plan.pagesPerHost()) {
                return PageRenderer.title(host, page.getAsInt());
            }
        }
        throw new IllegalArgumentException("no page of this web: " + url);
    }

    /** Every URL that a crawl from {@link #startUrls()} meets by links and redirects, by its canonical spelling. */
    public Map<String, ExpectedPage> expectedPages() {
        return new GroundTruth(plan, graph, urls).reachableFrom(0, plan.hosts() - 1);
    }

    /** The same for a crawl of one host from its index. */
    public Map<String, ExpectedPage> expectedPages(int host) {
        return new GroundTruth(plan, graph, urls).reachableFrom(host, host);
    }

    /** All requests in the order of their arrival. */
    public List<Arrival> arrivals() {
        return log.arrivals();
    }

    /** The requests with this Host header, in the order of their arrival. */
    public List<Arrival> arrivals(String host) {
        return log.arrivals(host);
    }

    /** How many requests arrived; known also when only counting. */
    public long arrivalCount() {
        return log.count();
    }

    public long arrivalCount(String host) {
        return log.of(host).count();
    }

    /** The shortest time between two arrivals at a host; empty with fewer than two. */
    public Optional<Duration> smallestGap(String host) {
        return log.smallestGap(host);
    }

    /**
     * Connections open now. One that its client closed while a request waits for its latency counts as closed at once.
     */
    public int openConnections() {
        return server.openConnections();
    }

    /** Requests read whose answers are not handed to the network yet. */
    public int inFlight() {
        return log.inFlight().now();
    }

    /** The most that ever were in flight. A client's next request is never counted together with its last. */
    public int maxConcurrent() {
        return log.inFlight().highest();
    }

    /** The same for one Host header. */
    public int maxConcurrent(String host) {
        return log.of(host).inFlight().highest();
    }

    @Override
    public void close() {
        server.close();
    }
}
