package fanout.app.sinks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import fanout.app.json.Json;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import fanout.sink.ResumableSink;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A SQLite database with tables of one crawl, which share a connection. A commit is one transaction: the rows of all
 * tables, and how many rows each has in {@code scraper_positions}. The journal names that number after it, so the table
 * has at least the rows that the journal names; those behind them are deleted when the crawl resumes. A row is known by
 * its number, which is a column.
 *
 * <p>A transaction is always open while the crawl runs, so another program reads, and cannot write.
 *
 * <p>Confined, with its tables, to one thread at a time. The caller that opens it closes every table of it, and a
 * database without tables; the last one closes the connection. A statement does not notice an interrupt, and waits for
 * another program five seconds at most.
 */
public final class SqliteFile implements Closeable {

    static final String POSITIONS = "scraper_positions";
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(US_ASCII);
    private static final int PATIENCE_MS = 5_000;

    private final Path path;
    private final Connection connection;
    /** Whether there was no file: one that no crawl has begun to write is deleted again. */
    private final boolean isNew;
    private final boolean isResumable;
    private final List<Table> tables = new ArrayList<>();
    private int open;
    private boolean isBegun;
    private boolean isDirty;
    private boolean isBroken;

    private SqliteFile(Path path, Connection connection, boolean isNew, boolean isResumable) {
        this.path = path;
        this.connection = connection;
        this.isNew = isNew;
        this.isResumable = isResumable;
    }

    /**
     * Opens a database, which need not exist. Nothing that is there is changed before the crawl begins.
     *
     * @param isResumable whether the journal says which rows count, by {@link ResumableSink#resumeAt}; without that,
     *     the tables begin empty
     * @throws IOException if it is no SQLite database, or cannot be opened
     */
    public static SqliteFile open(Path path, boolean isResumable) throws IOException {
        Path file = path.toAbsolutePath();
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        boolean isNew = !Files.exists(file);
        if (!isNew && !isDatabase(file)) {
            throw new IOException("it is no SQLite database; name another file");
        }
        try {
            Connection connection = connect(file);
            return new SqliteFile(path, connection, isNew, isResumable);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            execute(connection, "PRAGMA busy_timeout = " + PATIENCE_MS);
            execute(connection, "PRAGMA synchronous = FULL");
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            try (connection) {
                throw e;
            }
        }
    }

