package fanout.app.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A history that can be neither read nor written for a while: its table has another name. */
public record LostTable(Path folder, String table) {

    /** The table of the crawls. */
    public LostTable(Path folder) {
        this(folder, "crawl");
    }

    public void take() throws SQLException {
        rename(table, "away");
    }

    public void putBack() throws SQLException {
        rename("away", table);
    }

    private void rename(String from, String to) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE " + from + " RENAME TO " + to);
        }
    }
}
