package fanout.crawl.politeness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import fanout.Crawl;
import fanout.HostProgress;
import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.report.CrawlReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host that says it has too much to do is not idle: an observer sees which it is, why it waits, and until when. */
@Timeout(60)
class RefusingHostTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    /** The status of each answer, the last one for all that follow. */
    private List<Integer> statuses = List.of();
    private String retryAfter = "";

    @BeforeEach
    void open() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                int status = statuses.get(Math.min(requests.getAndIncrement(), statuses.size() - 1));
                if (status != 200 && !retryAfter.isEmpty()) {
                    exchange.getResponseHeaders().set("Retry-After", retryAfter);
                }
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private CrawlJob job(Duration backoff) {
        CrawlJob.Builder job = Jobs.impatient()
                .politeness(Jobs.politenessWithoutRobots(new Manners(1, Duration.ofMillis(1), true, HOUR)))
                .retries(new Retries(5, backoff, HOUR))
                .limits(Jobs.limits(100, HOUR.multipliedBy(3), HOUR));
        for (int page = 0; page < 5; page++) {
            job.startUrl("http://" + host() + "/" + page);
        }
        return job.build();
    }

    @FunctionalInterface
    private interface Look {
        void at(Crawl crawl);
    }

    private static void running(CrawlJob job, Look look) throws Exception {
        try (Scraper scraper = Scraper.create()) {
            Crawl crawl = scraper.crawl(job).to(_ -> {}).build();
            FutureTask<CrawlReport> running = new FutureTask<>(crawl::run);
            Thread.ofPlatform().daemon().start(running);
            try {
                await().ignoreExceptions().untilAsserted(() -> look.at(crawl)); // there is no host yet
            } finally {
                crawl.cancel();
            }
            running.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "503"})
    void aHostThatAsksForSilenceIsNamedWithTheReason(int status) throws Exception {
        statuses = List.of(200, status);
        retryAfter = "120";
        running(job(Duration.ofMillis(1)), crawl -> {
            HostProgress host = crawl.hosts(10).getFirst();
            assertThat(host.refusal()).hasValueSatisfying(why -> {
                assertThat(why.status()).isEqualTo(status);
                assertThat(why.silence()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(120));
            });
            assertThat(crawl.progress().orElseThrow().slowedDownBy().flatMap(HostProgress::slowedDown))
                    .hasValueSatisfying(words -> assertThat(words).matches(
                            host().replace(".", "\\.") + " answered " + status
                                    + " and asked for silence, of which (1[0-2]|[6-9])[0-9]\\.[0-9] s are left"));
        });
    }

    /** The delay has doubled, and the URL waits for its retry. */
    @Test
    void aHostThatAsksForNothingIsNamedAllTheSame() throws Exception {
        statuses = List.of(429);
        running(job(HOUR), crawl -> {
            HostProgress host = crawl.hosts(10).getFirst();
            assertThat(host.refusal()).hasValue(new HostProgress.Refusal(429, Duration.ZERO));
            assertThat(host.slowedDown().orElseThrow()).startsWith(host() + " answered 429");
        });
    }

    @Test
    void aHostThatAnswersAgainIsNotNamed() throws Exception {
        statuses = List.of(429, 200);
        running(job(Duration.ofMillis(1)), crawl -> {
            assertThat(crawl.progress().orElseThrow().outcomes().ok()).isPositive();
            assertThat(crawl.hosts(10).getFirst().refusal()).isEmpty();
            assertThat(crawl.progress().orElseThrow().slowedDownBy()).isEmpty();
        });
    }
}
