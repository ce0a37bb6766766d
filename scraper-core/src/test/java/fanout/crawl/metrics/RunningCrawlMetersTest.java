package fanout.crawl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import fanout.Crawl;
import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.report.CrawlReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the gauges say while a crawl runs, at a moment that the test holds: each label has a number of its own. One
 * that is read from the wrong place is seen.
 */
@Timeout(60)
class RunningCrawlMetersTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService answering = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    /** What the held host may answer. */
    private final Semaphore answers = new Semaphore(0);

    @AfterEach
    void close() {
        answers.release(1_000);
        servers.forEach(server -> server.stop(0));
        answering.close();
        registry.close();
    }

    private interface Gate {
        void pass() throws InterruptedException;
    }

    /** A host of its own; its name. */
    private String host(int status, Gate gate) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(answering);
        server.createContext("/", exchange -> {
            try (exchange) {
                gate.pass();
                exchange.sendResponseHeaders(status, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the server stops
            }
        });
        server.start();
        servers.add(server);
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static void add(CrawlJob.Builder job, String host, int pages) {
        for (int page = 0; page < pages; page++) {
            job.startUrl("http://" + host + "/" + page);
        }
    }

    /**
     * Of five workers, three wait for a host that does not answer: three pages more may be ok, so no worker may take
     * another one. A host has a delay of an hour, another one's circuit is open since its first failure, and the sink
     * does not take the first result. Nothing else comes before it, so that the writer takes it alone and not with
     * others. The held host comes last, and each other one had its turn by then.
     */
    @Test
    void eachGaugeHasANumberOfItsOwn() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        Semaphore first = new Semaphore(1);
        String quick = host(200, () -> {
            if (!first.tryAcquire()) {
                written.await();
            }
        });
        String slow = host(200, written::await);
        String broken = host(500, written::await);
        String held = host(200, answers::acquire);
        Manners none = new Manners(8, Duration.ZERO, false, HOUR);
        Politeness politeness = Jobs.politenessWithoutRobots(none)
                .toBuilder()
                .hosts(Map.of(slow, new Manners(8, HOUR, false, HOUR), broken,
                        new Manners(1, Duration.ZERO, false, HOUR)))
                .build();
        CrawlJob.Builder job = Jobs.impatient()
                .concurrency(5)
                .politeness(politeness)
                .retries(new Retries(1, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .circuitBreaker(new CircuitBreaking(50, 1, HOUR.minusMinutes(1), 3))
                .limits(Jobs.limits(6, HOUR.multipliedBy(3), HOUR));
        add(job, quick, 2);
        add(job, slow, 5);
        add(job, broken, 4);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Scraper scraper = Scraper.builder().meterRegistry(registry).build()) {
            add(job, held, 12);
            Crawl crawl = scraper.crawl(job.build()).to(_ -> {
                written.countDown();
                goOn.await();
            }).build();
            FutureTask<CrawlReport> running = new FutureTask<>(crawl::run);
            Thread.ofPlatform().daemon().start(running);
            try {
                assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
                Map<String, Double> expected = new TreeMap<>(Map.ofEntries(
                        Map.entry("scraper.workers", 5.0), Map.entry("scraper.workers.busy", 3.0),
                        Map.entry("scraper.active.connections", 3.0), Map.entry("scraper.frontier.urls leased", 3.0),
                        Map.entry("scraper.frontier.urls ready", 9.0),
                        Map.entry("scraper.frontier.urls delayed", 4.0 + 3), // of the slow host and of the broken one
                        Map.entry("scraper.results.queue.size", 3.0), // of 3 that were ok and 1 that failed
                        Map.entry("scraper.results.queue.capacity", 64.0), Map.entry("scraper.hosts open", 1.0),
                        Map.entry("scraper.hosts closed", 3.0), Map.entry("scraper.hosts half_open", 0.0),
                        Map.entry("scraper.crawls running", 1.0), Map.entry("scraper.crawls ended", 0.0)));
                await().untilAsserted(() -> assertThat(gauges(expected)).isEqualTo(expected));

                answers.release();
                expected.putAll(Map.of("scraper.workers.busy", 2.0, "scraper.active.connections", 2.0,
                        "scraper.frontier.urls leased", 2.0, "scraper.results.queue.size", 4.0));
                await().untilAsserted(() -> assertThat(gauges(expected)).isEqualTo(expected));
            } finally {
                crawl.cancel();
                goOn.countDown();
                answers.release(1_000);
            }
            running.get(20, TimeUnit.SECONDS);
        }
        assertThat(gauge("scraper.crawls", "running")).isZero();
        assertThat(gauge("scraper.crawls", "ended")).isOne();
    }

    /** A host that was given up would be open for as long as the crawl runs, and nothing could be done about it. */
    @Test
    void aHostThatWasGivenUpCountsInNoCircuit() throws Exception {
        String broken = host(500, () -> {});
        String held = host(200, answers::acquire);
        CrawlJob.Builder job = Jobs.impatient()
                .politeness(Jobs.politenessWithoutRobots(new Manners(8, Duration.ZERO, false, HOUR)))
                .retries(new Retries(1, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .circuitBreaker(new CircuitBreaking(50, 1, HOUR, 1))
                .limits(Jobs.limits(10, HOUR.multipliedBy(3), HOUR));
        add(job, broken, 30);
        add(job, held, 1);
        try (Scraper scraper = Scraper.builder().meterRegistry(registry).build()) {
            Crawl crawl = scraper.crawl(job.build()).to(_ -> {}).build();
            FutureTask<CrawlReport> running = new FutureTask<>(crawl::run);
            Thread.ofPlatform().daemon().start(running);
            try {
                await().until(() -> registry.get("scraper.fetches")
                        .tag("reason", "circuit_open")
                        .functionCounter()
                        .count() > 0);
                Map<String, Double> hosts = Map.of("scraper.hosts open", 0.0, "scraper.hosts closed", 1.0,
                        "scraper.hosts half_open", 0.0);
                await().untilAsserted(() -> assertThat(gauges(hosts)).isEqualTo(hosts));
                assertThat(crawl.progress().orElseThrow().urls().hosts()).as("known").isEqualTo(2);
            } finally {
                answers.release(1_000);
            }
            running.get(20, TimeUnit.SECONDS);
        }
    }

    /** Of the gauges that are named like these, each by its name and the value of its only label. */
    private Map<String, Double> gauges(Map<String, Double> like) {
        Map<String, Double> values = new TreeMap<>();
        like.keySet().forEach(key -> {
            String[] parts = key.split(" ", -1);
            values.put(key, parts.length == 1 ? registry.get(key).gauge().value() : gauge(parts[0], parts[1]));
        });
        return values;
    }

    private double gauge(String name, String label) {
        return registry.find(name)
                .gauges()
                .stream()
                .filter(gauge -> gauge.getId().getTags().stream().anyMatch(tag -> tag.getValue().equals(label)))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
