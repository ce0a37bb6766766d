package fanout.app.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * The SQLite database of a data folder. What a method has written is there after a crash of the process; a power
 * failure may take the last moments.
 *
 * <p>Thread-safe: one connection, used by one thread at a time. That lock is held during reads and writes of a local
 * file, which wait for no other process. Owns the connection. Failures of the file are {@code IOException}s.
 */
final class HistoryDatabase implements AutoCloseable {

    /** What SQLite adds to the name of the database, for its files. */
    static final List<String> PARTS = List.of("", "-wal", "-shm", "-journal");
    private static final Logger LOG = LoggerFactory.getLogger(HistoryDatabase.class);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Connection connection;

    private HistoryDatabase(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the database, which may not exist yet, and brings it to this program's version. A damaged one is kept
     * under another name, and a new one begun.
     */
    static HistoryDatabase open(Path file) throws IOException {
        for (String part : PARTS) { // SQLite would follow a link, and wait for the other end of a pipe
            Path path = file.resolveSibling(file.getFileName() + part);
            Optional<String> odd = OwnFiles.odd(path);
            if (odd.isPresent()) {
                throw new IOException(path + " " + odd.get() + "; it is where the history must be");
            }
        }
        try {
            try {
                return connect(file);
            } catch (SQLException e) {
                if (!isDamage(e)) {
                    throw e;
                }
                Path kept = setAside(file);
                LOG.error(
                        "the history {} is damaged: {}. It is kept as {}, and a new one is made from the folders of "
                                + "the crawls; look through them, then delete it",
                        file, e.getMessage(), kept);
                return connect(file);
            }
        } catch (SQLException e) {
            throw new IOException("cannot use " + file + ": " + e.getMessage(), e);
        }
    }

    private static HistoryDatabase connect(Path file) throws SQLException, IOException {
        OwnFiles.create(file); // what SQLite puts next to it has its permissions
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            check(statement);
            Migrations.check(connection);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            Migrations.apply(connection);
        } catch (SQLException | IOException | RuntimeException e) {
            try (connection) {
                throw e;
            }
        }
        return new HistoryDatabase(connection);
    }

    /** Reads every page of the file. */
    static void check(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (found.next() && !found.getString(1).equals("ok")) {
                throw new SQLException(found.getString(1), null, SQLiteErrorCode.SQLITE_CORRUPT.code);
            }
        }
    }

    static boolean isDamage(SQLException e) {
        int code = e.getErrorCode() & 0xff; // without what SQLite adds to it
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    private static Path setAside(Path file) throws IOException {
        String suffix = ".damaged-" + Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
        Path kept = file.resolveSibling(file.getFileName() + suffix);
        for (String part : PARTS.reversed()) {
            Path old = file.resolveSibling(file.getFileName() + part);
            if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(old, kept.resolveSibling(kept.getFileName() + part));
            }
        }
        return kept;
    }

    /** Runs a statement that changes rows; returns how many. */
    int update(String sql, @Nullable Object... values) throws IOException {
        return withStatement(sql, values, PreparedStatement::executeUpdate);
    }

    /** Reads a row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Returns all rows of a query. */
    <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) throws IOException {
        return withStatement(sql, values, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(row.read(rows));
                }
                return found;
            }
        });
    }

    /** Runs a statement, and gives what came of it. */
    @FunctionalInterface
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T withStatement(String sql, @Nullable Object[] values, Work<T> work) throws IOException {
        lock.lock();
        try {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                return work.with(statement);
            }
        } catch (SQLException e) {
            throw new IOException("cannot use the history: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("cannot close the history: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
