package fanout.app.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** A row of the history's table, as a record. */
final class CrawlRow {

    static final String COLUMNS = "id, name, json, state, end_wanted, created_at, started_at, finished_at, "
            + "finish_reason, failure, progress, bytes, broken, unclean_ends, suspended, hold";

    private CrawlRow() {}

    static CrawlRecord read(ResultSet row) throws SQLException {
        return new CrawlRecord(row.getString("id"), row.getString("name"), row.getBoolean("json"),
                CrawlState.of(row.getString("state")).orElseThrow(), row.getBoolean("end_wanted"),
                Instant.ofEpochMilli(row.getLong("created_at")), time(row, "started_at"), time(row, "finished_at"),
                Optional.ofNullable(row.getString("finish_reason")), Optional.ofNullable(row.getString("failure")),
                Optional.ofNullable(row.getString("progress")), row.getLong("bytes"),
                Optional.ofNullable(row.getString("broken")),
                new CrawlRecord.Ends(row.getInt("unclean_ends"), row.getBoolean("suspended"),
                        Optional.ofNullable(row.getString("hold"))));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
