package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientOpeningTest {

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger waits = new AtomicInteger();

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    private FileChannel open(Path path, Duration patience) throws IOException {
        return PatientOpening.of(path, patience, waits::incrementAndGet,
                () -> FileChannel.open(path, StandardOpenOption.WRITE));
    }

    @Test
    void aPipeWithoutAReaderIsAnExceptionInTime() throws IOException, InterruptedException {
        Path pipe = pipe();

        assertThatThrownBy(() -> open(pipe, Duration.ofMillis(50))).isInstanceOf(FileSystemException.class)
                .hasMessageContaining("start its reader first");
        assertThat(waits).as("said once, before the wait").hasValue(1);

        letTheOpenerGo(pipe);
    }

    @Test
    void aPipeThatHasAReaderIsNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = pipe();
        try (RandomAccessFile _ = new RandomAccessFile(pipe.toFile(), "rw"); // which opens without its other end
                FileChannel channel = open(pipe, Duration.ofMinutes(1))) {
            assertThat(channel.isOpen()).isTrue();
        }
        assertThat(waits).hasValue(0);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws IOException, InterruptedException {
        Path pipe = pipe();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> open(pipe, Duration.ofMinutes(1))).isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        letTheOpenerGo(pipe);
    }

    /** A reader ends the wait of the thread in the kernel. */
    private static void letTheOpenerGo(Path pipe) throws IOException {
        try (FileChannel reader = FileChannel.open(pipe, StandardOpenOption.READ)) {
            assertThat(reader.isOpen()).isTrue();
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() {
        assertThatThrownBy(() -> open(folder.resolve("nothing"), Duration.ofMinutes(1)))
                .isInstanceOf(NoSuchFileException.class);
    }
}