    /** Returns whether a file is a SQLite database; an empty file is one. */
    public static boolean isDatabase(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream stored = Files.newInputStream(file)) {
            byte[] first = stored.readNBytes(MAGIC.length);
            return first.length == 0 || Arrays.equals(first, MAGIC);
        }
    }

    /**
     * A table in it.
     *
     * @throws IOException if the database has a table of this name that no crawl has written
     */
    public ResumableSink table(String name, TableRows rows) throws IOException {
        try {
            Optional<Mark> mark = mark(name);
            if (mark.isEmpty() && !columns(name).isEmpty()) {
                throw new IOException("it has a table " + name + " that no crawl has written; name another table or "
                        + "another file");
            }
            Table table = new Table(name, rows);
            tables.add(table);
            open++;
            return table;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** What the database says of a table of ours. */
    private record Mark(String crawl, long rows) {}

    private Optional<Mark> mark(String table) throws SQLException {
        if (columns(POSITIONS).isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement query = connection
                .prepareStatement("SELECT crawl, row_count FROM " + POSITIONS + " WHERE table_name = ?")) {
            query.setString(1, table);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? Optional.of(new Mark(found.getString(1), found.getLong(2))) : Optional.empty();
            }
        }
    }

    private List<String> columns(String table) throws SQLException {
        return columns(connection, table);
    }

    static List<String> columns(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT name FROM pragma_table_info(?)")) {
            query.setString(1, table);
            List<String> columns = new ArrayList<>();
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    columns.add(found.getString(1));
                }
            }
            return columns;
        }
    }

    /** Makes every table what the journal says, in the transaction of the first commit. */
    private void begin() throws IOException, SQLException {
        if (isBroken) {
            throw new IOException("an earlier write to this output has failed");
        }
        if (isBegun) {
            return;
        }
        execute(connection, "PRAGMA journal_mode = WAL");
        execute(connection, "BEGIN IMMEDIATE");
        execute(connection, "CREATE TABLE IF NOT EXISTS " + POSITIONS
                + " (table_name TEXT PRIMARY KEY, kind TEXT NOT NULL, crawl TEXT NOT NULL, "
                + "row_count INTEGER NOT NULL)");
        for (Table table : tables) {
            table.begin();
        }
        isBegun = true;
        isDirty = true;
    }

    /** Commits the rows of all tables, and how many these are. */
    private void save() throws IOException {
        run(() -> {
            begin();
            if (isDirty) {
                for (Table table : tables) {
                    table.mark();
                }
                execute(connection, "COMMIT");
                execute(connection, "BEGIN IMMEDIATE");
                isDirty = false;
            }
        });
    }

    private interface Work {
        void run() throws IOException, SQLException;
    }

    /** Runs a part of a transaction; after one that has failed none is committed. */
    private void run(Work work) throws IOException {
        boolean isDone = false;
        try {
            work.run();
            isDone = true;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            isBroken |= !isDone;
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Says it as other outputs do. */
    static IOException failure(SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        String reason = switch (SQLiteErrorCode.getErrorCode(code.code & 0xFF)) { // without its second part
            case SQLITE_FULL -> "no space left on device";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another program is writing it";
            case SQLITE_NOTADB, SQLITE_CORRUPT -> "the database is damaged";
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN -> "it cannot be opened for writing";
            default -> String.valueOf(e.getMessage());
        };
        return new IOException(reason, e);
    }

    /** Closes a database that has no tables, which the last table does otherwise. */
    @Override
    public void close() throws IOException {
        if (open == 0) {
            end();
        }
    }

    /** Leaves one file: what SQLite has put next to it is gone, unless a reader has it. */
    private void end() throws IOException {
        try (connection) {
            if (!isBroken && (isBegun || !isResumable)) {
                save();
                run(() -> execute(connection, "COMMIT"));
                join();
            }
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (isNew && !isBegun) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Tries to have everything in one file. A reader keeps it in several, which belong together and lose nothing. */
    private void join() throws SQLException {
        execute(connection, "PRAGMA busy_timeout = 0");
        try {
            execute(connection, "PRAGMA journal_mode = DELETE");
        } catch (SQLiteException e) {
            if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
                throw e;
            }
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** One table, into which a crawl resumes. */
    private final class Table implements ResumableSink {

        private final String name;
        private final TableRows content;
        private final List<String> names;
        private final String number;
        private String crawl = UUID.randomUUID().toString();
        /** Rows that count, or that were written. */
        private long rows;
        private boolean isReady = !isResumable;
        private @Nullable PreparedStatement insert;

        private Table(String name, TableRows content) {
            this.name = name;
            this.content = content;
            this.names = List.copyOf(content.columns().keySet());
            this.number = TableRows.free("_id", names);
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            if (!position.equals(Position.NONE)) {
                String[] place = position.place().split(" ", 2);
                rows = Long.parseLong(place[0]);
                crawl = place[1];
                refuseWhatIsMissing();
            }
            isReady = true;
        }

        private void refuseWhatIsMissing() throws IOException {
            String found;
            try {
                Optional<Mark> mark = SqliteFile.this.mark(name);
                List<String> there = columns(name);
                Optional<String> missing = names.stream().filter(column -> !there.contains(column)).findFirst();
                if (mark.isEmpty() || there.isEmpty()) {
                    found = "is missing";
                } else if (!mark.get().crawl().equals(crawl)) {
                    found = "is that of another crawl";
                } else if (mark.get().rows() < rows) {
                    found = "has " + mark.get().rows() + " rows";
                } else if (missing.isPresent()) {
                    found = "has no column " + missing.get();
                } else {
                    return;
                }
            } catch (SQLException e) {
                throw failure(e);
            }
            throw new JournalException(Refusal.OUTPUT,
                    path + ": the table " + name + " " + found + ", and " + rows + " rows were committed");
        }

        private void begin() throws SQLException {
            if (!isReady) {
                throw new IllegalStateException(name + ": written before its crawl began");
            }
            if (rows == 0) {
                execute(connection, "DROP TABLE IF EXISTS " + quoted(name));
                execute(connection, "CREATE TABLE " + quoted(name) + " (" + quoted(number) + " INTEGER PRIMARY KEY, "
                        + content.columns()
                                .entrySet()
                                .stream()
                                .map(column -> quoted(column.getKey())
                                        + (" " + column.getValue().sqlite()).stripTrailing())
                                .collect(Collectors.joining(", "))
                        + ")");
            } else {
                execute(connection,
                        "DELETE FROM " + quoted(name) + " WHERE " + quoted(number) + " > " + rows);
            }
            insert = connection.prepareStatement("INSERT INTO " + quoted(name) + " (" + quoted(number) + ", "
                    + names.stream().map(SqliteFile::quoted).collect(Collectors.joining(", ")) + ") VALUES ("
                    + String.join(", ", Collections.nCopies(names.size() + 1, "?")) + ")");
        }

        @Override
        public void write(Outcome outcome) throws IOException {
            run(() -> {
                SqliteFile.this.begin();
                for (Map<String, ? extends @Nullable Object> row : content.rows().apply(outcome)) {
                    insert(row);
                }
            });
        }

        private void insert(Map<String, ? extends @Nullable Object> row) throws SQLException {
            PreparedStatement statement = Objects.requireNonNull(insert);
            statement.setLong(1, rows + 1);
            for (int i = 0; i < names.size(); i++) {
                bind(statement, i + 2, row.get(names.get(i)));
            }
            statement.executeUpdate();
            rows++;
            isDirty = true;
        }

        private void mark() throws SQLException {
            try (PreparedStatement statement =
                    connection.prepareStatement("INSERT OR REPLACE INTO " + POSITIONS + " VALUES (?, ?, ?, ?)")) {
                statement.setString(1, name);
                statement.setString(2, content.kind());
                statement.setString(3, crawl);
                statement.setLong(4, rows);
                statement.executeUpdate();
            }
        }

        @Override
        public Position commit() throws IOException {
            save();
            return new Position(rows + " " + crawl, List.of());
        }

        @Override
        public void flush() throws IOException {
            if (isReady) {
                save();
            }
        }

        @Override
        public void close() throws IOException {
            if (--open == 0) {
                end();
            }
        }
    }

    /** Numbers that SQLite has no type for are the nearest that it has; what has no row of its own is JSON. */
    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setObject(index, null);
            case String text -> statement.setString(index, Json.wellFormed(text));
            case Boolean truth -> statement.setInt(index, truth ? 1 : 0);
            case Long whole -> statement.setLong(index, whole);
            case Integer whole -> statement.setLong(index, whole);
            case BigInteger whole when whole.bitLength() < Long.SIZE -> statement.setLong(index, whole.longValue());
            case Double real when !Double.isFinite(real) -> statement.setObject(index, null); // as in JSON
            case Float real when !Float.isFinite(real) -> statement.setObject(index, null);
            case Number number -> {
                double real = new BigDecimal(number.toString()).doubleValue();
                if (Double.isFinite(real)) {
                    statement.setDouble(index, real);
                } else {
                    statement.setString(index, number.toString());
                }
            }
            case List<?> _,Map<?, ?> _ -> statement.setString(index, Json.wellFormed(Json.line(value)));
            default -> throw new IllegalArgumentException("not a value that can be written: " + value.getClass());
        }
    }
}
