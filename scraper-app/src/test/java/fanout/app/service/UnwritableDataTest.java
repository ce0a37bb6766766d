package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose data folder cannot take crawls any more says so, and why, and takes them again when it can. */
class UnwritableDataTest {

    private static final String READY = "/health/ready";

    @TempDir
    private Path folder;

    /** Brings the folder out of order, or back. */
    @FunctionalInterface
    private interface Change {
        void run() throws IOException;
    }

    private void refuses(String why, Change change, Change back) throws Exception {
        Path data = folder.resolve("data");
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            change.run();
            await().until(() -> service.get(READY).status() == 503);
            assertThat(service.get(READY).json().get("reason").stringValue()).contains(why)
                    .doesNotContain(data.toString());
            assertThat(service.get("/health/live").status()).isEqualTo(200);

            Answer refused = service.submit(site.job("/"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Content-Type")).contains("application/problem+json");
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(refused.json().toString()).contains("no crawl can be kept", why);

            back.run();
            await().until(() -> service.get(READY).status() == 200);
            service.awaitState(service.submitted(site.job("/")), "finished");
        }
    }

    @Test
    void aFolderThatHasVanished() throws Exception {
        Path data = folder.resolve("data");
        Path moved = folder.resolve("moved");
        refuses("the data folder has vanished", () -> Files.move(data, moved), () -> Files.move(moved, data));
    }

    @Test
    void aFolderThatWasReplacedByAnother() throws Exception {
        Path data = folder.resolve("data");
        Path moved = folder.resolve("moved");
        refuses("the data folder was replaced", () -> {
            Files.move(data, moved);
            Files.createDirectories(data.resolve("crawls"));
            Files.createFile(data.resolve("lock"));
        }, () -> {
            Files.delete(data.resolve("lock"));
            Files.deleteIfExists(data.resolve("crawls"));
            Files.delete(data);
            Files.move(moved, data);
        });
    }

    /** The service finds out by writing a file, which must not end in the file that a link leads to. */
    @Test
    void aLinkInPlaceOfTheProbe() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "not the service's");
        Path probe = folder.resolve("data/crawls/.probe");
        refuses("cannot be written: .probe is a symbolic link", () -> Files.createSymbolicLink(probe, target),
                () -> Files.delete(probe));
        assertThat(target).hasContent("not the service's");
    }
}
