package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import fanout.app.Site;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crawls side by side, watched by many, and one after the other; {@code load-tests/bin/service} does the same with
 * hundreds.
 */
@Timeout(60)
class CrowdTest {

    private static final int SITES = 5;
    private static final int STREAMS_OF_EACH = 4;

    @TempDir
    private Path data;

    private static Socket stream(RunningService service, String path) throws IOException {
        return service
                .connect("GET " + path + " HTTP/1.1\r\nHost: " + service.host() + "\r\nConnection: close\r\n\r\n");
    }

    /** What a stream says until its end; an answer that is cut off is an error. */
    private static String toTheEnd(Socket stream) throws IOException {
        InputStream in = stream.getInputStream();
        Answer answer = Answer.read(in);
        assertThat(answer.status()).isEqualTo(200);
        return answer.text();
    }

    private static void closeAll(List<? extends AutoCloseable> all) throws Exception {
        for (AutoCloseable each : all) {
            each.close();
        }
    }

    @Test
    void noLineIsLostHoweverManyWatch() throws Exception {
        List<Site> sites = new ArrayList<>();
        List<Socket> open = new ArrayList<>();
        try (RunningService service = RunningService.asUsual(data, "maxConcurrentCrawls: 5\n");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<String>> followers = new TreeMap<>();
            List<Future<String>> watchers = new ArrayList<>();
            for (int i = 0; i < SITES; i++) {
                Site site = new Site("Shop " + i);
                sites.add(site);
                String crawl = service.submitted(site.job("/slow/"));
                await().until(() -> site.slowRequests.get() == 10);
                for (int n = 0; n < STREAMS_OF_EACH; n++) {
                    Socket events = stream(service, crawl + "/events");
                    open.add(events);
                    if (n > 0) { // the first is never read
                        watchers.add(threads.submit(() -> toTheEnd(events)));
                    }
                }
                Socket lines = stream(service, crawl + "/pages?follow=true");
                open.add(lines);
                followers.put(crawl, threads.submit(() -> toTheEnd(lines)));
            }
            await().until(() -> service.get("/metrics").text().contains("scraper_event_streams 25.0"));
            sites.forEach(site -> site.release.countDown());
            for (Map.Entry<String, Future<String>> follower : followers.entrySet()) {
                service.awaitState(follower.getKey(), "finished");
                assertThat(follower.getValue().get()).hasLineCount(11)
                        .isEqualTo(service.get(follower.getKey() + "/pages").text());
            }
            for (Future<String> watcher : watchers) {
                assertThat(watcher.get()).contains("\"state\":\"running\"", "\"state\":\"finished\"");
            }
            await().until(() -> service.get("/metrics").text().contains("scraper_event_streams 0.0"));
        } finally {
            sites.forEach(site -> site.release.countDown());
            closeAll(open);
            closeAll(sites);
        }
    }

    @Test
    void allCrawlsTogetherKeepTheServicesLimitOfFetches() throws Exception {
        try (SlowCrawls crawls = new SlowCrawls(data);
                RunningService service = crawls.service("maxConcurrentCrawls: 3\nconcurrency: 7\n")) {
            Site site = crawls.site();
            for (int i = 0; i < 3; i++) {
                service.awaitState(service.submitted(site.job("/slow/").replace("name: test", "name: t" + i)),
                        "running");
            }
            await().until(() -> site.slowRequests.get() == 7);
            await().during(Duration.ofMillis(300)).until(() -> site.slowRequests.get() == 7);
        }
    }

    @Test
    void crawlsThatAreCancelledTogetherEndAtOnce() throws Exception {
        try (Site site = new Site("Silent");
                RunningService service = RunningService.asUsual(data, "maxConcurrentCrawls: 20\n");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<String> crawls = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    crawls.add(service.submitted(site.job("/slow/")));
                }
                // One process is one visitor: no more are in flight at the host than one job allows.
                await().atMost(Duration.ofSeconds(20)).until(() -> site.slowRequests.get() == 64);
                long began = System.nanoTime();
                List<Callable<Answer>> cancels = crawls.stream()
                        .<Callable<Answer>>map(crawl -> () -> service.post(crawl + "/cancel", "{\"mode\": \"now\"}"))
                        .toList();
                for (Future<Answer> answer : threads.invokeAll(cancels)) {
                    assertThat(answer.get().status()).isEqualTo(202);
                }
                crawls.forEach(crawl -> service.awaitState(crawl, "cancelled"));
                // on a busy machine
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            } finally {
                site.release.countDown();
            }
        }
    }

    @Test
    void crawlsOneAfterTheOtherLeaveNoDescriptor() throws Exception {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Site site = new Site("Docs");
                RunningService service = RunningService.asUsual(data, "")) {
            crawl(service, site, 5);
            long before = system.getOpenFileDescriptorCount();
            crawl(service, site, 25);
            await().untilAsserted(
                    () -> assertThat(system.getOpenFileDescriptorCount()).isLessThanOrEqualTo(before + 10));
        }
    }

    private static void crawl(RunningService service, Site site, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            service.awaitState(service.submitted(site.job("/")), "finished");
        }
    }
}
