package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.page.Item;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation on a file fails once, from the first to the last: what is left is whole lines, and nothing is left
 * open.
 */
class FailingFileTest {

    @TempDir
    private Path folder;

    /** What is written. */
    enum Format {
        PAGES_JSON, PAGES_CSV, ITEMS_JSON, ITEMS_CSV;

        private Sink on(OutputFile file) throws IOException {
            return switch (this) {
                case PAGES_JSON -> PagesFile.jsonLines(file);
                case PAGES_CSV -> PagesFile.csv(file);
                case ITEMS_JSON -> ItemsFile.jsonLines(file);
                case ITEMS_CSV -> ItemsFile.csv(file, List.of("n"));
            };
        }
    }

    /** What a run has told its caller. */
    private record Told(int flushed, List<Exception> failures) {}

    @ParameterizedTest
    @EnumSource(Format.class)
    void theNthOperationFails(Format format) throws IOException {
        Path whole = folder.resolve("whole");
        assertThat(run(format, whole, new FailingDisk(channel(whole), Integer.MAX_VALUE)).failures()).isEmpty();
        List<String> lines = Files.readAllLines(whole);
        int header = lines.size() - 3;
        int failing = 0;
        FailingDisk disk;
        do {
            failing++;
            Path path = folder.resolve(format + "." + failing);
            Files.writeString(path, "of an earlier crawl\n");
            FileChannel channel = channel(path);
            disk = new FailingDisk(channel, failing);
            Told told = run(format, path, disk);

            assertThat(channel.isOpen()).as("operation %d leaves the file open", failing).isFalse();
            String text = Files.readString(path);
            if (text.equals("of an earlier crawl\n")) {
                assertThat(told.flushed()).isZero();
            } else {
                assertThat(text).as("operation %d", failing).matches("(?s)(.*\n)?");
                assertThat(text.lines().toList()).as("operation %d", failing)
                        .isEqualTo(lines.subList(0, text.lines().toList().size()))
                        .hasSizeGreaterThanOrEqualTo(told.flushed() == 0 ? 0 : header + told.flushed());
            }
            boolean wasTheLock = failing == 1; // without one a crawl goes on
            assertThat(told.failures().isEmpty()).as("operation %d is told", failing)
                    .isEqualTo(wasTheLock || !disk.hasFailed());
        } while (disk.hasFailed());
        assertThat(failing).as("lock, cut, and for each flush position and write, close").isGreaterThan(8);
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Three outcomes, each flushed; after a failure nothing more is flushed, as the writer does it. */
    private static Told run(Format format, Path path, FailingDisk disk) {
        List<Exception> failures = new ArrayList<>();
        int flushed = 0;
        try (OutputFile file = OutputFile.on(RegularFile.on(disk, path)); Sink sink = format.on(file)) {
            for (int n = 1; n <= 3; n++) {
                sink.write(Outcomes.page(n, new Item[]{Outcomes.item(n, "n", n)}));
                sink.flush();
                flushed = n;
            }
        } catch (Exception e) { // what is told is judged by the caller
            failures.add(e);
        }
        return new Told(flushed, failures);
    }
}
