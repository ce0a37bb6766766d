package fanout.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class HistoryTest {

    // ids of crawls
    private static final String A = "aaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbb";
    private static final String C = "ccccccccccccccccc";

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    @TempDir
    private Path folder;

    private static CrawlEnd end(CrawlState state) {
        return new CrawlEnd(state, NOW, Optional.of("exhausted"), Optional.empty(), Optional.of("{}"), 7);
    }

    private static String numbered(int number) {
        return "%017d".formatted(number);
    }

    @Test
    void aCrawlEndsOnceAndIsThereAfterTheHistoryWasOpenedAnew() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            data.history().add(CrawlRecord.submitted(A, "docs", true, NOW));
            data.history().started(A, NOW);
            assertThat(data.history().ended(A, end(CrawlState.FINISHED))).isTrue();
            assertThat(data.history().ended(A, end(CrawlState.FAILED))).as("a second end").isFalse();
            data.history().started(A, NOW.plusSeconds(1));
            data.history().endWanted(A);
        }
        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(data.history().find(A))
                    .contains(new CrawlRecord(A, "docs", true, CrawlState.FINISHED, false, NOW,
                            Optional.of(NOW), Optional.of(NOW), Optional.of("exhausted"), Optional.empty(),
                            Optional.of("{}"), 7, Optional.empty(), CrawlRecord.Ends.NONE));
        }
    }

    @Test
    void whatHasNotEndedIsLiveAndWhatHasIsNot() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            for (String id : new String[]{A, B, C}) {
                data.history().add(CrawlRecord.submitted(id, "docs", false, NOW));
            }
            data.history().started(B, NOW);
            data.history().endWanted(B);
            data.history().ended(C, end(CrawlState.CANCELLED));
            assertThat(data.history().live()).extracting(CrawlRecord::id, CrawlRecord::state, CrawlRecord::endWanted)
                    .containsExactly(tuple(A, CrawlState.QUEUED, false),
                            tuple(B, CrawlState.DRAINING, true));
            assertThat(data.history().ended()).extracting(CrawlRecord::id).containsExactly(C);
            assertThat(data.history().resumed(C)).isTrue();
            assertThat(data.history().resumed(C)).as("again").isFalse();
        }
    }

    /** Of two who resume a crawl at once, one has come too late, also if it runs already. */
    @Test
    void aCrawlIsResumedOnceAndDeletedOnlyWhenItHasEnded() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            History history = data.history();
            history.add(CrawlRecord.submitted(A, "docs", false, NOW));
            assertThat(history.resumed(A)).as("queued").isFalse();
            assertThat(history.delete(A)).as("queued").isFalse();
            history.started(A, NOW);
            assertThat(history.resumed(A)).as("running").isFalse();
            assertThat(history.delete(A)).as("running").isFalse();
            history.requeued(A, 0);
            assertThat(history.find(A).orElseThrow().state()).isEqualTo(CrawlState.QUEUED);
            history.ended(A, end(CrawlState.LOST));
            history.requeued(A, 0);
            assertThat(history.find(A).orElseThrow().state()).as("a person decides that").isEqualTo(CrawlState.LOST);
            assertThat(history.delete(A)).isTrue();
            assertThat(history.delete(A)).as("again").isFalse();
            assertThat(history.resumed(A)).as("gone").isFalse();
        }
    }

    @Test
    void aCrawlThatGoesOnBeganWithItsFirstRun() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            data.history().add(CrawlRecord.submitted(A, "docs", false, NOW));
            data.history().started(A, NOW.plusSeconds(1));
            data.history().ended(A, end(CrawlState.FINISHED));
            data.history().resumed(A);
            data.history().started(A, NOW.plusSeconds(2));

            assertThat(data.history().find(A).orElseThrow().startedAt()).contains(NOW.plusSeconds(1));
            assertThat(data.history().find(A).orElseThrow().finishedAt()).as("it has not ended").isEmpty();
        }
    }

    /** Retention deletes from the first on. */
    @Test
    void crawlsThatEndedAreListedByTheirEnd() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            for (int i = 0; i < 4; i++) {
                data.history().add(CrawlRecord.submitted(numbered(i), "docs", false, NOW.plusSeconds(i)));
            }
            for (int i : new int[]{2, 0, 3, 1}) {
                CrawlEnd end = end(CrawlState.FINISHED);
                data.history()
                        .ended(numbered(i), new CrawlEnd(end.state(), NOW.plusSeconds(i == 0 ? 100 : 100 - i),
                                end.finishReason(), end.failure(), end.progress(), end.bytes()));
            }
            assertThat(data.history().ended()).extracting(CrawlRecord::id)
                    .containsExactly(numbered(3), numbered(2), numbered(1), numbered(0));
        }
    }

    @Test
    void aPageOfTheListBeginsBeforeACrawlAndIsAsLongAsAsked() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            for (int i = 0; i < 5; i++) {
                data.history().add(CrawlRecord.submitted(numbered(i), i % 2 == 0 ? "even" : "odd", false, NOW));
            }
            data.history().started(numbered(1), NOW);
            assertThat(ids(data, Optional.empty(), Optional.empty(), Optional.empty(), 2)).containsExactly(numbered(4),
                    numbered(3));
            assertThat(ids(data, Optional.empty(), Optional.empty(), Optional.of(numbered(3)), 2))
                    .containsExactly(numbered(2), numbered(1));
            assertThat(ids(data, Optional.empty(), Optional.of("even"), Optional.of(numbered(4)), 9))
                    .containsExactly(numbered(2), numbered(0));
            assertThat(ids(data, Optional.of(CrawlState.RUNNING), Optional.empty(), Optional.empty(), 9))
                    .containsExactly(numbered(1));
            assertThat(ids(data, Optional.of(CrawlState.RUNNING), Optional.of("even"), Optional.empty(), 9)).isEmpty();
        }
    }

    private static List<String> ids(DataFolder data, Optional<CrawlState> state, Optional<String> name,
            Optional<String> before, int most) throws Exception {
        return data.history().list(state, name, before, most).stream().map(CrawlRecord::id).toList();
    }

    private static JobEnd jobEnd(String job, Instant at, Optional<Instant> success, Optional<Long> pages) {
        return new JobEnd(job, at, success, pages);
    }

    /** An alert reads when a job last succeeded, and how many pages it had, which a failure does not change. */
    @Test
    void anEndWithoutFiguresLeavesThoseOfTheOneBefore() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            data.history().jobEnded(jobEnd("docs", NOW, Optional.of(NOW), Optional.of(77L)));
            data.history().jobEnded(jobEnd("docs", NOW.plusSeconds(1), Optional.empty(), Optional.empty()));
            assertThat(data.history().jobs(9))
                    .containsExactly(jobEnd("docs", NOW.plusSeconds(1), Optional.of(NOW), Optional.of(77L)));
            JobEnd last = jobEnd("docs", NOW.plusSeconds(2), Optional.of(NOW.plusSeconds(2)), Optional.of(0L));
            data.history().jobEnded(last);
            assertThat(data.history().jobs(9)).containsExactly(last);
        }
    }

    /** A crawl that was cancelled before it began has fetched no pages, which is not the same as nought of them. */
    @Test
    void aJobWithoutFiguresHasNone() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            JobEnd known = jobEnd("known", NOW, Optional.empty(), Optional.empty());
            data.history().jobEnded(known);
            data.history().add(CrawlRecord.submitted(A, "older", false, NOW));
            data.history().ended(A, end(CrawlState.CANCELLED));
            assertThat(data.history().jobs(9)).containsExactlyInAnyOrder(known,
                    jobEnd("older", NOW, Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void ofAThousandJobsTheOneThatEndedLongestAgoIsForgotten() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            for (int ago : new int[]{1_000, 0}) {
                data.history().jobEnded(jobEnd("j" + ago, NOW.minusSeconds(ago), Optional.empty(), Optional.empty()));
            }
            for (int ago = 1; ago < 1_000; ago++) {
                data.history().jobEnded(jobEnd("j" + ago, NOW.minusSeconds(ago), Optional.empty(), Optional.empty()));
            }
            assertThat(data.history().jobs(2_000)).hasSize(1_000)
                    .extracting(JobEnd::job)
                    .startsWith("j0", "j1")
                    .endsWith("j998", "j999");
        }
    }

    @Test
    void oneServiceOwnsAFolder() throws Exception {
        try (DataFolder _ = DataFolder.open(folder)) {
            assertThatThrownBy(() -> DataFolder.open(folder)).isInstanceOf(DataFolder.InUseException.class);
        }
        DataFolder.open(folder).close();
    }

    @Test
    void aHistoryIsConvertedOnceAndTheLogSaysFromWhatToWhat() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Migrations.class);
        logger.addAppender(log);
        try {
            DataFolder.open(folder).close();
            assertThat(log.list).as("a new one").isEmpty();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                    Statement statement = connection.createStatement()) {
                for (String column : List.of("unclean_ends", "suspended", "hold", "baseline", "figures", "broken")) {
                    statement.execute("ALTER TABLE crawl DROP COLUMN " + column);
                }
                statement.execute("ALTER TABLE job DROP COLUMN figures");
                statement.execute("DROP TABLE token");
                statement.execute("PRAGMA user_version = 2");
            }
            DataFolder.open(folder).close();
            DataFolder.open(folder).close();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("the history was converted from version 2 to 5; an older version of this program "
                        + "cannot use it any more");
    }

    @Test
    void aHistoryOfANewerProgramIsRefused() throws Exception {
        DataFolder.open(folder).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> DataFolder.open(folder)).hasMessageContaining("newer version");
    }
}
