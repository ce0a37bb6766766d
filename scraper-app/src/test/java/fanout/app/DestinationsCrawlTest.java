package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.sink.Compression;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Crawls that write their results to several destinations. */
@Timeout(180)
class DestinationsCrawlTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int KILLS = Boolean.getBoolean("fanout.ci") ? 3 : 1;

    private final SyntheticWeb web = SyntheticWeb.builder()
            .hosts(2)
            .pagesPerHost(60)
            .latency(Latency.fixed(Duration.ofMillis(20)))
            .start();

    @TempDir
    private Path folder;

    @AfterEach
    void closeWeb() {
        web.close();
    }

    private String job(String pages, String items) {
        return """
                version: 1
                name: several
                startUrls: [%s]
                network: {allowedCidrs: [127.0.0.0/8]}
                politeness: {delay: 10ms, autoThrottle: false, perHostConcurrency: 4}
                extract:
                  - name: titles
                    fields: {title: {css: title}}
                output:
                  pages: %s
                  items: %s
                  report: F/report.json
                """.formatted(String.join(", ", web.startUrls()), pages, items).replace("F/", folder + "/");
    }

    private String twoOfEach() {
        return job("[F/pages.jsonl, F/copy/pages.csv]", "[F/items.jsonl.gz, {path: F/copy/items.txt, format: jsonl}]");
    }

    private static List<String> lines(Path file) throws IOException {
        try (InputStream text = Compression.of(file).reading(Files.newInputStream(file))) {
            return new String(text.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private List<String> urls(String file) throws IOException {
        return lines(folder.resolve(file)).stream()
                .map(line -> JSON.readTree(line))
                .map(line -> line.path("url").asString(line.path("_url").asString("")))
                .toList();
    }

    private void assertEverythingIsEverywhereOnce() throws IOException {
        assertThat(urls("pages.jsonl")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(lines(folder.resolve("copy/pages.csv")).stream()
                .skip(1)
                .map(row -> row.substring(0, row.indexOf(','))))
                .isEqualTo(urls("pages.jsonl"));
        assertThat(urls("items.jsonl.gz")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(lines(folder.resolve("copy/items.txt"))).isEqualTo(lines(folder.resolve("items.jsonl.gz")));
    }

    @Test
    void eachDestinationGetsEveryLineAndTheFirstIsNamed() throws IOException {
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(twoOfEach())).as(run.err()).isZero();

        assertEverythingIsEverywhereOnce();
        assertThat(run.err()).contains("  pages   " + folder + "/pages.jsonl and 1 more\n",
                "  items   " + folder + "/items.jsonl.gz and 1 more\n");
    }

    @Test
    void killedCrawlWritesEachLineOnceToEachDestination() throws Exception {
        long seen = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = seen;
            try (CommandProcess command = CommandProcess.startAsItSays(folder, twoOfEach(), "--resume", "--set",
                    "politeness.delay=100ms")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> size("copy/pages.csv") > before + 2_000);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
            seen = size("copy/pages.csv");
        }
        CommandRun last = new CommandRun(folder);

        assertThat(last.crawlAsItSays(twoOfEach(), "--resume")).as(last.err()).isZero();

        assertEverythingIsEverywhereOnce();
        assertThat(last.report().at("/runs").asInt()).isEqualTo(KILLS + 1);
    }

    private long size(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.size(path) : 0;
    }

    @Test
    void newCrawlMovesEveryFileOfTheRunBefore() throws IOException {
        assertThat(new CommandRun(folder).crawlAsItSays(twoOfEach())).isZero();

        CommandRun second = new CommandRun(folder);
        assertThat(second.crawlAsItSays(twoOfEach())).as(second.err()).isZero();

        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(file -> file.toString().contains("previous") && Files.isRegularFile(file))
                    .map(file -> folder.relativize(file).toString().replaceAll("[0-9]{8}T[0-9]{6}Z", "RUN")))
                    .containsExactlyInAnyOrder("previous/RUN/pages.jsonl", "previous/RUN/items.jsonl.gz",
                            "previous/RUN/report.json", "copy/previous/RUN/pages.csv", "copy/previous/RUN/items.txt");
        }
        assertEverythingIsEverywhereOnce();
    }

    private String tables() {
        return job("{path: F/a.sqlite, table: urls}", "[F/items.jsonl, F/a.sqlite]");
    }

    /** The first column of what a query finds. */
    private List<String> sqlite(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.sqlite"));
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(query)) {
                ResultSet found = statement.getResultSet();
                while (found.next()) {
                    rows.add(found.getString(1));
                }
            }
            return rows;
        }
    }

    private void assertTablesHaveEverythingOnce() throws Exception {
        assertThat(sqlite("SELECT url FROM urls WHERE outcome = 'ok' AND status = 200 AND typeof(bytes) = 'integer'"))
                .containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(sqlite("SELECT _url FROM items WHERE _rule = 'titles' ORDER BY _id")).isEqualTo(urls("items.jsonl"));
        assertThat(urls("items.jsonl")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(sqlite("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void killedCrawlHasEachRowOnceInTheTablesOfOneFile() throws Exception {
        long seen = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = seen;
            try (CommandProcess command = CommandProcess.startAsItSays(folder, tables(), "--resume", "--set",
                    "politeness.delay=100ms")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> size("items.jsonl") > before + 1_000);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
            seen = size("items.jsonl");
        }
        CommandRun last = new CommandRun(folder);

        assertThat(last.crawlAsItSays(tables(), "--resume")).as(last.err()).isZero();

        assertTablesHaveEverythingOnce();
        assertThat(last.report().at("/runs").asInt()).isEqualTo(KILLS + 1);
    }

    /** Also a killed run, part of which lies in a file next to the database. */
    @Test
    void newCrawlMovesTheDatabaseOfAKilledOneAsOneFile() throws Exception {
        try (CommandProcess command =
                CommandProcess.startAsItSays(folder, tables(), "--set", "politeness.delay=100ms")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> size("items.jsonl") > 1_000);
            command.signal("KILL");
            assertThat(command.exitCode()).isEqualTo(137);
        }
        assertThat(folder.resolve("a.sqlite-wal")).exists();

        CommandRun second = new CommandRun(folder);
        assertThat(second.crawlAsItSays(tables())).as(second.err()).isZero();

        assertTablesHaveEverythingOnce();
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(file -> file.getFileName().toString().startsWith("a.sqlite"))
                    .map(file -> folder.relativize(file).toString().replaceAll("[0-9]{8}T[0-9]{6}Z", "RUN")))
                    .containsExactlyInAnyOrder("a.sqlite", "previous/RUN/a.sqlite");
        }
    }

    @Test
    void databaseOfAnotherProgramIsRefusedAndLeftAsItIs() throws Exception {
        sqlite("CREATE TABLE items (mine)");
        sqlite("INSERT INTO items VALUES (7)");
        byte[] before = Files.readAllBytes(folder.resolve("a.sqlite"));

        CommandRun refused = new CommandRun(folder);
        assertThat(refused.crawlAsItSays(tables())).isEqualTo(4);

        assertThat(refused.err()).contains("cannot write " + folder + "/a.sqlite: it has a table items that no crawl "
                + "has written; name another table or another file");
        assertThat(folder.resolve("a.sqlite")).hasBinaryContent(before);
    }

    /** The run before wrote one file only, and the first of the list is not there yet. */
    @Test
    void goodRunIsKeptWhenAnotherFileIsPutBeforeItsOwn() throws IOException {
        assertThat(new CommandRun(folder).crawlAsItSays(job("F/pages.jsonl", "F/items.jsonl"))).isZero();

        CommandRun second = new CommandRun(folder);
        assertThat(second.crawlAsItSays(job("[F/first.jsonl, F/pages.jsonl]", "F/items.jsonl"))).isZero();

        assertThat(second.err()).contains("  before  ");
        assertThat(urls("first.jsonl")).isEqualTo(urls("pages.jsonl"));
    }

    @Test
    void anotherListOfDestinationsIsRefusedByName() throws IOException {
        String small = "--set=limits.maxPages=5";
        String one = job("F/pages.jsonl", "F/items.jsonl");
        assertThat(new CommandRun(folder).crawlAsItSays(one, small)).isZero();
        List<String> before = lines(folder.resolve("pages.jsonl"));

        for (String items : List.of("[F/items.jsonl, F/more.jsonl]", "[F/more.jsonl, F/items.jsonl]", "F/more.jsonl")) {
            CommandRun refused = new CommandRun(folder);
            assertThat(refused.crawlAsItSays(job("F/pages.jsonl", items), small, "--resume")).isEqualTo(2);
            assertThat(refused.err()).contains("this job has another value of output.items. Put that back");
        }
        assertThat(lines(folder.resolve("pages.jsonl"))).isEqualTo(before);
        assertThat(folder.resolve("more.jsonl")).doesNotExist();
        assertThat(new CommandRun(folder).crawlAsItSays(
                job("[F/pages.jsonl]", "[{path: F/items.jsonl}]"), "--resume"))
                .as("a list of one is the same as its element")
                .isZero();
    }

    @Test
    void destinationThatIsNoFileIsNamedByItsPlaceInTheList() throws IOException {
        CommandRun refused = new CommandRun(folder);

        assertThat(refused.crawlAsItSays(job("[F/pages.jsonl, /dev/null]", "F/items.jsonl"), "--resume")).isEqualTo(2);

        assertThat(refused.err()).contains("output.pages[1], /dev/null, is no plain file");
    }
}
