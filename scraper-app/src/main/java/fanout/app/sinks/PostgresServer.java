package fanout.app.sinks;

import fanout.app.config.Output;
import fanout.app.extension.LibraryFolder;
import fanout.job.Secrets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way to a PostgreSQL server, by the driver in {@code lib/postgresql}. Immutable. */
record PostgresServer(Output.Postgres output, Driver driver) {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Of conditions that pass, by the first two letters of SQL's states: the connection, the server's resources. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "40");
    /** Shutdown, crash, start, a lock, a statement's time, a server that has become a standby. */
    private static final Set<String> PASSING =
            Set.of("57P01", "57P02", "57P03", "57P05", "55P03", "57014", "25006", "25P03");

    /** @throws IOException if the driver is missing */
    static PostgresServer of(Output.Postgres output) throws IOException {
        LibraryFolder library = LibraryFolder.named("postgresql");
        try {
            Class<?> driver = Class.forName("org.postgresql.Driver", true, library.loader());
            return new PostgresServer(output, (Driver) driver.getConstructor().newInstance());
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new IOException("there is no PostgreSQL driver in " + library.path() + ", where the distribution has "
                    + "one", e);
        }
    }

    /** Connects; each wait for the server is bounded, and the caller bounds them together. */
    Connection connect(Duration socketTimeout) throws SQLException {
        Properties settings = new Properties();
        output.user().ifPresent(user -> settings.setProperty("user", user));
        output.password().map(Secrets.Secret::value).ifPresent(word -> settings.setProperty("password", word));
        settings.setProperty("connectTimeout", seconds(CONNECT));
        settings.setProperty("socketTimeout", seconds(socketTimeout));
        settings.setProperty("tcpKeepAlive", "true");
        settings.setProperty("prepareThreshold", "0"); // behind a pool each transaction may have another server process
        if (!output.url().contains("ApplicationName=")) {
            settings.setProperty("ApplicationName", "scraper");
        }
        Connection connection = driver.connect(output.url(), settings);
        if (connection == null) {
            throw new SQLException("not a URL of a PostgreSQL database");
        }
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("given up while it was connected");
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            try (connection) {
                throw e;
            }
        }
    }

    private static String seconds(Duration time) {
        return String.valueOf(Math.max(1, time.toSeconds()));
    }

    /** Returns whether the same may succeed later, without anything being changed in the database. */
    static boolean isPassing(SQLException e) {
        String state = e.getSQLState();
        return state == null ? e.getCause() instanceof IOException
                : PASSING.contains(state) || PASSING_CLASSES.contains(state.substring(0, Math.min(2, state.length())));
    }

    /** Returns what the server or the driver says, in a line and without what rows contain. */
    static String reason(SQLException e) {
        @Nullable
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse(message).replaceFirst("^(ERROR|FATAL|PANIC): ", "").strip();
        boolean isWord = line.length() > 1 && Character.isLowerCase(line.charAt(1));
        String words = isWord ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
        return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
    }
}
