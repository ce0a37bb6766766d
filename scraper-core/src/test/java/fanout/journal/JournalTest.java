package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.job.CrawlJob;
import fanout.task.ManualTicker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a journal keeps from run to run, and what it lets go of. */
class JournalTest {

    private static final CrawlJob JOB = CrawlJob.builder("runs").startUrl("http://a.test/0").build();

    private final ManualTicker ticker = ManualTicker.stopped();

    @TempDir
    private Path folder;

    private Path path() {
        return folder.resolve("crawl.journal");
    }

    /** A run that lasts so long; each run but the first goes on from the one before. */
    private void run(Duration lasts) throws IOException {
        try (Journal journal = Journal.resume(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            ticker.advance(lasts.dividedBy(2));
            recording.commit(Position.at(1));
            ticker.advance(lasts.minus(lasts.dividedBy(2)));
            recording.commit(Position.at(2));
        }
    }

    private void compact() throws IOException {
        long groups = 3 * 3;
        PathVolume volume = new PathVolume(path());
        FileChannel before = volume.open();
        try (JournalFile file = new JournalFile(volume, before, Files.size(path()), groups)) {
            file.rewrite(new Compaction(file.channel(), "journal"));
            assertThat(before.isOpen()).as("the old file").isFalse();
            assertThat(file.channel().isOpen()).as("the new one").isTrue();
        } finally {
            volume.release();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsAndTheirTimesAreSummedAndSurviveACompaction(boolean compacted) throws IOException {
        run(Duration.ofSeconds(10));
        ticker.advance(Duration.ofHours(1)); // nothing runs
        run(Duration.ofSeconds(200));
        run(Duration.ofMinutes(50));
        if (compacted) {
            compact();
        }
        try (Journal journal = Journal.resume(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            assertThat(recording.runs()).isEqualTo(4);
            assertThat(recording.elapsedBefore()).isEqualTo(Duration.ofSeconds(3_210));
            assertThat(journal.committed()).isEqualTo(Position.at(2));
        }
    }

    /** A name that no file may have: the next to try is told the same, and not that a crawl has the journal. */
    @Test
    void journalThatCannotBeOpenedIsHeldByNoCrawl() {
        Path tooLong = folder.resolve("j".repeat(300));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Journal.create(tooLong)).isInstanceOf(FileSystemException.class)
                    .isNotInstanceOf(JournalException.class);
        }
    }

    @Test
    void journalIsRemovedIfNothingWasWrittenOrNothingIsLeftToDo() throws IOException {
        Journal.create(path()).close();
        assertThat(path()).as("nothing was written").doesNotExist();
        run(Duration.ofSeconds(1));
        assertThat(path()).exists();
        try (Journal journal = Journal.resume(path())) {
            Recording.of(journal, JOB, ticker).exhausted();
        }
        assertThat(path()).as("nothing is left to do").doesNotExist();
    }
}
