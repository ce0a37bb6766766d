package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fanout.app.Site;
import fanout.app.StoredFolders;
import fanout.app.store.DataCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data folders on a disk of two megabytes, which becomes full or read-only. Mounting needs rights that not every
 * machine gives.
 */
@EnabledIfSystemProperty(named = "fanout.ci", matches = "true", disabledReason = "mounts a disk: -Dfanout.ci=true")
class MountedDataTest {

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void mount() throws Exception {
        data = Files.createDirectory(folder.resolve("data"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "none", data.toString()), "may not mount");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", data.toString());
    }

    private static boolean run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Path filled() throws IOException {
        Path filler = data.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }

    private Map<String, Long> sizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(data.resolve("crawls"))) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                sizes.put(data.relativize(path).toString(), Files.size(path));
            }
        }
        return sizes;
    }

    @Test
    void aServiceWhoseDiskIsFullTakesCrawlsAgainWhenItIsNot() throws Exception {
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            Path filler = filled();
            await().until(() -> service.get("/health/ready").status() == 503);
            assertThat(service.get("/health/ready").json().get("reason").stringValue()).contains("No space left");
            assertThat(service.submit(site.job("/")).status()).isEqualTo(503);
            Files.delete(filler);
            await().until(() -> service.get("/health/ready").status() == 200);
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
        }
    }

    /**
     * The end is written when there is space for it; the lines are longer than what is left of their file's last page.
     */
    @Test
    void aDiskThatFillsUpIsNoQuotaThatIsReached() throws Exception {
        try (Site site = new Site("Docs ".repeat(1_000)); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/slow/"));
            await().until(() -> site.slowRequests.get() == 10);
            Path filler = filled();
            site.release.countDown();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.get("/metrics")
                            .text()
                            .contains(
                                    "\nscraper_sink_failures_total{crawl_job=\"test\"} 1.0\n"));
            Files.delete(filler);

            assertThat(service.awaitState(crawl, "failed").get("failure").stringValue())
                    .contains("No space left on device");
            assertThat(service.get("/metrics").text().lines()).contains(
                    "scraper_crawls_ended_total{crawl_job=\"test\",result=\"sink\"} 1.0",
                    "scraper_quota_exceeded_total{crawl_job=\"test\"} 0.0");
        }
    }

    @Test
    void aStartOnAFullDiskLosesNothing() throws Exception {
        StoredFolders.unpack("version1b/data-killed", data);
        for (String part : new String[]{"history.db", "history.db-wal", "history.db-shm"}) {
            Files.delete(data.resolve(part));
        }
        Map<String, Long> before = sizes();
        Path filler = filled();
        assertThatThrownBy(() -> RunningService.start(data).close()).isInstanceOf(IOException.class);
        assertThat(sizes()).isEqualTo(before);

        Files.delete(filler);
        try (RunningService service = RunningService.asUsual(data, "resumeOnStart: false\n")) {
            assertThat(service.get(RunningService.CRAWLS).json().get("crawls")).hasSize(12);
        }
    }

    @Test
    void aDiskThatIsReadOnlyIsRefusedWithTheReason() throws Exception {
        StoredFolders.unpack("version1b/data-killed", data);
        Map<String, Long> before = sizes();
        assertThat(run("mount", "-o", "remount,ro", data.toString())).isTrue();

        assertThat(DataCheck.of(data).problems())
                .anyMatch(problem -> problem.isFatal() && problem.what().contains("read-only"));
        assertThatThrownBy(() -> RunningService.start(data).close()).isInstanceOf(IOException.class)
                .hasMessageContaining("Read-only file system");
        assertThat(sizes()).isEqualTo(before);
    }
}
