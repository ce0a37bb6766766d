package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import fanout.sink.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a crawl, opened one after the other: those that are open are closed if the next cannot be. */
class CrawlFilesTest {

    @TempDir
    private Path folder;

    private CrawlTask task() {
        return new CrawlTask("a", CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(folder));
    }

    private static long openFiles(Path folder) throws IOException {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).startsWith(folder);
                } catch (IOException e) {
                    return false; // it was closed meanwhile
                }
            }).count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crawl.journal", "pages.jsonl", "items.jsonl"})
    void nothingStaysOpenIfAFileCannotBeOpened(String broken) throws IOException {
        Files.createDirectory(folder.resolve(broken));

        assertThatThrownBy(() -> CrawlFiles.open(task(), 1_000)).isInstanceOf(IOException.class);

        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            assertThat(openFiles(folder)).isZero();
        }
        Files.delete(folder.resolve(broken));
        try (CrawlFiles files = CrawlFiles.open(task(), 1_000); Sink sink = files.sink()) {
            assertThat(sink.isResumable()).as("the journal is not held any more").isTrue();
        }
    }
}
