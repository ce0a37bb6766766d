package fanout.internal.metrics;

import fanout.internal.host.Circuit;
import fanout.outcome.Fetched;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The meters' names and labels, which users' dashboards rely on, and what each reads. Confined to the thread that
 * binds.
 */
final class MeterNames {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final CrawlSums sums;
    private final MeterRegistry registry;

    MeterNames(CrawlSums sums, MeterRegistry registry) {
        this.sums = sums;
        this.registry = registry;
    }

    Timer fetchDuration() {
        return Timer.builder("scraper.fetch.duration")
                .description("Attempts at pages, robots.txt and sitemaps, from the name lookup to the end of the body")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    void bindGauges() {
        gauge("scraper.active.connections", "Connections in use", MeterReading::activeConnections);
        gauge("scraper.workers", "Workers of running crawls", MeterReading::workers);
        gauge("scraper.workers.busy", "Workers at work: fetching, parsing, or sending what they found",
                MeterReading::busyWorkers);
        gauge("scraper.results.queue.size", "Results on their way to the sink", MeterReading::queuedResults);
        gauge("scraper.results.queue.capacity", "Results that may be on their way to the sink",
                MeterReading::resultsCapacity);
        String urls = "URLs in the frontier";
        gauge("scraper.frontier.urls", urls, MeterReading::ready, "state", "ready");
        gauge("scraper.frontier.urls", urls, MeterReading::delayed, "state", "delayed");
        gauge("scraper.frontier.urls", urls, MeterReading::leased, "state", "leased");
        for (Circuit.Phase phase : Circuit.Phase.values()) {
            gauge("scraper.hosts", "Hosts that running crawls keep, by the state of their circuit",
                    reading -> reading.hosts().getOrDefault(phase, 0), "circuit",
                    phase.name().toLowerCase(Locale.ROOT));
        }
        gauge("scraper.crawls.stalled", "Running crawls that have work and complete nothing",
                reading -> reading.stalled() ? 1 : 0);
        gauge("scraper.crawls", CrawlSums::running, "Runs of crawls by state", "state", "running");
        gauge("scraper.crawls", CrawlSums::ended, "Runs of crawls by state", "state", "ended");
    }

    void bindCounters() {
        String fetches = "URLs by outcome";
        counter("scraper.fetches", fetches, MeterCounts::ok, "outcome", Fetched.NAME, "reason", "");
        counter("scraper.fetches", fetches, MeterCounts::redirected, "outcome", Redirected.NAME, "reason", "");
        for (Reason reason : Reason.values()) {
            counter("scraper.fetches", fetches, counts -> counts.reasons().getOrDefault(reason, 0L), "outcome",
                    reason.outcome(), "reason", reason.label());
        }
        for (int i = 0; i < MeterCounts.STATUS_CLASSES; i++) {
            int index = i;
            counter("scraper.http.responses", "Responses by status class",
                    counts -> counts.responses().get(index), "status_class", (i + 1) + "xx");
        }
        for (Stage stage : Stage.values()) {
            counter("scraper.deadline.exceeded", "Deadlines that passed, by the stage that spent them",
                    counts -> counts.deadlineExceeded().getOrDefault(stage, 0L), "stage", stage.label());
        }
        counter("scraper.fetched.bytes", "Decoded body bytes of pages, robots.txt and sitemaps", MeterCounts::bytes);
        counter("scraper.retries", "Attempts after the first", MeterCounts::retries);
        counter("scraper.items", "Items extracted from pages with outcome ok", MeterCounts::items);
        counter("scraper.items.dropped", "Items that missed a required field", MeterCounts::itemsDropped);
        counter("scraper.leaked.tasks", "Threads that crawls left behind", MeterCounts::leakedTasks);
        counter("scraper.sink.failures", "Crawls that failed because a sink did", MeterCounts::sinkFailures);
    }

    private void gauge(String name, String about, ToDoubleFunction<MeterReading> read, String... tags) {
        gauge(name, all -> all.ofRunning(read), about, tags);
    }

    /**
     * Strong: Micrometer refers to what a meter reads weakly, and the meters have to live as long as their registry.
     */
    private void gauge(String name, ToDoubleFunction<CrawlSums> read, String about, String... tags) {
        Gauge.builder(name, sums, read).description(about).tags(tags).strongReference(true).register(registry);
    }

    private void counter(String name, String about, ToDoubleFunction<MeterCounts> read, String... tags) {
        FunctionCounter.builder(name, sums, all -> all.ofAll(read))
                .description(about)
                .tags(tags)
                .register(registry);
    }
}
