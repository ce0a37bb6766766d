package fanout.app.sinks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an earlier run has left in a {@link SqliteFile}. Stateless; each connection ends with its call. */
public final class SqliteResults {

    private SqliteResults() {}

    /** Has everything in one file, which a process that was killed leaves in several. */
    public static void settle(Path file) throws IOException {
        if (!SqliteFile.isDatabase(file)) {
            return;
        }
        try (Connection connection = SqliteFile.connect(file)) {
            SqliteFile.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw SqliteFile.failure(e);
        }
    }

    /**
     * What a database says of the run that wrote its pages or items.
     *
     * @param isGood whether it has a page that is ok, unmodified or fresh; of a database without pages, an item
     * @param fetchedAt when the first such page was fetched
     */
    public record Content(boolean isGood, Optional<Instant> fetchedAt) {}

    /** Returns what the tables of a crawl say. */
    public static Content content(Path file, String kind) throws IOException {
        try (Connection connection = SqliteFile.connect(file)) {
            for (String table : tables(connection, kind)) {
                Content content = content(connection, table, kind.equals("pages"));
                if (content.isGood()) {
                    return content;
                }
            }
            return new Content(false, Optional.empty());
        } catch (SQLException e) {
            throw SqliteFile.failure(e);
        }
    }

    private static List<String> tables(Connection connection, String kind) throws SQLException {
        if (SqliteFile.columns(connection, SqliteFile.POSITIONS).isEmpty()) {
            return List.of();
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT table_name FROM " + SqliteFile.POSITIONS
                        + " JOIN sqlite_master ON name = table_name WHERE kind = ?")) {
            query.setString(1, kind);
            List<String> names = new ArrayList<>();
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
            return names;
        }
    }

    private static Content content(Connection connection, String table, boolean arePages) throws SQLException {
        String query = arePages
                ? "SELECT fetchedAt FROM " + SqliteFile.quoted(table)
                        + " WHERE outcome IN ('ok', 'unmodified') OR reason = 'fresh' LIMIT 1"
                : "SELECT NULL FROM " + SqliteFile.quoted(table) + " LIMIT 1";
        try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(query)) {
            return found.next() ? new Content(true, time(found.getString(1))) : new Content(false, Optional.empty());
        }
    }

    private static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // it was changed
        }
    }
}
