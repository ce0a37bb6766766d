package fanout.app.service;

import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.HttpService;
import fanout.app.service.http.RequestListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What the service counts beside its crawls. No label carries more than the patterns of its routes. Thread-safe. */
final class ServiceMeters implements RequestListener {

    private static final int INTERNAL_ERROR = 500;

    private final MeterRegistry registry;

    /** @param statuses of each route, whose counters are there before the first such answer */
    ServiceMeters(MeterRegistry registry, CrawlScope scope, Readers readers, Map<String, Set<Integer>> statuses) {
        this.registry = registry;
        statuses.forEach((route, known) -> known.forEach(status -> requests(route, status)));
        statuses.keySet().forEach(route -> requests(route, INTERNAL_ERROR));
        gauge("scraper.crawl.queue.size", "Crawls that wait for their turn", scope, CrawlScope::queued);
        gauge("scraper.crawl.queue.capacity", "Crawls that may wait", scope, CrawlScope::queueCapacity);
        Gauge.builder("scraper.crawls", scope, CrawlScope::held)
                .description("Runs of crawls by state")
                .tags("state", "held")
                .strongReference(true)
                .register(registry);
        gauge("scraper.disk.used.bytes", "What the files of all crawls took when they were last looked at", scope,
                CrawlScope::usedBytes);
        gauge("scraper.disk.limit.bytes",
                "What the files of crawls that have ended may take before the oldest are deleted", scope,
                CrawlScope::mostBytes);
        gauge("scraper.disk.free.bytes", "What is free on the volume of the data folder; 0 if that is gone", scope,
                CrawlScope::freeBytes);
        for (Crawls.DeletedFor why : Crawls.DeletedFor.values()) {
            FunctionCounter.builder("scraper.crawls.deleted", scope, all -> all.deleted(why))
                    .description("Crawls that were deleted with their files, by the reason")
                    .tags("reason", why.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        gauge("scraper.event.streams", "Requests that read the files or events of a crawl at the moment", readers,
                Readers::count);
    }

    /** Counts what becomes of connections, from now on. */
    void observe(HttpService http) {
        gauge("scraper.api.connections", "Connections to the service that are open", http, HttpService::connections);
        closed(http, "crowded", HttpService::crowdedOut);
        closed(http, "stalled", HttpService::cutOff);
    }

    private void closed(HttpService http, String reason, ToDoubleFunction<HttpService> read) {
        FunctionCounter.builder("scraper.api.connections.closed", http, read)
                .description(
                        "Connections that the service closed: for newcomers, because there were too many, or because "
                                + "their readers took nothing")
                .tags("reason", reason)
                .register(registry);
    }

    private <T> void gauge(String name, String about, T part, ToDoubleFunction<T> read) {
        Gauge.builder(name, part, read).description(about).strongReference(true).register(registry);
    }

    private Counter requests(String route, int status) {
        return Counter.builder("scraper.api.requests")
                .description("Requests, by the pattern of their path and the status of the answer")
                .tags("route", route, "status", String.valueOf(status))
                .register(registry);
    }

    @Override
    public void answered(Answered request) {
        requests(request.route(), request.status()).increment();
    }
}
