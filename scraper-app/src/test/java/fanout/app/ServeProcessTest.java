package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper serve} as a process that is killed. */
class ServeProcessTest {

    @TempDir
    private Path folder;

    @Test
    void aServiceThatIsKilledGoesOnAndEachCrawlEndsOnce() throws Exception {
        try (Site site = new Site("Docs")) {
            String running;
            String finished;
            try (ServiceProcess service = ServiceProcess.start(folder)) {
                finished = service.client().submit(site.job("/"));
                service.client().awaitState(finished, "finished");
                running = service.client().submit(site.job("/slow/"));
                await().until(() -> site.slowRequests.get() == 10);
                // what readers have seen must stay
                await().until(() -> !service.client().text(running + "/pages").isEmpty());
                service.signal("KILL");
                assertThat(service.exitCode()).isEqualTo(137);
            }
            site.release.countDown();
            try (ServiceProcess service = ServiceProcess.start(folder)) {
                JsonNode ended = service.client().awaitState(running, "finished");
                assertThat(ended.get("finishReason").stringValue()).isEqualTo("exhausted");
                assertThat(service.client().get(finished).get("state").stringValue()).isEqualTo("finished");
                assertThat(service.client().get("/api/v1/crawls").get("crawls")).hasSize(2);
                Set<String> urls = new HashSet<>();
                List<String> lines = service.client().text(running + "/pages").lines().toList();
                lines.forEach(line -> urls.add(new JsonMapper().readTree(line).get("url").stringValue()));
                assertThat(urls).hasSize(11);
                assertThat(lines).hasSize(11);

                service.signal("TERM");
                assertThat(service.exitCode()).as(service.stderr()).isZero();
                assertThat(service.stderr()).contains("stopped").doesNotContain("Exception", "ERROR");
            }
        }
    }

    /** Each of these takes hours for a page. */
    @Test
    @Timeout(60)
    void jobsThatComputeWithoutEndHoldUpNobody() throws Exception {
        try (Site site = new Site("Docs"); ServiceProcess service = ServiceProcess.start(folder)) {
            for (String selector : List.of("xpath: 'count(//*[count(//*[count(//*) > 0]) > 0])'",
                    "css: ':has(:has(:contains(zz)))'")) {
                String crawl = service.client().submit(site.job("/large/").replace("css: h1", selector));
                await().until(() -> service.client().text(crawl + "/tasks").contains("\"parse\""));
            }
            String good = service.client().submit(site.job("/"));
            assertThat(service.client().awaitState(good, "finished").at("/progress/ok").asInt()).isEqualTo(11);
            for (int i = 0; i < 20; i++) {
                long asked = System.nanoTime();
                assertThat(service.client().text("/health/live")).isNotEmpty();
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
            }

            service.signal("TERM");
            await().until(() -> service.stderr().contains("stopping"));
            service.signal("TERM");
            assertThat(service.exitCode()).as(service.stderr()).isZero();
        }
    }
}
