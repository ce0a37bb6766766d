package fanout.app.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.http.RequestListener.Answered;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    private static final long MOST_BYTES = 16L << 20;

    @TempDir
    private Path folder;

    private Path file;
    private Path setAside;

    @BeforeEach
    void name() {
        file = folder.resolve("access.jsonl");
        setAside = folder.resolve("access.jsonl.1");
    }

    private static Answered request(int status) {
        return new Answered(Instant.parse("2030-01-02T03:04:05.678Z"), "127.0.0.1", Optional.of("ci"), "GET", "/a/{id}",
                "/a/7", status,
                1234, Duration.ofMillis(56), true);
    }

    private static String line(int status) {
        return """
                {"time":"2030-01-02T03:04:05.678Z","remote":"127.0.0.1","token":"ci","method":"GET","path":"/a/7","route":"/a/{id}",\
                "status":%d,"bytes":1234,"ms":56,"complete":true}"""
                .formatted(status);
    }

    private static void grow(Path file, long bytes) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
    }

    @Test
    void eachRequestIsALineBehindThoseOfEarlierRuns() throws IOException {
        try (AccessLog log = AccessLog.open(file)) {
            log.answered(request(200));
            log.answered(request(404));
        }
        try (AccessLog log = AccessLog.open(file)) {
            log.answered(request(500));
        }
        assertThat(file).content().isEqualTo(line(200) + "\n" + line(404) + "\n" + line(500) + "\n");
        assertThat(setAside).doesNotExist();
    }

    @Test
    void theRequestOfAnInterruptedThreadIsALineLikeOthers() throws IOException {
        try (AccessLog log = AccessLog.open(file)) {
            Thread.currentThread().interrupt();
            log.answered(request(200));
            assertThat(Thread.interrupted()).isTrue();
            log.answered(request(404));
        }
        assertThat(file).content().isEqualTo(line(200) + "\n" + line(404) + "\n");
    }

    @Test
    void aFileThatIsTooLargeIsSetAside() throws IOException {
        grow(file, MOST_BYTES);
        try (AccessLog log = AccessLog.open(file)) {
            log.answered(request(200));
            assertThat(setAside).as("it was not too large yet").doesNotExist();
            log.answered(request(201));
            log.answered(request(202));
        }
        assertThat(setAside).hasSize(MOST_BYTES + line(200).length() + 1);
        assertThat(file).content().isEqualTo(line(201) + "\n" + line(202) + "\n");
    }

    @Test
    void theFileThatWasSetAsideBeforeIsReplaced() throws IOException {
        Files.writeString(setAside, "old");
        grow(file, MOST_BYTES + 1);
        try (AccessLog log = AccessLog.open(file)) {
            log.answered(request(200));
        }
        assertThat(setAside).hasSize(MOST_BYTES + 1);
        assertThat(file).content().isEqualTo(line(200) + "\n");
    }

    @Test
    void aFileThatSomebodyElseHasTakenAwayIsMadeAnew() throws IOException {
        grow(file, MOST_BYTES + 1);
        try (AccessLog log = AccessLog.open(file)) {
            Files.delete(file);
            log.answered(request(200));
        }
        assertThat(setAside).doesNotExist();
        assertThat(file).content().isEqualTo(line(200) + "\n");
    }

    @Test
    void theFileThatALinkLeadsToGetsNoLines() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "not the service's");
        Files.createSymbolicLink(file, target);
        assertThatThrownBy(() -> AccessLog.open(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("access.jsonl: is a symbolic link");
        assertThat(target).hasContent("not the service's");
    }

    /** A line is lost while the file cannot be set aside, and the next ones are written as soon as it can. */
    @Test
    void itGoesOnWhenAFileThatCouldNotBeSetAsideCan() throws IOException {
        Path inTheWay = Files.createDirectories(setAside.resolve("folder"));
        grow(file, MOST_BYTES + 1);
        try (AccessLog log = AccessLog.open(file)) {
            log.answered(request(200));
            log.answered(request(201));
            assertThat(file).hasSize(MOST_BYTES + 1);
            Files.delete(inTheWay);
            log.answered(request(202));
        }
        assertThat(setAside).hasSize(MOST_BYTES + 1);
        assertThat(file).content().isEqualTo(line(202) + "\n");
    }
}
