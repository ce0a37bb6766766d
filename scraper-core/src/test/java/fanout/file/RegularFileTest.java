package fanout.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFileTest {

    private static final byte[] LINE = "0123456789\n".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private OutputFile onADiskOf(long bytes, Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return OutputFile.on(RegularFile.on(new SmallDisk(file, bytes), path));
    }

    @Test
    void aFullDiskLeavesTheLinesOfEarlierWritesAndNoPartOfALine() throws IOException {
        Path path = folder.resolve("lines.txt");
        try (OutputFile file = onADiskOf(2 * LINE.length + 4, path)) {
            file.write(LINE);
            file.write(LINE);
            file.flush();
            file.write(LINE);

            assertThatThrownBy(file::flush).hasMessage("No space left on device");
            assertThat(path).hasContent(new String(LINE, UTF_8).repeat(2));
            assertThatThrownBy(file::flush).hasMessageContaining("earlier write");
        }
        assertThat(path).hasContent(new String(LINE, UTF_8).repeat(2));
    }

    @Test
    void aFileSystemWithoutLocksIsWritten() throws IOException {
        Path path = Files.writeString(folder.resolve("lines.txt"), "of an earlier crawl");
        try (OutputFile file = onADiskOf(100, path)) {
            file.write(LINE);
        }
        assertThat(path).hasBinaryContent(LINE);
    }
}
