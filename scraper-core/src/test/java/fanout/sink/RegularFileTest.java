package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.journal.CountedSpace;
import fanout.journal.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    private FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Test
    void aFileTakesWhatItWritesAndGivesBackWhatItLoses() throws IOException {
        Path path = Files.writeString(folder.resolve("lines.txt"), "of a run before\nwithout its end");
        CountedSpace space = new CountedSpace();
        try (OutputFile file = OutputFile.resume(open(path), "lines", space)) {
            file.resumeAt(Position.at("of a run before\n".length()));
            file.write(LINE);
            file.flush();
            assertThat(space.taken).as("the line was taken, and the end that was cut given back")
                    .hasValue(LINE.length - "without its end".length());

            space.takes = LINE.length - 1L;
            file.write(LINE);
            assertThatThrownBy(file::flush).isSameAs(space.exceeded());
            assertThat(space.taken).as("what is refused takes nothing")
                    .hasValue(LINE.length - "without its end".length());
        }
        assertThat(path).hasContent("of a run before\n" + new String(LINE, UTF_8));
    }

    /** A disk that is full takes nothing of the space, however much of a line was written. */
    @Test
    void aWriteThatFailsTakesNothing() throws IOException {
        Path path = folder.resolve("lines.txt");
        CountedSpace space = new CountedSpace();
        try (RegularFile file = RegularFile.unlocked(new SmallDisk(open(path), LINE.length + 4), space)) {
            file.write(ByteBuffer.wrap(LINE));
            assertThat(space.taken).hasValue(LINE.length);
            assertThatThrownBy(() -> file.write(ByteBuffer.wrap(LINE))).hasMessage("No space left on device");
            assertThat(space.taken).hasValue(LINE.length);
        }
        assertThat(path).hasBinaryContent(LINE);
    }

    /** What cannot be cut off again lies there, and counts. */
    @Test
    void whatAFailedWriteLeavesIsTaken() throws IOException {
        CountedSpace space = new CountedSpace();
        FileChannel disk = open(folder.resolve("lines.txt"));
        try (RegularFile file = RegularFile.unlocked(new SmallDisk(disk, 4) {
            @Override
            public FileChannel truncate(long size) throws IOException {
                throw new IOException("cannot be cut");
            }
        }, space)) {
            assertThatThrownBy(() -> file.write(ByteBuffer.wrap(LINE))).hasMessage("No space left on device");
            assertThat(space.taken).hasValue(4);
        }
    }
}
