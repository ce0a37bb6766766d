package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scraper serve --check}, on its own and next to a service. */
@Timeout(60)
class ServeCheckTest {

    @TempDir
    private Path folder;

    private Path data;
    private CommandRun command;

    @BeforeEach
    void unpack() throws Exception {
        data = Files.createDirectory(folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        StoredFolders.unpack("version1b/data-killed", data);
        command = new CommandRun(folder);
    }

    private int check() {
        return command.run("serve", "--check", data.toString());
    }

    @Test
    void aFolderInOrderIsDescribed() {
        assertThat(check()).as(command.out()).isZero();
        assertThat(command.out()).contains("data folder " + data, "  no service uses the folder\n",
                "  crawls in the history: 12 (1 cancelled, 1 draining, 6 finished, 2 queued, 2 running)\n",
                "  folders of crawls: 12, which take ", "\nnothing is wrong\n");
        assertThat(command.err()).isEmpty();
    }

    @Test
    void whatIsWrongComesWithWhatHelps() throws Exception {
        for (String part : new String[]{"", "-wal", "-shm"}) {
            Files.delete(data.resolve("history.db" + part));
        }
        Files.createDirectory(data.resolve("crawls").resolve("lost+found"));
        assertThat(check()).isEqualTo(4);
        assertThat(command.out()).containsPattern("\n +where +what is wrong +what helps\n")
                .containsPattern("\n +history.db +is missing +restore it from a backup, or let the next start")
                .containsPattern("\n +crawls/[0-9a-z]{17} +is not in the history +the next start adds it")
                .contains("  crawls/lost+found is not the service's, which does not touch it\n")
                .doesNotContain("no service can use");
    }

    @Test
    void aFolderOfANewerVersionIsRefusedByBothWithTheReason() throws Exception {
        try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                Statement statement = history.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThat(check()).isEqualTo(2);
        assertThat(command.out()).contains("written by a newer version of this program",
                "no service can use this folder");

        assertThat(command.run("serve", "--port", "0", "--data", data.toString())).isEqualTo(2);
        assertThat(command.err()).contains("the history was written by a newer version of this program",
                "start that version");
    }

    @Test
    void aFolderThatIsMissingIsNotMade() {
        Path missing = folder.resolve("missing");
        assertThat(command.run("serve", "--check", missing.toString())).isEqualTo(2);
        assertThat(command.out()).contains("does not exist");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aServiceThatRunsMayBeLookedAt() throws Exception {
        try (Site site = new Site("Docs");
                RunningCommand service = RunningCommand.start(folder, "serve", "--port", "0", "--data",
                        folder.resolve("used").toString(), "--config", Files.writeString(folder.resolve("service.yaml"),
                                "network: {allowPrivateAddresses: true}\n").toString())) {
            service.client().submit(site.job("/"));
            service.client().awaitCrawl("test");

            assertThat(command.run("serve", "--check", folder.resolve("used").toString())).as(command.out()).isZero();
            assertThat(command.out()).contains("a service uses the folder", "crawls in the history: 1 (1 ");
            CommandRun second = new CommandRun(folder);
            assertThat(second.run("serve", "--port", "0", "--data", folder.resolve("used").toString()))
                    .as("the lock is still held")
                    .isEqualTo(2);
            service.terminate();
            assertThat(service.exitCode()).isZero();
        }
    }
}
