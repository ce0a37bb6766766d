package fanout;

import fanout.dns.Resolver;
import fanout.dns.SystemResolver;
import fanout.job.CrawlJob;
import fanout.limit.Memory;
import fanout.metrics.CrawlMeters;
import fanout.okhttp.OkHttpFetcher;
import fanout.page.Extractor;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.task.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;

/**
 * Makes crawls, as an HTTP client makes calls: what crawls share lives here (TLS settings, name lookup, extractors, meters),
 * and what they don't (connections, cookies, frontier) in each {@link Crawl}.
 *
 * <p>Thread-safe: any number of crawls may run at once. Owns the name lookup's threads and ends them in {@link #close},
 * which does not wait for crawls: end those first.
 */
public final class Scraper implements AutoCloseable {

    private final Resolver resolver;
    private final CrawlRuntime machinery;

    private Scraper(Builder builder) {
        Ticker ticker = Ticker.system();
        this.resolver = new SystemResolver(ticker);
        CrawlMeters meters = CrawlMeters.of(builder.registry);
        OkHttpClient client = builder.client;
        Memory memory = Memory.ofThisMachine(ticker);
        this.machinery = new CrawlRuntime(ticker, Thread.ofPlatform().daemon().factory(), Thread.ofVirtual().factory(),
                (job, traffic) -> OkHttpFetcher.forJob(job, client, resolver, memory.bodies(), traffic, ticker),
                memory,
                resolver::abandonedLookups, builder.extractors, meters, builder.stallAfter);
    }

    /** A scraper with every default: no meters, and the job's own extraction only. */
    public static Scraper create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * A crawl, ready to run.
     *
     * @param sink gets every outcome; not closed by the crawl
     */
    public Crawl newCrawl(CrawlJob job, Sink sink) {
        return new Crawl(job, sink, machinery);
    }

    /**
     * Runs a job to its end in the calling thread: short for {@code newCrawl(job, sink).run()}.
     *
     * @throws InterruptedException as {@link Crawl#run} does
     */
    public CrawlReport crawl(CrawlJob job, Sink sink) throws InterruptedException {
        return newCrawl(job, sink).run();
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
        private MeterRegistry registry = new CompositeMeterRegistry();
        private OkHttpClient client = new OkHttpClient();
        private Optional<Duration> stallAfter = Optional.empty();

        private Builder() {}

        /**
         * Where the meters of all crawls are registered. Scrapers with the same registry share its meters, which then tell of
         * the crawls of all of them, and stay when a scraper is closed. Not closed by the scraper.
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

        /**
         * Whose TLS settings (certificates, verifier, pins, connection specs) and protocols crawls use, and nothing else of it:
         * no timeout, pool, cache, interceptor, authenticator, cookie or proxy.
         */
        public Builder httpClient(OkHttpClient value) {
            client = value;
            return this;
        }

        /**
         * How long a crawl that has work may be without completing anything before {@link Crawl#stall} and the log say so. By
         * default 30 seconds longer than twice the job's {@code requestTimeout}, which a page may take to be fetched and again to
         * be parsed; positive, and at most 36,500 days.
         */
        public Builder stallAfter(Duration value) {
            if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("stallAfter must be positive and at most 36500 days: " + value);
            }
            stallAfter = Optional.of(value);
            return this;
        }

        public Scraper build() {
            return new Scraper(this);
        }
    }
}
