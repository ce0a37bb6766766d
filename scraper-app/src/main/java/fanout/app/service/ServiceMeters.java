package fanout.app.service;

import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.RequestListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What the service counts beside its crawls. No label carries more than the patterns of its routes. Thread-safe. */
final class ServiceMeters implements RequestListener {

    private final MeterRegistry registry;

    ServiceMeters(MeterRegistry registry, CrawlScope scope, Readers readers) {
        this.registry = registry;
        gauge("scraper.crawl.queue.size", "Crawls that wait for their turn", scope, CrawlScope::queued);
        gauge("scraper.crawl.queue.capacity", "Crawls that may wait", scope, CrawlScope::queueCapacity);
        Gauge.builder("scraper.crawls", scope, CrawlScope::held)
                .description("Runs of crawls by state")
                .tags("state", "held")
                .strongReference(true)
                .register(registry);
        gauge("scraper.disk.used.bytes", "What the files of all crawls took when they were last looked at", scope,
                CrawlScope::usedBytes);
        gauge("scraper.disk.limit.bytes", "What they may take before the oldest finished crawls are deleted", scope,
                CrawlScope::mostBytes);
        gauge("scraper.event.streams", "Requests that read the files or events of a crawl at the moment", readers,
                Readers::count);
    }

    private <T> void gauge(String name, String about, T part, ToDoubleFunction<T> read) {
        Gauge.builder(name, part, read).description(about).strongReference(true).register(registry);
    }

    @Override
    public void answered(Answered request) {
        Counter.builder("scraper.api.requests")
                .description("Requests, by the pattern of their path and the status of the answer")
                .tags("route", request.route(), "status", String.valueOf(request.status()))
                .register(registry)
                .increment();
    }
}
