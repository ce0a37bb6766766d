package fanout.crawl.politeness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import fanout.Crawl;
import fanout.HostProgress;
import fanout.Scraper;
import fanout.Stall;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A crawl whose requests hang, one at a time, next to another crawl of the same host, which it must not starve. */
class FairTurnsTest {

    private static final int PAGES = 10;
    private static final Duration TIMEOUT = Duration.ofMillis(80);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                asked.add(path.substring(1, path.lastIndexOf('/')));
                if (path.startsWith("/hangs/")) {
                    release.await();
                }
                byte[] body = "<title>a page</title>".getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                throw new IOException("the server closes", e);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }

    private CrawlJob job(String name, int pages, int perHostConcurrency, Duration timeout) {
        CrawlJob.Builder job = CrawlJob.builder(name)
                .network(Jobs.LOOPBACK)
                .circuitBreaker(new CircuitBreaking(100, 1000, Duration.ofSeconds(30), 3))
                .concurrency(4)
                .politeness(Jobs.politenessWithoutRobots(
                        new Manners(perHostConcurrency, Duration.ZERO, false, Duration.ofMinutes(1))))
                .retries(new Retries(1, Duration.ofMillis(5), Duration.ofMillis(20)))
                .limits(Jobs.limits(1000, LONG, timeout));
        for (int page = 0; page < pages; page++) {
            job.startUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name + "/" + page);
        }
        return job.build();
    }

    @Test
    void aCrawlWhoseRequestsHangHasNoTwoTurnsWhileAnotherWaits() throws Exception {
        try (Scraper scraper = Scraper.builder().build();
                RunningCrawl hangs =
                        new RunningCrawl(
                                scraper.crawl(job("hangs", 3 * PAGES, 1, TIMEOUT)).to(new Recorded()).build())) {
            assertThat(asked.take()).isEqualTo("hangs");
            try (RunningCrawl quick =
                    new RunningCrawl(scraper.crawl(job("quick", PAGES, 9, LONG)).to(new Recorded()).build())) {
                assertThat(quick.report().accounting().ok()).isEqualTo(PAGES);
            }
            List<String> order = asked.stream().toList();
            List<String> together = order.subList(order.indexOf("quick"), order.lastIndexOf("quick"));
            assertThat(String.join(" ", together)).doesNotContain("hangs hangs").contains("hangs quick hangs");
            hangs.crawl().cancel();
        }
    }

    @Test
    void theCrawlThatHoldsAHostIsNamedInHostsTasksAndStall() throws Exception {
        try (Scraper scraper = Scraper.builder().stallAfter(Duration.ofMillis(100)).build();
                RunningCrawl hangs =
                        new RunningCrawl(scraper.crawl(job("hangs", 1, 1, LONG)).to(new Recorded()).build())) {
            assertThat(asked.take()).isEqualTo("hangs");
            try (RunningCrawl waits =
                    new RunningCrawl(scraper.crawl(job("waits", 3, 9, LONG)).to(new Recorded()).build())) {
                Crawl crawl = waits.crawl();
                RunningCrawl.until(crawl::isStalled);

                String holder = "the crawl hangs, which has 1 in flight there, the last for ";
                assertThat(crawl.stall().orElseThrow().culprit()).isInstanceOf(Stall.Culprit.OtherCrawls.class);
                assertThat(crawl.stall().orElseThrow().heldUpBy()).contains(" is held by " + holder)
                        .endsWith(" ms (perHostConcurrency 1 holds for all crawls)");
                HostProgress host = crawl.hosts(1).getFirst();
                assertThat(host.queued()).isEqualTo(3);
                assertThat(host.heldBy()).singleElement().asString().startsWith(holder);
                assertThat(crawl.heldByOthers()).hasSize(1);
                assertThat(waiting(crawl.tasks().orElseThrow())).hasSize(4)
                        .allSatisfy(task -> assertThat(task.waitsFor()).contains(holder));
                assertThat(hangs.crawl().heldByOthers()).isEmpty();

                release.countDown();
                assertThat(waits.report().accounting().ok()).isEqualTo(3);
            }
        }
    }

    private static List<TaskSnapshot> waiting(TaskSnapshot node) {
        return Stream.concat(Stream.of(node), node.children().stream().flatMap(child -> waiting(child).stream()))
                .filter(task -> task.stage().equals(Optional.of(Stage.POLITENESS)))
                .distinct()
                .toList();
    }
}
