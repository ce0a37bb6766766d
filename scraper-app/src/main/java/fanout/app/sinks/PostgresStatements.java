package fanout.app.sinks;

import static fanout.app.sinks.PostgresColumns.names;
import static fanout.app.sinks.PostgresColumns.quoted;

import fanout.app.config.Output;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is asked of a PostgreSQL database, for one table of one crawl. Each method is a part of a transaction, which the
 * caller commits. Immutable.
 *
 * @param columns with the types of their values
 */
record PostgresStatements(Output.Postgres output, Map<String, TableRows.Type> columns) {

    static final String POSITIONS = "scraper_positions";
    /** Crawls that create the same table at the same moment wait for each other. */
    private static final long CREATION = 0x7363_7261_7065_72L;

    /** Raises what a commit promises, if the server's configuration lets it promise less. */
    void prepare(Connection connection) throws SQLException {
        run(connection, "SELECT set_config('synchronous_commit', 'on', false) "
                + "WHERE current_setting('synchronous_commit') = 'off'");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isThere(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, quoted(table));
            try (ResultSet found = query.executeQuery()) {
                return found.next() && found.getBoolean(1);
            }
        }
    }

    /**
     * Checks that a table that is there takes the rows. Nothing is changed.
     *
     * @throws IOException if it does not; the message names the column
     */
    void check(Connection connection) throws SQLException, IOException {
        if (!isThere(connection, output.table())) {
            return;
        }
        Map<String, Column> found = found(connection);
        for (Map.Entry<String, TableRows.Type> column : columns.entrySet()) {
            String name = column.getKey();
            String type = PostgresColumns.created(column.getValue());
            Column there = found.remove(name);
            if (there == null) {
                throw new IOException("it has no column " + quoted(name) + "; add it by ALTER TABLE "
                        + quoted(output.table()) + " ADD COLUMN " + quoted(name) + " " + type
                        + ", or name another table");
            }
            if (!PostgresColumns.fits(column.getValue(), there.base())) {
                throw new IOException("its column " + quoted(name) + " is " + there.shown() + ", and the values need "
                        + type + "; change the column, or name another table");
            }
        }
        Optional<Map.Entry<String, Column>> needed =
                found.entrySet().stream().filter(column -> column.getValue().needsValue()).findFirst();
        if (needed.isPresent()) {
            throw new IOException("its column " + quoted(needed.get().getKey()) + " is NOT NULL without a default, and "
                    + "the crawl has no such field; give the column a default, or name another table");
        }
        explain(connection);
    }

    /** The statement is planned, and not run: rights, a missing index for the key and the like show. */
    private void explain(Connection connection) throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN " + insertion())) {
            statement.setString(1, "[]");
            statement.execute();
        } catch (SQLException e) {
            if (PostgresServer.isPassing(e)) {
                throw e;
            }
            throw new IOException(e.getSQLState().equals("42P10")
                    ? "it has no unique index on " + names("", output.key()) + ", by which upsert finds the row; add "
                            + "one, or name another table"
                    : PostgresServer.reason(e), e);
        }
    }

    /**
     * A column that is there.
     *
     * @param base its type, or that under its domain
     * @param shown its type as people write it
     * @param needsValue whether a row without it is refused
     */
    private record Column(String base, String shown, boolean needsValue) {}

    private Map<String, Column> found(Connection connection) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT a.attname, coalesce(b.typname, t.typname), format_type(a.atttypid, a.atttypmod),
                    a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
                FROM pg_attribute a
                JOIN pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_type b ON b.oid = t.typbasetype
                WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                """)) {
            query.setString(1, quoted(output.table()));
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    columns.put(found.getString(1),
                            new Column(found.getString(2), found.getString(3), found.getBoolean(4)));
                }
            }
        }
        return columns;
    }

    /** Creates the tables that are missing, and says that the crawl has begun. */
    void begin(Connection connection, String crawl) throws SQLException {
        run(connection, "SELECT pg_advisory_xact_lock(" + CREATION + ")");
        if (!isThere(connection, POSITIONS)) {
            run(connection, "CREATE TABLE " + POSITIONS + " (crawl uuid PRIMARY KEY, table_name text NOT NULL, "
                    + "row_count bigint NOT NULL, written_at timestamptz NOT NULL DEFAULT now())");
        }
        if (!isThere(connection, output.table())) {
            String key = output.key().isEmpty() ? "" : ", PRIMARY KEY (" + names("", output.key()) + ")";
            run(connection, "CREATE TABLE " + quoted(output.table()) + " (" + columns.entrySet()
                    .stream()
                    .map(column -> quoted(column.getKey()) + " " + PostgresColumns.created(column.getValue()))
                    .collect(Collectors.joining(", ")) + key + ")");
        }
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + POSITIONS
                + " (crawl, table_name, row_count) VALUES (CAST(? AS uuid), ?, 0) ON CONFLICT (crawl) DO NOTHING")) {
            statement.setString(1, crawl);
            statement.setString(2, output.table());
            statement.executeUpdate();
        }
    }

    /** Returns how many rows of a crawl the database has; empty if it does not know the crawl. */
    Optional<Long> rows(Connection connection, String crawl) throws SQLException {
        if (!isThere(connection, POSITIONS)) {
            return Optional.empty();
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT row_count FROM " + POSITIONS + " WHERE crawl = CAST(? AS uuid)")) {
            query.setString(1, crawl);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
            }
        }
    }

    /**
     * Moves the crawl's position, and keeps it for this transaction. Returns false if it is not where it was thought to
     * be: a transaction of a process that is dead, or of a connection that is broken, has come through.
     */
    boolean advance(Connection connection, String crawl, long from, long to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + POSITIONS
                + " SET row_count = ?, written_at = now() WHERE crawl = CAST(? AS uuid) AND row_count = ?")) {
            statement.setLong(1, to);
            statement.setString(2, crawl);
            statement.setLong(3, from);
            return statement.executeUpdate() == 1;
        }
    }

    /** Writes rows, which are objects in JSON. */
    void insert(Connection connection, List<String> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insertion())) {
            statement.setString(1, rows.stream().collect(Collectors.joining(",", "[", "]")));
            statement.executeUpdate();
        }
    }

    /** Of rows with the same key the last one counts; one statement may write a row once only. */
    private String insertion() {
        String table = quoted(output.table());
        List<String> all = List.copyOf(columns.keySet());
        List<String> key = output.key();
        String source = names("r.", all) + " FROM json_array_elements(CAST(? AS json)) WITH ORDINALITY AS e(v, n), "
                + "LATERAL json_populate_record(NULL::" + table + ", e.v) AS r ORDER BY ";
        String insert = "INSERT INTO " + table + " (" + names("", all) + ") SELECT ";
        if (key.isEmpty()) {
            return insert + source + "e.n";
        }
        String changed = all.stream()
                .filter(column -> !key.contains(column))
                .map(column -> quoted(column) + " = EXCLUDED." + quoted(column))
                .collect(Collectors.joining(", "));
        return insert + "DISTINCT ON (" + names("r.", key) + ") " + source + names("r.", key) + ", e.n DESC"
                + " ON CONFLICT (" + names("", key) + ") DO "
                + (changed.isEmpty() ? "NOTHING" : "UPDATE SET " + changed);
    }
}
