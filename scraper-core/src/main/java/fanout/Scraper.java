package fanout;

import fanout.internal.http.AddressPolicy;
import fanout.internal.http.OkHttpFetcher;
import fanout.internal.http.Resolver;
import fanout.internal.http.SystemResolver;
import fanout.internal.metrics.CrawlMeters;
import fanout.internal.task.TaskScope;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Network;
import fanout.page.Extractor;
import fanout.page.RequestInterceptor;
import fanout.sink.StepListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * Makes crawls, as an HTTP client makes calls: what crawls share lives here (memory for bodies and documents, the turns
 * at hosts, name lookup, TLS settings, extractors, interceptors, meters), and what they don't (connections, cookies,
 * the URLs of the crawl) in each {@link Crawl}.
 *
 * <p>Crawls that run at the same time are one visitor to a host: among those with work there, the longest delay and the
 * smallest {@code perHostConcurrency} hold for all, they take turns, and a Retry-After holds all of them.
 *
 * <p>Thread-safe: any number of crawls may run at once. Owns the name lookup's threads and ends them in {@link #close},
 * which does not wait for crawls: end those first.
 *
 * <p>Needs a JVM that was started with {@code --enable-preview}.
 */
public final class Scraper implements AutoCloseable {

    private final Resolver resolver;
    private final CrawlRun.Environment environment;

    private Scraper(Builder builder) {
        requirePreview();
        Ticker ticker = Ticker.system();
        this.resolver = new SystemResolver(ticker);
        CrawlMeters meters = CrawlMeters.of(builder.registry);
        Optional<OkHttpClient> client = builder.client;
        Optional<Network> bound = builder.network;
        CrawlRun.Environment.Shared shared = CrawlRun.Environment.Shared.ofTheMachine(ticker);
        this.environment = new CrawlRun.Environment(ticker, RandomGenerator.getDefault(),
                CrawlRun.Environment.Threads.ofTheMachine(),
                new CrawlRun.Environment.Outside((job, traffic) -> OkHttpFetcher.forJob(job, policy(job, bound), client,
                        resolver, shared.memory(), traffic, ticker), resolver::abandonedLookups),
                shared, builder.extractors, builder.interceptors, meters, StepListener.NONE,
                builder.stallAfter);
    }

    private static AddressPolicy policy(CrawlJob job, Optional<Network> bound) {
        return new AddressPolicy(Stream.concat(Stream.of(job.network()), bound.stream()).toList());
    }

    /**
     * Without the option the JVM refuses to load the class that uses the preview API, which would end a crawl half way.
     */
    private static void requirePreview() {
        try {
            MethodHandles.lookup().ensureInitialized(TaskScope.class);
        } catch (UnsupportedClassVersionError e) {
            throw new IllegalStateException(
                    "fanout-scraper needs the JVM option --enable-preview: it runs on structured "
                            + "concurrency, a preview API of JDK 25 (this is JDK " + Runtime.version() + ")",
                    e);
        } catch (IllegalAccessException e) {
            throw new AssertionError("TaskScope is public", e);
        }
    }

    /** Returns whether a crawl with these settings may connect to an address. */
    public static boolean allows(Network network, InetAddress address) {
        return new AddressPolicy(network).allows(address);
    }

    /**
     * A scraper with every default: no meters, and the job's own extraction only.
     *
     * @throws IllegalStateException as {@link Builder#build} does
     */
    public static Scraper create() {
        return builder().build();
    }

    /** A builder with every default set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the beginning of a sentence that ends in a crawl: {@code scraper.crawl(job).to(sink).run()}. Nothing is
     * fetched before that.
     */
    public Crawl.Builder crawl(CrawlJob job) {
        return new Crawl.Builder(job, environment);
    }

    /**
     * Registers the meters that crawls with this registry will have: every counter is 0 until the first crawl counts. A
     * scrape that sees a counter before its first event sees the event, too. Crawls register what is missing
     * themselves.
     */
    public static void registerMeters(MeterRegistry registry) {
        CrawlMeters.of(registry);
    }

    /** Ends the name lookup's threads. Idempotent. */
    @Override
    public void close() {
        resolver.close();
    }

    /** Collects a scraper's parts. Not thread-safe. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(36_500);

        private final List<Extractor> extractors = new ArrayList<>();
        private final List<RequestInterceptor> interceptors = new ArrayList<>();
        private MeterRegistry registry = new CompositeMeterRegistry();
        private Optional<OkHttpClient> client = Optional.empty();
        private Optional<Duration> stallAfter = Optional.empty();
        private Optional<Network> network = Optional.empty();

        private Builder() {}

        /**
         * Where the meters of all crawls are registered. Scrapers with the same registry share its meters, which then
         * count the crawls of all of them, and stay when a scraper is closed. Not closed by the scraper.
         */
        public Builder meterRegistry(MeterRegistry value) {
            registry = value;
            return this;
        }

        /** Adds an extractor, which sees every parsed page after the job's own rules. */
        public Builder extractor(Extractor value) {
            extractors.add(value);
            return this;
        }

        /** Adds an interceptor, which is asked before each request for a page is sent, after those that were added. */
        public Builder interceptor(RequestInterceptor value) {
            interceptors.add(value);
            return this;
        }

        /**
         * Names the sockets and the trust with which crawls speak TLS, such as those of an {@code SSLContext} with a
         * certificate of the client. The default is the JDK's. A job's {@code http.caFile} adds to what is trusted, and
         * then makes sockets of its own.
         *
         * @param trusted what the sockets trust
         */
        public Builder tls(SSLSocketFactory sockets, X509TrustManager trusted) {
            client = Optional.of(new OkHttpClient.Builder().sslSocketFactory(sockets, trusted).build());
            return this;
        }

        /**
         * How long a crawl that has work may complete nothing before {@link Crawl#stall} and the log say so; positive,
         * and at most 36,500 days. The default is 30 seconds more than twice the job's {@code requestTimeout}, because
         * a page may take that long to be fetched, and as long again to be parsed.
         */
        public Builder stallAfter(Duration value) {
            if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("stallAfter must be positive and at most 36500 days: " + value);
            }
            stallAfter = Optional.of(value);
            return this;
        }

        /**
         * The addresses that no crawl of this scraper goes beyond, whatever its job allows: a connection must be
         * allowed by both. The default is the job's alone.
         */
        public Builder network(Network value) {
            network = Optional.of(value);
            return this;
        }

        /**
         * The scraper.
         *
         * @throws IllegalStateException if the JVM was started without {@code --enable-preview}
         */
        public Scraper build() {
            return new Scraper(this);
        }
    }
}
