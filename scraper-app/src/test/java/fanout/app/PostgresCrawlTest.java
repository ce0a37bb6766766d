package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Crawls whose results are rows of a PostgreSQL database, which runs as a process of its own. */
@Timeout(180)
class PostgresCrawlTest {

    private static final int KILLS = Boolean.getBoolean("fanout.ci") ? 3 : 1;
    private static PostgresCluster database;

    private final SyntheticWeb web = SyntheticWeb.builder()
            .hosts(2)
            .pagesPerHost(60)
            .latency(Latency.fixed(Duration.ofMillis(10)))
            .start();

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = PostgresCluster.start();
    }

    @AfterAll
    static void closeDatabase() throws Exception {
        if (database != null) {
            database.close();
        }
    }

    @BeforeEach
    void dropTables() throws SQLException {
        database.rows("DROP TABLE IF EXISTS pages, items, scraper_positions");
    }

    @AfterEach
    void closeWeb() {
        web.close();
    }

    private String table(String... more) {
        return "{jdbc: \"" + database.url() + "\", user: shop, password: \"" + PostgresCluster.PASSWORD + "\""
                + String.join("", more) + "}";
    }

    private String job(String pages, String items) {
        return """
                version: 1
                name: rows
                startUrls: [%s]
                network: {allowedCidrs: [127.0.0.0/8]}
                politeness: {delay: 10ms, autoThrottle: false, perHostConcurrency: 4}
                extract:
                  - name: titles
                    fields: {title: {css: title, required: true}, links: {css: a, list: true}}
                output:
                  pages: %s
                  items: %s
                  report: F/report.json
                  journal: F/crawl.journal
                  flushTimeout: 20s
                """.formatted(String.join(", ", web.startUrls()), pages, items).replace("F/", folder + "/");
    }

    private String tables() {
        return job(table(), table());
    }

    private void assertEverythingIsThereOnce() throws SQLException, IOException {
        assertThat(database.rows("SELECT url FROM pages WHERE outcome = 'ok' AND status = 200"))
                .containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(database.rows("SELECT _url FROM items WHERE _rule = 'titles' AND jsonb_typeof(links) = 'array'"))
                .containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(folder.resolve("crawl.journal")).doesNotExist();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".spool"))).isEmpty();
        }
    }

    @Test
    void missingTablesAreCreatedAndGetEveryRow() throws Exception {
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(tables())).as(run.err()).isZero();

        assertEverythingIsThereOnce();
        assertThat(database.rows("SELECT column_name, data_type FROM information_schema.columns "
                + "WHERE table_name = 'items' ORDER BY ordinal_position"))
                .containsExactly("_url|text", "_rule|text", "title|text", "links|jsonb");
        assertThat(run.err()).contains("  pages   the table pages of " + database.url() + "\n")
                .doesNotContain(PostgresCluster.PASSWORD);
    }

    @Test
    void killedCrawlHasEachRowOnce() throws Exception {
        long seen = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = seen;
            try (CommandProcess command =
                    CommandProcess.startAsItSays(folder, tables(), "--resume", "--set", "politeness.delay=100ms")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> count("items") > before + 15);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
            seen = count("items");
        }
        CommandRun last = new CommandRun(folder);

        assertThat(last.crawlAsItSays(tables(), "--resume")).as(last.err()).isZero();

        assertEverythingIsThereOnce();
        assertThat(last.report().at("/runs").asInt()).isEqualTo(KILLS + 1);
    }

    @Test
    void databaseThatIsKilledInMidCrawlLosesNothing() throws Exception {
        try (CommandProcess command =
                CommandProcess.startAsItSays(folder, tables(), "--set", "politeness.delay=50ms")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> count("items") > 10);
            database.kill();
            database.begin();
            assertThat(command.exitCode()).as(command.stderr()).isZero();
        }

        assertEverythingIsThereOnce();
    }

    @Test
    void databaseThatStaysAwayEndsTheCrawlAndResumeLosesNothing() throws Exception {
        try (CommandProcess command = CommandProcess.startAsItSays(folder, tables(), "--set", "politeness.delay=100ms",
                "--set", "output.flushTimeout=1s")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> count("items") > 10);
            database.kill();
            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(4);
            assertThat(command.stderr())
                    .contains(" of " + database.url() + ": the database was not available for 1000 ms");
        } finally {
            database.begin();
        }
        CommandRun last = new CommandRun(folder);

        assertThat(last.crawlAsItSays(tables(), "--resume")).as(last.err()).isZero();

        assertEverythingIsThereOnce();
    }

    /** Whoever is late first, the crawl's end or the database, the message names the table. */
    @Test
    void databaseThatGoesAwayAtTheEndIsNamed() throws Exception {
        try (CommandProcess command = CommandProcess.startAsItSays(folder, tables(), "--set", "output.flushTimeout=1s",
                "--set", "politeness.delay=40ms")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> web.arrivalCount() > 115);
            database.kill();
            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(4);
            assertThat(command.stderr()).contains("cannot write the table ", " of " + database.url());
        } finally {
            database.begin();
        }
        CommandRun last = new CommandRun(folder);

        assertThat(last.crawlAsItSays(tables(), "--resume")).as(last.err()).isZero();

        assertEverythingIsThereOnce();
    }

    @Test
    void databaseThatIsDownAtTheStartEndsTheCrawlBeforeAnyRequest() throws Exception {
        String job = tables();
        database.kill();
        try {
            CommandRun run = new CommandRun(folder);
            assertThat(run.crawlAsItSays(job)).isEqualTo(4);
            assertThat(run.err()).contains("cannot write the table pages of " + database.url() + ": ", "refused");
            assertThat(web.arrivalCount()).isZero();
        } finally {
            database.begin();
        }
    }

    @Test
    void wrongPasswordIsSaidAndNotShown() throws Exception {
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(tables().replace(PostgresCluster.PASSWORD, "battery staple"))).isEqualTo(4);

        assertThat(run.err()).contains("password authentication failed for user \"shop\"")
                .doesNotContain("battery staple");
        assertThat(web.arrivalCount()).isZero();
        assertThat(Files.readString(folder.resolve("report.json"))).doesNotContain("battery staple");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    _url text, _rule text, title text                             | it has no column "links"; add it by ALTER TABLE
                    _url text, _rule text, title integer, links jsonb             | its column "title" is integer, and the values need text
                    _url text, _rule text, title text, links jsonb, n int NOT NULL | its column "n" is NOT NULL without a default
                    """)
    void tableThatDoesNotFitIsRefusedByItsColumn(String columns, String words) throws Exception {
        database.rows("CREATE TABLE items (" + columns + ")");
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(tables())).isEqualTo(4);

        assertThat(run.err()).contains("cannot write the table items of " + database.url() + ": " + words);
        assertThat(web.arrivalCount()).isZero();
        assertThat(count("pages")).isZero();
    }

    @Test
    void rowThatIsRefusedIsNamedAndComesWhenTheTableTakesIt() throws Exception {
        database.rows("CREATE TABLE items (_url text, _rule text, title varchar(3), links json, more serial)");
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(tables())).isEqualTo(4);

        assertThat(run.err())
                .containsPattern("the row of http://\\S+: value too long for type character varying\\(3\\)");
        database.rows("ALTER TABLE items ALTER COLUMN title TYPE text, ALTER COLUMN links TYPE jsonb");
        CommandRun last = new CommandRun(folder);
        assertThat(last.crawlAsItSays(tables(), "--resume")).as(last.err()).isZero();
        assertEverythingIsThereOnce();
    }

    @Test
    void upsertKeepsOneRowForEachKeyAndTheLastValue() throws Exception {
        String job = job(folder + "/pages.jsonl", table(", mode: upsert, key: [_rule]"));

        for (int run = 1; run <= 2; run++) {
            CommandRun crawl = new CommandRun(folder);
            assertThat(crawl.crawlAsItSays(job)).as(crawl.err()).isZero();
            List<String> urls = crawl.rows("pages.jsonl").stream().map(page -> page.at("/url").asString()).toList();
            assertThat(database.rows("SELECT _rule, _url FROM items")).containsExactly("titles|" + urls.getLast());
        }
    }

    @Test
    void tableOfUpsertNeedsAnIndexForItsKey() throws Exception {
        database.rows("CREATE TABLE items (_url text, _rule text, title text, links jsonb)");
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(job(folder + "/pages.jsonl", table(", mode: upsert, key: [title]")))).isEqualTo(4);

        assertThat(run.err()).contains("it has no unique index on \"title\", by which upsert finds the row");
    }

    /** A database that was restored from an older copy, or emptied. */
    @Test
    void databaseThatDoesNotKnowTheCrawlIsRefused() throws Exception {
        assertThat(new CommandRun(folder).crawlAsItSays(tables(), "--set", "limits.maxPages=5")).isZero();
        database.rows("DELETE FROM scraper_positions");
        CommandRun refused = new CommandRun(folder);

        assertThat(refused.crawlAsItSays(tables(), "--resume")).isEqualTo(2);

        assertThat(refused.err()).contains("the database does not know this crawl");
    }

    @Test
    void crawlWithoutAJournalWritesEachRow() throws Exception {
        CommandRun run = new CommandRun(folder);

        assertThat(run.crawlAsItSays(tables().replaceFirst("journal: \\S+", "journal: null"))).as(run.err()).isZero();

        assertEverythingIsThereOnce();
    }

    private static long count(String table) throws SQLException {
        return database.rows("SELECT to_regclass('" + table + "') IS NOT NULL").equals(List.of("t"))
                ? Long.parseLong(database.rows("SELECT count(*) FROM " + table).getFirst())
                : 0;
    }
}
