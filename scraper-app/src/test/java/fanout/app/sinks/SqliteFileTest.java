package fanout.app.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.sink.ResumableSink;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a table has after a commit, after a crawl that resumed, and when its file is not what it was. */
class SqliteFileTest {

    private static final Outcome OUTCOME =
            new Skipped(Request.start(CanonicalUrl.of("http://127.0.0.1/"), Optional.empty()), Trail.NONE,
                    SkipReason.ROBOTS, Optional.empty());

    @TempDir
    private Path folder;

    private int next;

    private Path file() {
        return folder.resolve("a.sqlite");
    }

    /** A table of one column, which counts. */
    private TableRows counting() {
        return new TableRows("items", Map.of("n", TableRows.Type.INTEGER), _ -> List.of(Map.of("n", ++next)));
    }

    private static TableRows row(Map<String, TableRows.Type> columns, Map<String, ? extends @Nullable Object> row) {
        return new TableRows("items", columns, _ -> List.of(row));
    }

    private List<String> select(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    cells.add(found.getString(i));
                }
                rows.add(String.join("|", cells));
            }
            return rows;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void write(ResumableSink table, int rows) throws IOException, InterruptedException {
        for (int i = 0; i < rows; i++) {
            table.write(OUTCOME);
        }
    }

    /** A run that commits after some rows, writes others that are flushed only, and ends as if it was killed. */
    private Position killed(int committed, int flushed) throws IOException, InterruptedException {
        try (ResumableSink table = SqliteFile.open(file(), true).table("items", counting())) {
            table.resumeAt(Position.NONE);
            write(table, committed);
            Position position = table.commit();
            write(table, flushed);
            return position;
        }
    }

    @Test
    void whatWasWrittenAfterTheJournalsPositionIsDeleted() throws Exception {
        Position position = killed(3, 2);
        assertThat(select("SELECT n FROM items")).hasSize(5);

        next = 10;
        try (ResumableSink table = SqliteFile.open(file(), true).table("items", counting())) {
            table.resumeAt(position);
            assertThat(select("SELECT n FROM items")).as("before the crawl begins").hasSize(5);
            write(table, 1);
            Position later = table.commit();
            assertThat(later.place()).startsWith("4 ");
        }

        assertThat(select("SELECT _id, n FROM items ORDER BY 1")).containsExactly("1|1", "2|2", "3|3", "4|11");
    }

    @Test
    void rowsAreThereForReadersAfterEachCommitAndNotBefore() throws Exception {
        try (ResumableSink table = SqliteFile.open(file(), true).table("items", counting())) {
            table.resumeAt(Position.NONE);
            table.commit();
            write(table, 2);
            assertThat(select("SELECT n FROM items")).isEmpty();
            table.commit();
            assertThat(select("SELECT n FROM items")).hasSize(2);
            write(table, 1);
            table.flush();
            assertThat(select("SELECT n FROM items")).hasSize(3);
        }
        assertThat(folder).isDirectoryContaining(file -> file.equals(file()));
        try (var files = Files.list(folder)) {
            assertThat(files).as("one file is left").hasSize(1);
        }
    }

    @Test
    void twoTablesOfOneFileCommitTogether() throws Exception {
        SqliteFile database = SqliteFile.open(file(), true);
        try (ResumableSink pages = database.table("pages", counting());
                ResumableSink items = database.table("items", counting())) {
            pages.resumeAt(Position.NONE);
            items.resumeAt(Position.NONE);
            write(pages, 1);
            write(items, 2);
            pages.commit();
            assertThat(select("SELECT table_name, kind, row_count FROM scraper_positions ORDER BY 1"))
                    .containsExactly("items|items|2", "pages|items|1");
            assertThat(items.commit().place()).startsWith("2 ");
        }
    }

    @Test
    void tableThatNoCrawlHasWrittenIsLeftAlone() throws Exception {
        execute("CREATE TABLE items (mine)");
        byte[] before = Files.readAllBytes(file());

        try (SqliteFile database = SqliteFile.open(file(), true)) {
            assertThatThrownBy(() -> database.table("items", counting())).isInstanceOf(IOException.class)
                    .hasMessage("it has a table items that no crawl has written; name another table or another file");
        }

        assertThat(file()).hasBinaryContent(before);
    }

    @Test
    void otherTablesStayWhenOursIsWrittenAgain() throws Exception {
        killed(2, 0);
        execute("CREATE TABLE mine (a)");
        execute("INSERT INTO mine VALUES (7)");

        try (ResumableSink table =
                SqliteFile.open(file(), false).table("items", row(Map.of("b", TableRows.Type.TEXT), Map.of()))) {
            write(table, 1);
        }

        assertThat(select("SELECT a FROM mine")).containsExactly("7");
        assertThat(select("SELECT name FROM pragma_table_info('items')")).containsExactly("_id", "b");
    }

    @Test
    void fileThatIsNoDatabaseIsRefused() throws Exception {
        Files.writeString(file(), "{\"url\":\"http://127.0.0.1/\"}\n");

        assertThatThrownBy(() -> SqliteFile.open(file(), true))
                .hasMessage("it is no SQLite database; name another file");
        assertThatThrownBy(() -> SqliteFile.open(folder, true)).hasMessageContaining("it is no SQLite database");

        assertThat(file()).hasContent("{\"url\":\"http://127.0.0.1/\"}");
    }

    @Test
    void whatTheJournalNamesMustBeThere() throws Exception {
        Position position = killed(3, 0);
        String crawl = position.place().split(" ", -1)[1];

        assertRefused(new Position("4 " + crawl, List.of()), "the table items has 3 rows, and 4 rows were committed");
        assertRefused(new Position("3 other", List.of()), "the table items is that of another crawl");
        execute("ALTER TABLE items RENAME COLUMN n TO m");
        assertRefused(position, "the table items has no column n");
        execute("DROP TABLE items");
        assertRefused(position, "the table items is missing");
        Files.delete(file());
        assertRefused(position, "the table items is missing");
        assertThat(file()).as("it was made to look into it").doesNotExist();
    }

    private void assertRefused(Position position, String words) throws IOException {
        try (ResumableSink table = SqliteFile.open(file(), true).table("items", counting())) {
            assertThatThrownBy(() -> table.resumeAt(position)).isInstanceOf(JournalException.class)
                    .hasMessageStartingWith(file() + ": " + words);
        }
    }

    @Test
    void aFileWithoutACrawlIsNotLeftBehind() throws Exception {
        SqliteFile.open(file(), true).table("items", counting()).close();
        assertThat(file()).doesNotExist();

        SqliteFile.open(file(), false).table("items", counting()).close();
        assertThat(select("SELECT * FROM items")).as("one without a journal has an empty table").isEmpty();
    }

    @Test
    void valuesHaveTheTypesOfTheirColumns() throws Exception {
        Map<String, TableRows.Type> columns = new LinkedHashMap<>();
        columns.put("text", TableRows.Type.TEXT);
        columns.put("price", TableRows.Type.REAL);
        columns.put("count", TableRows.Type.INTEGER);
        columns.put("huge", TableRows.Type.INTEGER);
        columns.put("isNew", TableRows.Type.BOOLEAN);
        columns.put("tags", TableRows.Type.TEXT);
        columns.put("any", TableRows.Type.ANY);
        columns.put("none", TableRows.Type.TEXT);
        columns.put("infinite", TableRows.Type.REAL);
        columns.put("_ID", TableRows.Type.TEXT);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("text", "007 \"x\" \uD800");
        row.put("price", new BigDecimal("12.50"));
        row.put("count", 7L);
        row.put("huge", new BigInteger("123456789012345678901234567890"));
        row.put("isNew", true);
        row.put("tags", List.of("a", Map.of("b", 1)));
        row.put("any", "3");
        row.put("none", null);
        row.put("infinite", Double.POSITIVE_INFINITY);
        row.put("_ID", "sku");
        try (ResumableSink table = SqliteFile.open(file(), false).table("items", row(columns, row))) {
            write(table, 1);
        }

        assertThat(select("SELECT text, price, count, huge, isNew, tags, any, none, infinite, _ID, _id_ FROM items"))
                .containsExactly("007 \"x\" ?|12.5|7|1.2345678901234568e+29|1|[\"a\",{\"b\":1}]|3|null|null|sku|1");
        assertThat(select("SELECT typeof(price), typeof(count), typeof(any), typeof(text) FROM items"))
                .containsExactly("real|integer|text|text");
    }

    @Test
    void anotherWriterIsNamedAndNothingIsCommittedAfterIt() throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.executeUpdate("CREATE TABLE mine (a)");
            statement.executeUpdate("BEGIN IMMEDIATE");
            ResumableSink table = SqliteFile.open(file(), true).table("items", counting());
            table.resumeAt(Position.NONE);

            assertThatThrownBy(table::commit).hasMessage("another program is writing it");

            statement.executeUpdate("COMMIT");
            assertThatThrownBy(table::commit).hasMessage("an earlier write to this output has failed");
            table.close();
            assertThat(select("SELECT name FROM sqlite_master")).containsExactly("mine");
        }
    }

    @Test
    void readerThatStaysDoesNotKeepACrawlFromItsEnd() throws Exception {
        ResumableSink table = SqliteFile.open(file(), true).table("items", counting());
        table.resumeAt(Position.NONE);
        write(table, 1);
        table.commit();
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = reader.createStatement();
                ResultSet _ = statement.executeQuery("SELECT * FROM items")) {
            write(table, 1);
            table.close();
        }
        assertThat(select("SELECT n FROM items")).containsExactly("1", "2");
    }

    @Test
    void contentOfAKilledRunIsReadFromAllItsFiles() throws Exception {
        Map<String, TableRows.Type> columns = new LinkedHashMap<>();
        List.of("outcome", "reason", "fetchedAt").forEach(name -> columns.put(name, TableRows.Type.TEXT));
        TableRows failed = new TableRows("pages", columns, _ -> List.of(Map.of("outcome", "failed")));
        TableRows good = new TableRows("pages", columns,
                _ -> List.of(Map.of("outcome", "ok", "fetchedAt", "2026-12-01T03:00:00Z")));
        for (TableRows rows : List.of(failed, good)) {
            try (ResumableSink table = SqliteFile.open(file(), true).table("pages", rows)) {
                table.resumeAt(Position.NONE);
                write(table, 1);
                table.commit();
                assertThat(folder.resolve("a.sqlite-wal")).isNotEmptyFile();
                SqliteResults.Content content = SqliteResults.content(file(), "pages");
                assertThat(content.isGood()).isEqualTo(rows.equals(good));
                assertThat(content.fetchedAt().isPresent()).isEqualTo(rows.equals(good));
            }
        }
        assertThat(SqliteResults.content(file(), "items").isGood()).isFalse();
    }
}
