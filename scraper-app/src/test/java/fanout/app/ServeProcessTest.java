package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper serve} as a process: signals, kills, exit codes. */
class ServeProcessTest {

    @TempDir
    private Path folder;

    @Test
    void aServiceThatIsKilledGoesOnAndEachCrawlEndsOnce() throws Exception {
        try (Site site = new Site("Docs")) {
            String running;
            String finished;
            try (ServiceProcess service = ServiceProcess.start(folder)) {
                finished = service.submit(site.job("/"));
                service.awaitState(finished, "finished");
                running = service.submit(site.job("/slow/"));
                await().until(() -> site.slowRequests.get() == 10);
                await().until(() -> !service.text(running + "/pages").isEmpty()); // what readers have seen must stay
                service.signal("KILL");
                assertThat(service.exitCode()).isEqualTo(137);
            }
            site.release.countDown();
            try (ServiceProcess service = ServiceProcess.start(folder)) {
                JsonNode ended = service.awaitState(running, "finished");
                assertThat(ended.get("finishReason").stringValue()).isEqualTo("exhausted");
                assertThat(service.get(finished).get("state").stringValue()).isEqualTo("finished");
                assertThat(service.get("/api/v1/crawls").get("crawls")).hasSize(2);
                Set<String> urls = new HashSet<>();
                List<String> lines = service.text(running + "/pages").lines().toList();
                lines.forEach(line -> urls.add(new JsonMapper().readTree(line).get("url").stringValue()));
                assertThat(urls).hasSize(11);
                assertThat(lines).hasSize(11);

                service.signal("TERM");
                assertThat(service.exitCode()).as(service.stderr()).isZero();
                assertThat(service.stderr()).contains("stopped").doesNotContain("Exception", "ERROR");
            }
        }
    }

    @Test
    void whatCannotBeServedIsToldWithExitCode2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("cannot listen on 127.0.0.1:", "--port", String.valueOf(taken.getLocalPort()));
        }
        refused("--port must be between", "--port", "65536");
        refused("is not loopback, and without a token", "--host", "0.0.0.0", "--port", "0");
        refused("there is no address", "--host", "no such host", "--port", "0");
        Path config = Files.writeString(folder.resolve("bad.yaml"), "\nmaxQueued: 3\n");
        refused("bad.yaml:2:1: unknown key \"maxQueued\"", "--config", config.toString());
        refused("cannot read", "--config", folder.resolve("none.yaml").toString());
        Path file = Files.writeString(folder.resolve("file"), "");
        refused("cannot use", "--data", file.toString());
        Path token = Files.writeString(folder.resolve("blank"), " \n");
        Files.writeString(config, "tokenFile: " + token + "\n");
        String said = refused("cannot use tokenFile", "--config", config.toString());
        assertThat(said).hasLineCount(1);
    }

    private String refused(String words, String... options) {
        CommandRun run = new CommandRun(folder);
        List<String> all = new ArrayList<>(List.of("serve"));
        if (!List.of(options).contains("--data")) {
            all.addAll(List.of("--data", folder.resolve("data").toString()));
        }
        all.addAll(List.of(options));
        assertThat(run.run(all.toArray(String[]::new))).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(words);
        return run.err();
    }

    /** Both beside another service, so the demo's takes a free port if that one, or anything else, has 8080. */
    @Test
    void theDemosShowTheServiceWithACrawlOfTheShop() throws Exception {
        demo("demo", "--serve", "--output", folder.resolve("demo").toString());
        assertThat(folder.resolve("demo/job.yaml")).content().contains("http://127.0.0.1:");
        demo("serve", "--demo", "--port", "0", "--data", folder.resolve("other").toString());
    }

    private void demo(String... words) throws Exception {
        try (ServiceProcess first = ServiceProcess.startAs(folder, CommandProcess.scraper(words))) {
            JsonNode crawl = await()
                    .until(() -> first.get("/api/v1/crawls").get("crawls"), crawls -> !crawls.isEmpty())
                    .get(0);
            assertThat(crawl.get("name").stringValue()).isEqualTo("demo");
            String path = "/api/v1/crawls/" + crawl.get("id").stringValue();
            await().until(() -> first.get(path).at("/progress/ok").asInt() > 0);
            assertThat(first.stderr()).contains("the demo shop is open at http://127.0.0.1:");
            first.signal("TERM");
            assertThat(first.exitCode()).as(first.stderr()).isZero();
        }
    }

    @Test
    void theShopAloneIsOpenUntilASignal() throws Exception {
        List<String> words = CommandProcess.scraper("demo", "--shop", "--output", folder.toString());
        try (ServiceProcess shop = ServiceProcess.startAs(folder, words)) {
            assertThat(shop.text("/")).contains("<title>");
            shop.signal("TERM");
            assertThat(shop.exitCode()).as(shop.stderr()).isZero();
        }
    }

    @Test
    void aSecondServiceOfAFolderIsRefused() throws Exception {
        try (ServiceProcess _ = ServiceProcess.start(folder)) {
            refused("another service uses the folder", "--port", "0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema --service", "schema"})
    void theSchemasArePrinted(String words) {
        CommandRun run = new CommandRun(folder);
        assertThat(run.run(words.split(" "))).isZero();
        assertThat(new JsonMapper().readTree(run.out()).get("$id").stringValue())
                .isEqualTo(words.contains("service") ? "urn:fanout-scraper:service:1" : "urn:fanout-scraper:job:1");
    }
}
