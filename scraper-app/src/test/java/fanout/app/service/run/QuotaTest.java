package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaTest {

    @TempDir
    private Path folder;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private Quota.LimitedFile file(Quota quota) throws IOException {
        return new Quota.LimitedFile(FileChannel.open(folder.resolve("lines"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE), quota);
    }

    /** Takes what is left, and not one byte more. */
    private static void assertLeft(Quota quota, long bytes) throws IOException {
        assertThatThrownBy(() -> quota.take(bytes + 1)).isInstanceOf(Quota.ExceededException.class);
        quota.take(bytes);
        quota.giveBack(bytes);
    }

    @Test
    void theLastByteIsTakenAndNotOneMore() throws IOException {
        Quota quota = new Quota(10, 4);
        quota.take(6);
        assertThatThrownBy(() -> quota.take(1)).isInstanceOf(IOException.class)
                .hasMessageContaining("maxBytesPerCrawl, 10 bytes");
    }

    /** The outputs of a crawl share a quota: a line that is too long for one leaves room for another's. */
    @Test
    void whatIsRefusedTakesNothing() {
        Quota quota = new Quota(10, 4);
        assertThatThrownBy(() -> quota.take(7)).isInstanceOf(IOException.class);
        assertThatCode(() -> quota.take(6)).doesNotThrowAnyException();
    }

    @Test
    void aSixteenthButNoMoreThan64KiBIsKeptBackForTheReport() throws IOException {
        assertLeft(new Quota(160, 0), 150);
        assertLeft(new Quota(16 << 20, 0), (16 << 20) - (64 << 10));
    }

    /** Of 800 bytes 50 are kept back; with less than 100 of the others left, no URL is admitted. */
    @Test
    void anEighthIsLeftForThePagesOfUrlsThatAreKnown() throws IOException {
        Quota quota = new Quota(800, 0);
        quota.take(500);
        quota.reserve(149);
        assertThat(quota.hasRoom()).isTrue();
        quota.reserve(1);
        assertThat(quota.hasRoom()).isFalse();
    }

    @Test
    void aQuotaIsSpentOnceAllIsTakenOrReserved() throws IOException {
        Quota quota = new Quota(800, 0);
        quota.take(500);
        quota.reserve(249);
        assertThat(quota.isSpent()).isFalse();
        quota.reserve(1);
        assertThat(quota.isSpent()).isTrue();
        quota.reserve(-250);
        assertThat(quota.isSpent()).isFalse();
        quota.reserve(-400); // more lines have come than were reserved
        quota.take(250);
        assertThat(quota.isSpent()).as("what comes unreserved adds nothing").isTrue();
    }

    @Test
    void aFileTakesWhatItWritesAndGivesBackWhatItLoses() throws IOException {
        Quota quota = new Quota(10, 0);
        try (Quota.LimitedFile file = file(quota)) {
            assertThat(file.write(bytes("ab"))).isEqualTo(2);
            assertThat(file.write(bytes("cd"), 2)).isEqualTo(2);
            file.position(4);
            assertThat(file.write(new ByteBuffer[]{bytes("none"), bytes("e"), bytes("fg"), bytes("none")}, 1, 2))
                    .isEqualTo(3);
            assertThat(folder.resolve("lines")).hasContent("abcdefg");
            assertLeft(quota, 3);
            assertThatThrownBy(() -> file.write(bytes("hijk"))).isInstanceOf(Quota.ExceededException.class);
            assertThatThrownBy(() -> file.write(bytes("hijk"), 7)).isInstanceOf(Quota.ExceededException.class);
            assertThat(folder.resolve("lines")).hasContent("abcdefg");

            assertThat(file.truncate(5)).isSameAs(file);
            assertLeft(quota, 5);
            file.truncate(9);
            assertLeft(quota, 5);
        }
        assertThat(folder.resolve("lines")).hasContent("abcde");
    }

    /** A disk that is full takes nothing of the quota. */
    @Test
    void aWriteThatFailsTakesNothing() throws IOException {
        Quota quota = new Quota(10, 0);
        Files.createFile(folder.resolve("lines"));
        try (Quota.LimitedFile file = new Quota.LimitedFile(FileChannel.open(folder.resolve("lines")), quota)) {
            assertThatThrownBy(() -> file.write(bytes("ab"))).isInstanceOf(NonWritableChannelException.class);
        }
        assertLeft(quota, 10);
    }

    @Test
    void whatAFileDoesElseIsTheFilesOwn() throws IOException {
        try (Quota.LimitedFile file = file(new Quota(100, 0))) {
            file.write(bytes("abcdef"));
            assertThat(file.size()).isEqualTo(6);
            assertThat(file.position()).isEqualTo(6);
            assertThat(file.position(1)).isSameAs(file);
            ByteBuffer read = ByteBuffer.allocate(2);
            assertThat(file.read(read)).isEqualTo(2);
            assertThat(read.array()).asString(UTF_8).isEqualTo("bc");
            assertThat(file.read(read.clear(), 4)).isEqualTo(2);
            assertThat(read.array()).asString(UTF_8).isEqualTo("ef");
            ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
            assertThat(file.read(parts, 0, 2)).isEqualTo(3);
            assertThat(parts[1].array()).asString(UTF_8).isEqualTo("ef");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(file.transferTo(1, 3, Channels.newChannel(out))).isEqualTo(3);
            assertThat(out.toString(UTF_8)).isEqualTo("bcd");
            try (FileLock lock = file.lock(0, 1, false)) {
                assertThat(lock.isValid()).isTrue();
            }
            try (FileLock lock = file.tryLock(0, 1, false)) {
                assertThat(lock.isValid()).isTrue();
            }
            file.force(true);
        }
    }

    @Test
    void aFileThatIsClosedClosesTheFileBelow() throws IOException {
        FileChannel below = FileChannel.open(folder.resolve("lines"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        new Quota.LimitedFile(below, new Quota(10, 0)).close();
        assertThat(below.isOpen()).isFalse();
    }
}
