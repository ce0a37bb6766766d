package fanout.app.service.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.store.CrawlFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewLimitsTest {

    private static final Optional<byte[]> NEW = Optional.of("new".getBytes(UTF_8));

    @TempDir
    private Path path;

    private CrawlFolder folder;

    @BeforeEach
    void someHold() throws IOException {
        folder = new CrawlFolder(path);
        Files.writeString(folder.limits(), "old");
    }

    @Test
    void limitsHoldFromTheMomentAtWhichTheyAreApplied() throws IOException {
        try (NewLimits limits = NewLimits.write(folder, NEW)) {
            assertThat(folder.limits()).hasContent("old");
            limits.apply();
            assertThat(folder.limits()).hasContent("new");
        }
        assertThat(folder.limits()).hasContent("new");
        assertThat(path).isDirectoryNotContaining(file -> !file.equals(folder.limits()));
    }

    @Test
    void limitsThatAreNotAppliedLeaveNothingBehind() throws IOException {
        try (NewLimits _ = NewLimits.write(folder, NEW)) {
            assertThat(folder.limits()).hasContent("old");
        }
        assertThat(folder.limits()).hasContent("old");
        assertThat(path).isDirectoryNotContaining(file -> !file.equals(folder.limits()));
    }

    @Test
    void withoutNewOnesTheOldOnesHold() throws IOException {
        try (NewLimits limits = NewLimits.write(folder, Optional.empty())) {
            limits.apply();
        }
        assertThat(folder.limits()).hasContent("old");
    }

    @Test
    void whatCannotBeWrittenChangesNothing() throws IOException {
        CrawlFolder gone = new CrawlFolder(path.resolve("gone"));
        assertThatThrownBy(() -> NewLimits.write(gone, NEW)).isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gone");
        assertThat(folder.limits()).hasContent("old");
    }

    /** What a crash during an earlier attempt has left is of no use, and goes. */
    @Test
    void anAttemptThatFailsLeavesNoEarlierOne() throws IOException {
        Files.writeString(path.resolve("limits.json.tmp"), "left");
        Path inTheWay = Files.createDirectories(path.resolve("limits.json.tmp.tmp/folder"));
        assertThatThrownBy(() -> NewLimits.write(folder, NEW)).isInstanceOf(IOException.class);
        assertThat(path).isDirectoryNotContaining("glob:**/limits.json.tmp");
        assertThat(inTheWay).exists();
        assertThat(folder.limits()).hasContent("old");
    }

    /** A crash during an earlier attempt leaves such a file. */
    @Test
    void aFileThatWasLeftBehindIsReplaced() throws IOException {
        Files.writeString(path.resolve("limits.json.tmp"), "left, and longer");
        try (NewLimits limits = NewLimits.write(folder, NEW)) {
            limits.apply();
        }
        assertThat(folder.limits()).hasContent("new");
        assertThat(path).isDirectoryNotContaining(file -> !file.equals(folder.limits()));
    }
}
