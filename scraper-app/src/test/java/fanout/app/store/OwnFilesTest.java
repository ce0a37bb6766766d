package fanout.app.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.OddFile;
import fanout.app.store.OwnFiles.UnusableException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** The opening of a pipe would not return. */
    @ParameterizedTest
    @EnumSource
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void nothingButARegularFileIsOpened(OddFile odd) throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "not the service's");
        Path file = folder.resolve("f");
        odd.replace(file, target);
        refuses(() -> OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                odd);
        refuses(() -> OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), odd);
        refuses(() -> OwnFiles.read(file), odd);
        refuses(() -> OwnFiles.read(file, 100), odd);
        refuses(() -> OwnFiles.size(file), odd);
        refuses(() -> OwnFiles.append(file), odd);
        assertThat(OwnFiles.odd(file)).contains(odd.words());
        assertThat(target).hasContent("not the service's");
    }

    private static void refuses(ThrowingCallable opening, OddFile odd) {
        assertThatThrownBy(opening).isInstanceOfSatisfying(UnusableException.class, refused -> assertThat(refused)
                .extracting(UnusableException::why)
                .isEqualTo("f " + odd.words() + ", and the service uses regular files only"));
    }

    @Test
    void aFileIsNotMadeWhereALinkLeads() throws IOException {
        Path file = Files.createSymbolicLink(folder.resolve("f"), folder.resolve("missing"));
        OwnFiles.create(file);
        refuses(() -> OwnFiles.append(file), OddFile.LINK);
        refuses(() -> OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), OddFile.LINK);
        assertThat(folder.toFile().list()).containsExactly("f");
    }

    /** The link itself is replaced: what it leads to is no part of the folder. */
    @Test
    void aFileIsWrittenInTheLinksPlace() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "not the service's");
        for (String name : new String[]{"report.json", "report.json.tmp"}) {
            Files.createSymbolicLink(folder.resolve(name), target);
        }
        OwnFiles.write(folder.resolve("report.json"), "{}".getBytes(UTF_8));
        assertThat(Files.isSymbolicLink(folder.resolve("report.json"))).isFalse();
        assertThat(folder.resolve("report.json")).hasContent("{}");
        assertThat(target).hasContent("not the service's");
    }

    @Test
    void aFileIsReadUpToItsMostBytes() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "12345");
        assertThat(OwnFiles.read(file, 5)).asString().isEqualTo("12345");
        assertThatThrownBy(() -> OwnFiles.read(file, 4)).isInstanceOf(UnusableException.class)
                .hasMessageContaining("f: is longer than 4 bytes");
        assertThat(OwnFiles.size(file)).isEqualTo(5);
        try (FileChannel opened = OwnFiles.read(file)) {
            assertThat(opened.size()).isEqualTo(5);
        }
    }

    @Test
    void aFileThatIsTooLargeForTheMemoryIsRefused() throws IOException {
        Path file = folder.resolve("f");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(10L << 30);
        }
        assertThatThrownBy(() -> OwnFiles.read(file, 1 << 20)).isInstanceOf(UnusableException.class);
    }

    @Test
    void aMissingFileHasNoBytes() throws IOException {
        Path file = folder.resolve("f");
        assertThat(OwnFiles.size(file)).isZero();
        assertThatThrownBy(() -> OwnFiles.read(file, 1)).isInstanceOf(NoSuchFileException.class);
        assertThat(OwnFiles.odd(file)).isEmpty();
    }
}
