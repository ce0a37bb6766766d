package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.sink.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A power failure may take a name that its folder has not on the disk, with the file that has it. The JVM says itself
 * which files and folders it had written there.
 */
class SyncedFolderTest {

    private static final CrawlJob JOB = CrawlJob.builder("synced").startUrl("http://a.test/").build();

    @TempDir
    private Path temporary;

    private Path folder;
    private Path path;

    @BeforeEach
    void realFolder() throws IOException {
        folder = temporary.toRealPath();
        path = folder.resolve("crawl.journal");
    }

    /** What may fail. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** The files that the work has forced, in order. */
    private List<Path> forcedBy(Work work) throws IOException {
        Path events = folder.resolve("events.jfr");
        try (jdk.jfr.Recording recording = new jdk.jfr.Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO).withoutStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(events);
        }
        List<Path> forced = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
            Stream.ofNullable(event.getString("path"))
                    .map(Path::of)
                    .filter(each -> each.startsWith(folder))
                    .forEach(
                            forced::add);
        }
        Files.delete(events);
        return forced;
    }

    private void write() throws IOException {
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.at(0));
            recording.commit(Position.at(1));
        }
    }

    @Test
    void nameOfANewJournalIsOnTheDiskBeforeItsContent() throws IOException {
        assertThat(forcedBy(this::write)).startsWith(folder, path).containsOnlyOnce(folder);
        assertThat(forcedBy(this::write)).as("it has its name").doesNotContain(folder).contains(path);
    }

    @Test
    void compactedJournalIsOnTheDiskBeforeItsNameIs() throws IOException {
        write();
        PathVolume volume = new PathVolume(path);
        try (JournalFile file = new JournalFile(volume, volume.open(), Files.size(path), 2)) {
            assertThat(forcedBy(() -> file.rewrite(new Compaction(file.channel(), "journal"))))
                    .containsExactly(folder.resolve("crawl.journal.next"), folder);
        } finally {
            volume.release();
        }
    }

    @Test
    void removedJournalIsGoneFromTheDiskToo() throws IOException {
        write();
        PathVolume volume = new PathVolume(path);

        assertThat(forcedBy(volume::remove)).containsExactly(folder);
    }

    @Test
    void nameOfANewOutputIsOnTheDisk() throws IOException {
        Path output = folder.resolve("pages.jsonl");

        assertThat(forcedBy(() -> OutputFile.resume(output).close())).containsExactly(folder);
        Files.createFile(output);
        assertThat(forcedBy(() -> OutputFile.resume(output).close())).as("it has its name").isEmpty();
    }
}
