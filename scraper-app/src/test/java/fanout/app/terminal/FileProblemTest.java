package fanout.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir
    private Path folder;

    @Test
    void aFolderThatIsReadOrWrittenIsSaidToBeOne() {
        IOException reading = catchThrowableOfType(IOException.class, () -> Files.readString(folder));
        IOException writing = catchThrowableOfType(IOException.class, () -> Files.writeString(folder, "x"));

        assertThat(FileProblem.reason(folder, reading)).isEqualTo("it is a directory");
        assertThat(FileProblem.reason(folder, writing)).isEqualTo("it is a directory");
    }

    @Test
    void aFileOnTheWayIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path below = file.resolve("deep/pages.jsonl");
        IOException e = catchThrowableOfType(IOException.class, () -> Files.createDirectories(below.getParent()));

        assertThat(FileProblem.reason(below, e)).isEqualTo(file + " is a file, not a directory");
    }

    @Test
    void whatIsMissingAndWhatIsForbiddenIsSaid() {
        Path missing = folder.resolve("missing");
        IOException e = catchThrowableOfType(IOException.class, () -> Files.readString(missing));

        assertThat(FileProblem.reason(missing, e)).isEqualTo("no such file or directory");
        assertThat(FileProblem.reason(missing, new AccessDeniedException(missing.toString())))
                .isEqualTo("permission denied");
        assertThat(FileProblem.reason(missing, new AccessDeniedException(folder.toString())))
                .isEqualTo(folder + ": permission denied");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidInTheSystemsWords() throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            IOException e = catchThrowableOfType(IOException.class, () -> full.write(1));

            assertThat(FileProblem.reason(Path.of("/dev/full"), e)).isEqualTo("no space left on device");
        }
    }

    @Test
    void namesAndAbbreviationsKeepTheirCase() {
        assertThat(FileProblem.reason(folder, new IOException("NFS server"))).isEqualTo("NFS server");
        assertThat(FileProblem.reason(folder, new IOException())).isEqualTo("IOException");
        assertThat(FileProblem.reason(folder, new FileSystemException(folder.toString(), null, "is not writable")))
                .isEqualTo("it is not writable");
    }
}
