package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OutputFileTest {

    private static final byte[] LINE = ("x".repeat(999) + "\n").getBytes(UTF_8);

    @TempDir
    private Path folder;

    @Test
    void foldersAreCreatedAndAnExistingFileIsReplaced() throws IOException {
        Path path = folder.resolve("a/b/lines.txt");
        for (String text : new String[]{"a longer first text\n", "short\n"}) {
            try (OutputFile file = OutputFile.create(path)) {
                file.line().write(text.getBytes(UTF_8));
                file.endLine();
            }
            assertThat(path).hasContent(text);
        }
    }

    @Test
    void onlyWholeLinesReachTheFile() throws IOException {
        Path path = folder.resolve("lines.txt");
        try (OutputFile file = OutputFile.create(path)) {
            for (int i = 0; i < 1000; i++) {
                file.line().write(LINE, 0, 500);
                file.flush();
                file.line().write(LINE, 500, 500);
                file.endLine();
                assertThat(Files.size(path)).isBetween(i * 1000L, i * 1000L + 1000).matches(size -> size % 1000 == 0);
            }
            file.line().write("never ended".getBytes(UTF_8));
        }
        assertThat(path).hasContent(new String(LINE, UTF_8).repeat(1000));
    }

    @Test
    void linesAreWrittenWithoutAFlushOnceThereAreEnoughOfThem() throws IOException {
        Path path = folder.resolve("lines.txt");
        try (OutputFile file = OutputFile.create(path)) {
            file.line().write(LINE);
            file.endLine();
            assertThat(path).isEmptyFile();
            for (int i = 0; i < 99; i++) {
                file.line().write(LINE);
                file.endLine();
            }
            assertThat(Files.size(path)).isGreaterThan(60_000);
        }
    }

    /** A batch of 64 KiB is enough, one byte less is not. */
    @Test
    void enoughLinesAreSixtyFourKibibytes() throws IOException {
        Path path = folder.resolve("lines.txt");
        try (OutputFile file = OutputFile.create(path)) {
            file.write("x".repeat((64 << 10) - 2).getBytes(UTF_8));
            file.write("\n".getBytes(UTF_8));
            assertThat(path).isEmptyFile();
            file.write("y".getBytes(UTF_8));
            assertThat(Files.size(path)).isEqualTo(64 << 10);
        }
    }

    @Test
    void aLineThatIsFlushedHalfwayGoesOnAfterTheLinesBeforeIt() throws IOException {
        Path path = folder.resolve("lines.txt");
        String huge = "h".repeat(3 << 20);
        try (OutputFile file = OutputFile.create(path)) {
            file.line().write("first\nhalf ".getBytes(UTF_8), 0, 6);
            file.endLine();
            file.line().write("half ".getBytes(UTF_8));
            file.flush();
            assertThat(path).hasContent("first");
            file.line().write("and half\n".getBytes(UTF_8));
            file.endLine();
            file.line().write(huge.getBytes(UTF_8));
            file.flush();
            file.write("\n".getBytes(UTF_8));
            file.write("last\n".getBytes(UTF_8));
        }
        assertThat(path).hasContent("first\nhalf and half\n" + huge + "\nlast");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChannelSaysWhatItWroteAndWhetherItIsOpen(boolean virtual) throws Exception {
        Path path = folder.resolve("bytes");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        InterruptibleWrites writes = new InterruptibleWrites(channel);
        try (writes) {
            FutureTask<Integer> writing = new FutureTask<>(() -> writes.write(ByteBuffer.wrap(LINE)));
            (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(writing);
            assertThat(writing.get()).isEqualTo(LINE.length);
            assertThat(writes.isOpen()).isTrue();
        }
        assertThat(writes.isOpen()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        RegularFile file = RegularFile.open(path);
        try (file) {
            assertThat(file.write(ByteBuffer.wrap(LINE))).isEqualTo(LINE.length);
            assertThat(file.isOpen()).isTrue();
        }
        assertThat(file.isOpen()).isFalse();
        assertThat(path).hasBinaryContent(LINE);
    }

    @Test
    void unpairedSurrogatesAreReplacedAndPairsAreKept() {
        assertThat(JsonValues.wellFormed("a\ud800b")).isEqualTo("a\ufffdb");
        assertThat(JsonValues.wellFormed("a\udfff")).isEqualTo("a\ufffd");
        assertThat(JsonValues.wellFormed("\udbff\udfff\ue000\ud7ff")).isEqualTo("\udbff\udfff\ue000\ud7ff");
    }

    @Test
    void aFileThatAnotherCrawlIsWritingIsRefusedAndStaysAsItIs() throws IOException {
        Path path = folder.resolve("lines.txt");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), path);
        try (OutputFile file = OutputFile.create(path)) {
            file.write(LINE);
            file.flush();
            System.gc(); // the JDK forgets locks that are not reachable
            assertThatThrownBy(() -> OutputFile.create(link)).isInstanceOf(FileSystemException.class)
                    .hasMessage(link + ": another crawl is writing it");
            file.write(LINE);
        }
        assertThat(path).hasContent(new String(LINE, UTF_8).repeat(2));

        OutputFile.create(link).close();
        assertThat(path).isEmptyFile();
    }

    @Test
    void aFullDiskIsAnExceptionAndClosingDoesNotTryAgain() throws IOException {
        OutputFile file = OutputFile.create(Path.of("/dev/full"));
        file.line().write(LINE);
        file.endLine();
        assertThatThrownBy(file::flush).isInstanceOf(IOException.class).hasMessageContaining("space");
        file.close();
    }

    @Test
    void afterATornWriteNothingMoreIsWritten() throws IOException {
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        AtomicInteger writes = new AtomicInteger();
        OutputFile file = OutputFile.on(new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                if (writes.incrementAndGet() == 2) {
                    throw new IOException("full for a moment");
                }
                byte[] part = new byte[writes.get() == 1 ? 10 : bytes.remaining()];
                bytes.get(part);
                disk.writeBytes(part);
                return part.length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });
        file.line().write(LINE);
        file.endLine();
        assertThatThrownBy(file::flush).hasMessage("full for a moment");
        assertThatThrownBy(file::flush).isInstanceOf(IOException.class).hasMessageContaining("earlier write");
        file.close();
        assertThat(disk.toString(UTF_8)).isEqualTo("x".repeat(10));
    }

    @Test
    void aPipeThatLosesItsReaderIsAnException() throws Exception {
        Path pipe = pipe();
        CompletableFuture<FileInputStream> reader = opened(pipe);
        OutputFile file = OutputFile.create(pipe);
        reader.get().close();
        file.line().write(LINE);
        file.endLine();
        assertThatThrownBy(file::flush).isInstanceOf(IOException.class).hasMessageContaining("pipe");
        file.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriterBlockedOnAFullPipeEndsWhenInterrupted(boolean virtual) throws Exception {
        Path pipe = pipe();
        CompletableFuture<FileInputStream> opening = opened(pipe);
        OutputFile file = OutputFile.create(pipe);
        try (FileInputStream reader = opening.get()) {
            FutureTask<Void> writing = new FutureTask<>(() -> {
                while (true) {
                    file.line().write(LINE);
                    file.endLine();
                }
            });
            Thread writer = virtual ? Thread.startVirtualThread(writing) : Thread.ofPlatform().start(writing);
            int full = 64 << 10;
            await().until(() -> reader.available() >= full);
            writer.interrupt();
            assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
            assertThatThrownBy(writing::get).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ClosedByInterruptException.class);
            file.close(); // returns, although nothing was read
        }
    }

    private Path pipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    /** Opening a pipe waits for its other end. */
    private static CompletableFuture<FileInputStream> opened(Path pipe) {
        CompletableFuture<FileInputStream> reader = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                reader.complete(new FileInputStream(pipe.toFile()));
            } catch (IOException e) {
                reader.completeExceptionally(e);
            }
        });
        return reader;
    }
}
