package fanout.app.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of the database, in order. SQLite keeps the number of the last step that was made in the file itself
 * ({@code user_version}), and a step and its number are one transaction. Steps are added at the end, and never changed.
 */
final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private static final List<List<String>> STEPS = List.of(
            List.of("""
                    CREATE TABLE crawl (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        name TEXT NOT NULL,
                        json INTEGER NOT NULL,
                        state TEXT NOT NULL,
                        end_wanted INTEGER NOT NULL DEFAULT 0,
                        created_at INTEGER NOT NULL,
                        started_at INTEGER,
                        finished_at INTEGER,
                        finish_reason TEXT,
                        failure TEXT,
                        progress TEXT,
                        bytes INTEGER NOT NULL DEFAULT 0)""",
                    "CREATE INDEX crawl_state ON crawl (state, number)",
                    "CREATE INDEX crawl_name ON crawl (name, number)"),
            List.of("""
                    CREATE TABLE job (
                        name TEXT PRIMARY KEY,
                        ended_at INTEGER NOT NULL,
                        succeeded_at INTEGER,
                        pages INTEGER)"""),
            List.of("ALTER TABLE crawl ADD COLUMN unclean_ends INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE crawl ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE crawl ADD COLUMN hold TEXT",
                    // what an older program has left as running may have been stopped in order
                    "UPDATE crawl SET suspended = 1 WHERE state IN ('running', 'draining')"),
            List.of("ALTER TABLE crawl ADD COLUMN baseline TEXT",
                    "ALTER TABLE crawl ADD COLUMN figures TEXT",
                    "ALTER TABLE crawl ADD COLUMN broken TEXT",
                    "ALTER TABLE job ADD COLUMN figures TEXT"),
            List.of("""
                    CREATE TABLE token (
                        name TEXT PRIMARY KEY,
                        role TEXT NOT NULL,
                        hash TEXT NOT NULL UNIQUE,
                        created_at INTEGER NOT NULL,
                        expires_at INTEGER,
                        used_at INTEGER)"""));

    private Migrations() {}

    /**
     * Looks whether the database is a history that this program knows; nothing is changed.
     *
     * @throws IOException if it is not
     */
    static void check(Connection connection) throws SQLException, IOException {
        int version = version(connection);
        if (version > STEPS.size()) {
            throw new IOException(
                    "the history was written by a newer version of this program (its version is " + version
                            + ", this program knows " + STEPS.size()
                            + "); start that version, or name another folder by --data");
        }
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT count(*) FROM sqlite_master WHERE type = 'table'")) {
            if (version == 0 && found.next() && found.getInt(1) > 0) {
                throw new IOException(
                        "history.db is a database of another program; move it away, or name another folder by --data");
            }
        }
    }

    /** Whether the database is new, or has lost everything. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return version(connection) == 0;
    }

    /** Whether a start changes the database. */
    static boolean isOld(Connection connection) throws SQLException {
        return version(connection) < STEPS.size();
    }

    /**
     * Brings the database to the version of this program. A history that contains crawls is converted with a line in
     * the log.
     */
    static void apply(Connection connection) throws SQLException {
        int version = version(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (int step = version; step < STEPS.size(); step++) {
                for (String sql : STEPS.get(step)) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + (step + 1));
                connection.commit();
            }
        } finally {
            connection.setAutoCommit(true);
        }
        if (version > 0 && version < STEPS.size()) {
            LOG.warn("the history was converted from version {} to {}; an older version of this program cannot use it "
                    + "any more", version, STEPS.size());
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("PRAGMA user_version")) {
            return found.getInt(1);
        }
    }
}
