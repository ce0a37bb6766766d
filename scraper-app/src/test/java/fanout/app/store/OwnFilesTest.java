package fanout.app.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {

    @TempDir
    private Path folder;

    @Test
    void aFileIsWrittenByAThreadThatIsInterrupted() throws IOException {
        Path file = folder.resolve("report.json");
        Files.writeString(folder.resolve("report.json.tmp"), "of a process that was killed");
        Thread.currentThread().interrupt();
        OwnFiles.write(file, "{}".getBytes(UTF_8));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("{}");
        assertThat(folder.toFile().list()).containsExactly("report.json");
    }

    @Test
    void whatIsWrittenOrAppendedIsTheUsersAlone() throws IOException {
        Path written = folder.resolve("written");
        OwnFiles.write(written, new byte[1]);
        Path appended = folder.resolve("appended");
        try (OutputStream out = OwnFiles.append(appended)) {
            out.write(1);
        }
        for (Path file : new Path[]{written, appended}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }
}
