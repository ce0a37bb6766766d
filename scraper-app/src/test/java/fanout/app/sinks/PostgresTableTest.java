package fanout.app.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fanout.app.PostgresCluster;
import fanout.app.config.Output;
import fanout.job.Secrets;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a table has when its process ended between two of the commits of database, journal and spool. */
@Timeout(120)
class PostgresTableTest {

    private static final Outcome OUTCOME =
            new Skipped(Request.start(CanonicalUrl.of("http://127.0.0.1/"), Optional.empty()), Trail.NONE,
                    SkipReason.ROBOTS, Optional.empty());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static PostgresCluster database;

    @TempDir
    private Path folder;

    private int next;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = PostgresCluster.start();
    }

    @AfterAll
    static void closeDatabase() throws Exception {
        if (database != null) {
            database.close();
        }
    }

    @BeforeEach
    void dropTables() throws SQLException {
        database.rows("DROP TABLE IF EXISTS t, scraper_positions");
    }

    private static Output.Postgres output(String... key) {
        return new Output.Postgres(database.url(), Optional.of("shop"),
                Optional.of(new Secrets.Secret(PostgresCluster.PASSWORD, List.of())), "t", List.of(key));
    }

    private PostgresTable open(String... key) throws IOException {
        TableRows counting =
                new TableRows("items", Map.of("n", TableRows.Type.INTEGER), _ -> List.of(Map.of("n", ++next)));
        return PostgresTable.open(output(key), counting, PATIENCE, Optional.of(folder.resolve("t.spool")));
    }

    private static List<String> rows() throws SQLException {
        return database.rows("SELECT n FROM t ORDER BY n");
    }

    private static void write(PostgresTable table, int rows) throws IOException {
        for (int i = 0; i < rows; i++) {
            table.write(OUTCOME);
        }
    }

    @Test
    void nothingIsSentBeforeTheJournalKnowsIt() throws Exception {
        try (PostgresTable table = open()) {
            table.resumeAt(Position.NONE);
            assertThat(database.rows("SELECT to_regclass('t') IS NULL")).containsExactly("t");
            table.commit();
            write(table, 2);
            table.flush();
            table.commit();
            assertThat(rows()).isEmpty();
            table.recorded();
            assertThat(rows()).containsExactly("1", "2");
        }
        assertThat(folder.resolve("t.spool")).doesNotExist();
    }

    @Test
    void rowsThatTheJournalKnowsAreSentByTheNextProcess() throws Exception {
        Position position;
        try (PostgresTable killed = open()) {
            killed.resumeAt(Position.NONE);
            write(killed, 2);
            killed.commit();
            killed.recorded();
            write(killed, 3);
            position = killed.commit();
            write(killed, 4);
        }
        next = 5;
        try (PostgresTable table = open()) {
            table.resumeAt(position);
            assertThat(rows()).as("before the crawl begins").containsExactly("1", "2");
            table.commit();
            table.recorded();
            assertThat(rows()).containsExactly("1", "2", "3", "4", "5");
            write(table, 1);
            table.commit();
            table.recorded();
        }
        assertThat(rows()).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void rowsThatTheDatabaseHasAreNotSentAgain() throws Exception {
        Position position;
        try (PostgresTable killed = open()) {
            killed.resumeAt(Position.NONE);
            write(killed, 3);
            position = killed.commit();
            killed.recorded();
        }
        next = 3;
        try (PostgresTable table = open()) {
            table.resumeAt(position);
            table.commit();
            table.recorded();
            write(table, 1);
            table.commit();
            table.recorded();
        }
        assertThat(rows()).containsExactly("1", "2", "3", "4");
    }

    /** A process that is dead may have a commit under way. */
    @Test
    void transactionOfADeadProcessThatComesThroughIsNotRepeated() throws Exception {
        try (PostgresTable table = open(); Connection dead = database.connect()) {
            table.resumeAt(Position.NONE);
            write(table, 2);
            String crawl = table.commit().place().split(" ", 3)[2];
            dead.setAutoCommit(false);
            PostgresStatements statements =
                    new PostgresStatements(output(), Map.of("n", TableRows.Type.INTEGER));
            assertThat(statements.advance(dead, crawl, 0, 2)).isTrue();
            statements.insert(dead, List.of("{\"n\":1}", "{\"n\":2}"));
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    table.recorded();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await()
                    .until(() -> database.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"),
                            found -> !found.isEmpty());
            dead.commit();
            sent.join();
        }
        assertThat(rows()).containsExactly("1", "2");
    }

    @Test
    void spoolThatIsMissingOrOfAnotherCrawlIsRefused() throws Exception {
        Position position;
        try (PostgresTable killed = open()) {
            killed.resumeAt(Position.NONE);
            write(killed, 3);
            position = killed.commit();
        }
        Files.delete(folder.resolve("t.spool"));

        try (PostgresTable table = open()) {
            assertThatThrownBy(() -> table.resumeAt(position)).isInstanceOf(JournalException.class)
                    .hasMessageContaining("has 0 rows of this crawl, and the file with those that follow is missing");
        }
    }

    @Test
    void upsertOfManyRowsKeepsTheLast() throws Exception {
        database.rows("CREATE TABLE t (n numeric PRIMARY KEY, at serial)");
        try (PostgresTable table = open("n")) {
            table.resumeAt(Position.NONE);
            for (int i = 0; i < 5; i++) {
                next = 0;
                write(table, 600);
            }
            table.commit();
            table.recorded();
        }
        assertThat(database.rows("SELECT count(*), max(n) FROM t")).containsExactly("600|600");
    }

    @Test
    void valuesOfEveryKindAreKept() throws Exception {
        Map<String, TableRows.Type> columns = Map.of("t", TableRows.Type.TEXT, "j", TableRows.Type.JSON, "b",
                TableRows.Type.BOOLEAN, "r", TableRows.Type.REAL, "i", TableRows.Type.INTEGER, "at",
                TableRows.Type.TIME);
        Map<String, @Nullable Object> row = Map.of("t", "x\0y" + "z".repeat(5 << 20), "j", List.of(1, "\0"), "b", true,
                "r", new BigDecimal("1.10"), "i", new BigInteger("9".repeat(30)), "at",
                "2026-01-02T03:04:05.678Z");
        try (PostgresTable table = PostgresTable.open(output(), new TableRows("items", columns, _ -> List.of(row)),
                PATIENCE, Optional.empty())) {
            table.write(OUTCOME);
            table.flush();
        }
        assertThat(database.rows("SELECT left(t, 3), length(t), j, b, r, i, at AT TIME ZONE 'UTC' FROM t"))
                .containsExactly("x\uFFFDy|" + (3 + (5 << 20)) + "|[1, \"\uFFFD\"]|t|1.10|" + "9".repeat(30)
                        + "|2026-01-02 03:04:05.678");
    }

    /** Its connections wait for an answer that does not come. */
    @Test
    void serverThatSaysNothingIsGivenUpOrInterrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Output.Postgres output = new Output.Postgres("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/db",
                    Optional.of("shop"), Optional.empty(), "t", List.of());
            TableRows rows = new TableRows("items", Map.of(), _ -> List.of());

            assertThatThrownBy(() -> PostgresTable.open(output, rows, Duration.ofMillis(300), Optional.empty()))
                    .hasMessage("no answer within 300 ms");

            List<Throwable> thrown = new ArrayList<>();
            CountDownLatch begins = new CountDownLatch(1);
            Thread waiting = Thread.ofPlatform().start(() -> {
                begins.countDown();
                try {
                    PostgresTable.open(output, rows, Duration.ofMinutes(5), Optional.empty()).close();
                } catch (IOException e) {
                    thrown.add(e);
                }
            });
            begins.await();
            waiting.interrupt();
            waiting.join();
            assertThat(thrown).singleElement().isInstanceOf(InterruptedIOException.class);
        }
    }
}
