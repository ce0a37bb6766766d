package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.store.DataCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
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

    /** {@code tar -p}, run by root, restores owners; the service is another user. */
    @Test
    @EnabledIf(value = "isRoot", disabledReason = "only root makes files of another user")
    void aHistoryInABackupBelongsToTheService() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data/crawls")).getParent();
        Files.writeString(data.resolve("history.db"), "a database");
        run("chown", "-R", "61999:61999", data.toString());
        Path sqlite = Files.createDirectory(folder.resolve("bin")).resolve("sqlite3");
        Files.writeString(sqlite, "#!/bin/sh\nto=${2#*\\'}\necho copied >\"${to%\\'}\"\n");
        Files.setPosixFilePermissions(sqlite, PosixFilePermissions.fromString("rwx------"));
        Path archive = folder.resolve("backup.tar");
        run("sh", "-c", "PATH=\"$1:$PATH\" exec ../deploy/backup \"$2\" \"$3\"", "sh", sqlite.getParent().toString(),
                data.toString(), archive.toString());

        run("tar", "--numeric-owner", "-tvf", archive.toString());

        assertThat(Files.readAllLines(folder.resolve("said"))).hasSize(2)
                .allMatch(line -> line.contains(" 61999/61999 "))
                .anyMatch(line -> line.endsWith(" history.db"));
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void aCrawlThatEndsMeanwhileDoesNotFailABackup() throws Exception {
        Path crawl = Files.createDirectories(folder.resolve("data/crawls/0mwwm3yivf20nkxbi"));
        for (String file : List.of("job", "pages.jsonl", "crawl.journal")) {
            Files.writeString(crawl.resolve(file), file);
        }
        Path tar = Files.createDirectory(folder.resolve("bin")).resolve("tar");
        Files.writeString(tar, """
                #!/bin/sh
                case $* in *journals) rm '%s' ;; esac
                PATH=${PATH#*:} exec tar "$@"
                """.formatted(crawl.resolve("crawl.journal")));
        Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwx------"));
        Path archive = folder.resolve("backup.tar");
        run("sh", "-c", "PATH=\"$1:$PATH\" exec ../deploy/backup \"$2\" \"$3\"", "sh", tar.getParent().toString(),
                folder.resolve("data").toString(), archive.toString());
        Path restored = Files.createDirectory(folder.resolve("restored"));
        run("tar", "-xf", archive.toString(), "-C", restored.toString());
        assertThat(restored.resolve("crawls/0mwwm3yivf20nkxbi").toFile().list())
                .containsExactlyInAnyOrder("job", "pages.jsonl");
    }
}
