package fanout.app.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a data folder, by their names.
 *
 * <p>Thread-safe. Failures of the database are {@code IOException}s.
 */
public final class StoredTokens {

    private final HistoryDatabase database;

    StoredTokens(HistoryDatabase database) {
        this.database = database;
    }

    /**
     * Returns all, by their names.
     *
     * @throws IOException also if a row has no role or hash that this program knows: what it may open is not guessed
     */
    public List<StoredToken> all() throws IOException {
        List<Optional<StoredToken>> rows = database.query("SELECT * FROM token ORDER BY name", StoredTokens::read);
        if (rows.stream().anyMatch(Optional::isEmpty)) {
            throw new IOException("history.db has a token that this program did not write; restore it from a backup");
        }
        return rows.stream().flatMap(Optional::stream).toList();
    }

    private static Optional<StoredToken> read(ResultSet row) throws SQLException {
        String name = row.getString("name");
        String hash = row.getString("hash");
        Optional<TokenRole> role = TokenRole.of(row.getString("role"));
        if (name == null || role.isEmpty() || !hash.matches("[0-9a-f]{64}")) {
            return Optional.empty();
        }
        return Optional.of(new StoredToken(name, role.get(), hash, Instant.ofEpochMilli(row.getLong("created_at")),
                time(row, "expires_at"), time(row, "used_at")));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Adds a token; false if there is one of this name. */
    public boolean add(StoredToken token) throws IOException {
        return database.update("INSERT INTO token (name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?) "
                + "ON CONFLICT DO NOTHING", token.name(), token.role().label(), token.hash(),
                token.createdAt().toEpochMilli(), token.expiresAt().map(Instant::toEpochMilli).orElse(null)) == 1;
    }

    /** Forgets a token; returns false if no token has this name. */
    public boolean delete(String name) throws IOException {
        return database.update("DELETE FROM token WHERE name = ?", name) == 1;
    }

    /** Keeps when a token was used last. */
    public void used(String hash, Instant at) throws IOException {
        database.update("UPDATE token SET used_at = ? WHERE hash = ?", at.toEpochMilli(), hash);
    }
}
