package fanout.app.service;

import fanout.Scraper;
import fanout.app.config.BadJobException;
import fanout.app.config.ServiceSettings;
import fanout.app.dashboard.Assets;
import fanout.app.metrics.JobRegistries;
import fanout.app.metrics.ProcessMeters;
import fanout.app.service.access.ApiToken;
import fanout.app.service.access.ServiceGuard;
import fanout.app.service.access.ServiceHostNames;
import fanout.app.service.access.Tokens;
import fanout.app.service.api.CrawlApi;
import fanout.app.service.api.EventApi;
import fanout.app.service.api.LiveApi;
import fanout.app.service.api.ReportApi;
import fanout.app.service.api.ReportPages;
import fanout.app.service.api.ResultApi;
import fanout.app.service.api.ServiceApi;
import fanout.app.service.api.TokenApi;
import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Crawls.Submission;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.AccessLog;
import fanout.app.service.http.HttpService;
import fanout.app.service.http.Route;
import fanout.app.service.http.Routes;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The long-running service: an HTTP API over crawls that it owns.
 *
 * <p>{@link #run} is called once and blocks its caller until {@link #stop} was called and every crawl has ended;
 * requests are answered from {@link #open} to {@link #close}. Thread-safe. Owns its socket, its threads, its crawls and
 * the lock on its data folder, and has ended and released them all when {@code close} returns.
 */
public final class Service implements AutoCloseable {

    private final Parts parts;
    private final Routes routes;
    private final HttpService http;

    private Service(Parts parts, Routes routes, HttpService http) {
        this.parts = parts;
        this.routes = routes;
        this.http = http;
    }

    /**
     * Where a service listens, and within which limits.
     *
     * @param readersOfACrawl requests that stream the files or events of one crawl
     * @param readers of all crawls
     */
    public record Listening(InetSocketAddress address, HttpService.Limits limits, int readersOfACrawl, int readers) {

        /** An address, with the usual limits: requests that do not read for long have room next to all readers. */
        public static Listening at(InetSocketAddress address) {
            return new Listening(address, HttpService.Limits.DEFAULT, 32, 640);
        }
    }

    /** Everyone who reaches the service could use it. */
    public static final class UnguardedException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        private UnguardedException() {
            super("the address is not loopback, and no token opens the service");
        }
    }

    /** What is behind the socket, in the order in which it opens. */
    private record Parts(
            DataFolder data,
            AccessLog log,
            JobRegistries registries,
            ProcessMeters meters,
            Scraper scraper,
            Readers readers,
            CrawlScope scope) implements AutoCloseable {

        private static final int JOBS_WITH_METERS = 50;

        static Parts open(ServiceSettings settings, Listening listening, Path folder) throws IOException {
            DataFolder data = DataFolder.open(folder);
            try {
                AccessLog log = AccessLog.open(data.accessLog());
                JobRegistries registries = new JobRegistries(JOBS_WITH_METERS, Scraper::registerMeters);
                Scraper.Builder builder = Scraper.builder()
                        .network(settings.bounds().network())
                        .meterRegistry(registries.ofJob("other"));
                settings.stallAfter().ifPresent(builder::stallAfter);
                Scraper scraper = builder.build();
                Readers readers = new Readers(listening.readersOfACrawl(), listening.readers());
                CrawlScope scope = new CrawlScope(settings, data, scraper, registries, readers);
                return new Parts(data, log, registries, new ProcessMeters(registries.own()), scraper, readers, scope);
            } catch (IOException | RuntimeException e) {
                try (data) {
                    throw e;
                }
            }
        }

        @Override
        public void close() throws IOException {
            try (data; log; registries; meters; scraper) {
                // each is closed, the last one first, whatever happens to the others
            }
        }
    }

    /**
     * Opens a service: takes the folder, sees to what an earlier process has left, and begins to answer.
     *
     * @param token without one, and without any in the folder, requests on loopback need none
     * @throws UnguardedException if the address is not loopback, and no token that opens everything exists
     * @throws DataFolder.InUseException if another service has the folder
     * @throws java.net.BindException if the address cannot be listened on
     * @throws IOException if the folder cannot be used
     */
    public static Service open(ServiceSettings settings, Listening listening, Path folder, Optional<ApiToken> token)
            throws IOException {
        Parts parts = Parts.open(settings, listening, folder);
        try {
            InetAddress address = listening.address().getAddress();
            Tokens tokens = Tokens.of(token, parts.data.tokens(), address.isLoopbackAddress());
            if (!address.isLoopbackAddress() && !tokens.haveAdmin()) {
                throw new UnguardedException();
            }
            parts.scope.recover();
            ServiceGuard guard = new ServiceGuard(tokens, new ServiceHostNames(settings.allowedHosts(), address));
            ServiceMeters meters = new ServiceMeters(parts.registries.own(), parts.scope, parts.readers,
                    ServiceApi.documentedStatuses());
            Routes routes = routes(parts, guard, tokens);
            HttpService http = HttpService.start(listening.address(), listening.limits(), routes, guard,
                    request -> {
                        meters.answered(request);
                        parts.log.answered(request);
                    });
            meters.observe(http);
            return new Service(parts, routes, http);
        } catch (IOException | RuntimeException e) {
            try (parts) {
                throw e;
            }
        }
    }

    private static Routes routes(Parts parts, ServiceGuard guard, Tokens tokens) {
        Crawls crawls = parts.scope.crawls();
        String epoch = Long.toString(System.currentTimeMillis(), 36);
        return new Routes(Stream.<List<Route>>of(
                new CrawlApi(crawls).routes(),
                new LiveApi(crawls).routes(),
                new ResultApi(crawls, parts.readers).routes(),
                new ReportApi(crawls, parts.readers, ReportPages.ofService()).routes(),
                new EventApi(crawls, parts.readers, epoch).routes(),
                new TokenApi(tokens).routes(),
                new ServiceApi(parts.scope, guard, parts.registries).routes(),
                Assets.routes()).flatMap(List::stream).toList());
    }

    /**
     * Takes a job, as a request would.
     *
     * @return whether it waits or runs now; if not, the queue is full or the service stops
     * @throws BadJobException if it is not valid here
     */
    public boolean submit(byte[] yaml) throws BadJobException, IOException {
        Crawls crawls = parts.scope.crawls();
        return crawls.submit(crawls.read(false, yaml).job(), false, yaml) instanceof Submission.Accepted;
    }

    /** Its operations. */
    Routes routes() {
        return routes;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.address();
    }

    /** As {@link #run(Runnable)}, where no caller waits for the service to be ready. */
    public void run() throws InterruptedException {
        run(() -> {});
    }

    /**
     * Runs crawls until the service was asked to stop, and every crawl has ended.
     *
     * @param ready runs once, in the calling thread, when the service is ready
     * @throws InterruptedException if the calling thread is interrupted; every crawl has ended in order by then
     */
    public void run(Runnable ready) throws InterruptedException {
        parts.scope.run(ready);
    }

    /**
     * Takes no more crawls, and ends those that run: gently, and after the grace at once. Returns at once. Idempotent.
     */
    public void stop() {
        parts.scope.stop();
    }

    /** The same without the grace. */
    public void stopNow() {
        parts.scope.stopNow();
    }

    /**
     * What has not ended at this moment, in lines for the log: crawls, their tasks at work, and where their threads
     * are.
     */
    public List<String> remaining() {
        return parts.scope.remaining();
    }

    /** Ends every request, and releases the folder. Called after {@link #run} has returned. */
    @Override
    public void close() throws IOException {
        try (parts) {
            http.close();
        }
    }
}
