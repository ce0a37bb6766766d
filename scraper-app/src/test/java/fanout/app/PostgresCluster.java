package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the tests' own, with its data in a temporary folder and a free port of loopback. A plain build
 * without PostgreSQL skips the test. Closing ends the server and deletes the folder.
 */
public final class PostgresCluster implements AutoCloseable {

    public static final String PASSWORD = "correct horse";
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path folder;
    private final int port;

    private PostgresCluster(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    public static PostgresCluster start() throws IOException, InterruptedException, SQLException {
        assumeTrue(Boolean.getBoolean("fanout.ci"), "a database is slow: such tests run with -Dfanout.ci=true");
        Path programs = programs().orElseThrow(() -> new AssertionError("PostgreSQL is not installed"));
        Path folder = Path.of(run(asUser("mktemp", "-d", "-t", "scraper-postgres-XXXXXX")).strip());
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PostgresCluster cluster = new PostgresCluster(programs, folder, port);
        boolean isStarted = false;
        try {
            run(asUser("sh", "-c", "printf '%s' \"$1\" > \"$2\"", "sh", PASSWORD, folder + "/password"));
            run(asUser(cluster.program("initdb"), "-D", folder + "/data", "-U", "shop", "-E", "UTF8", "--no-sync",
                    "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=" + folder + "/password"));
            cluster.begin();
            isStarted = true;
            return cluster;
        } finally {
            if (!isStarted) {
                cluster.deleteFolder();
            }
        }
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(VERSIONS)) {
            List<Path> found = new ArrayList<>();
            versions.forEach(version -> found.add(version.resolve("bin")));
            return found.stream()
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    /** The server refuses to run as root. */
    private static List<String> asUser(String... words) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.addAll(List.of(words));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("said", ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command + " has ended").isTrue();
            String words = Files.readString(said);
            assertThat(process.exitValue()).as(words).isZero();
            return words;
        } finally {
            Files.delete(said);
        }
    }

    /** Starts the server, and waits until it answers. */
    void begin() throws IOException, InterruptedException, SQLException {
        run(asUser(program("pg_ctl"), "-D", folder + "/data", "-w", "-l", folder + "/log", "-o",
                "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20",
                "start"));
    }

    /** Kills the server with all its processes. */
    void kill() throws IOException {
        ProcessHandle server = server().orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(server));
        server.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private Optional<ProcessHandle> server() throws IOException {
        Path file = folder.resolve("data/postmaster.pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file, UTF_8).lines().findFirst().orElseThrow()))
                : Optional.empty();
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "shop", PASSWORD);
    }

    /** The rows of a query, the values of each joined by |. */
    public List<String> rows(String query) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(query)) {
                ResultSet found = statement.getResultSet();
                while (found.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        values.add(found.getString(i));
                    }
                    rows.add(String.join("|", values));
                }
            }
            return rows;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (server().isPresent()) {
                kill();
            }
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
