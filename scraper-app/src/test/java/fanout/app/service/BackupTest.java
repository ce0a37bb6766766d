package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.store.DataCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The backup that deploy/README.md describes, of a service that runs. */
class BackupTest {

    @TempDir
    private Path folder;

    private void run(String... words) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }

    @Test
    void whatRunsAtABackupResumesWhenItIsRestored() throws Exception {
        Path data = folder.resolve("data");
        Path restored = Files.createDirectory(folder.resolve("restored"));
        Path archive = folder.resolve("backup.tar");
        try (SlowCrawls crawls = new SlowCrawls(data)) {
            String finished;
            String running;
            try (RunningService service = crawls.service("")) {
                finished = service.submitted(crawls.site().job("/"));
                service.awaitState(finished, "finished");
                running = crawls.begin(service);
                await().until(() -> service.get(running + "/pages").rows().size() == 1); // it is committed

                run("../deploy/backup", data.toString(), archive.toString());
            }
            run("tar", "-xpf", archive.toString(), "-C", restored.toString());
            assertThat(DataCheck.of(restored).problems()).isEmpty();
            crawls.release();
            try (RunningService service = RunningService.start(restored)) {
                JsonNode before = service.get(finished).json();
                assertThat(before.get("state").stringValue()).isEqualTo("finished");
                assertThat(service.get(finished + "/pages").rows()).hasSize(11);
                service.awaitState(running, "finished");
                assertThat(SlowCrawls.urls(service.get(running + "/pages").rows())).hasSize(11);
                assertThat(service.get(running + "/pages").rows()).hasSize(11);
            }
        }
    }
}
