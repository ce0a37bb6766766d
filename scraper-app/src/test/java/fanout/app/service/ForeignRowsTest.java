package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.StoredFolders;
import fanout.app.store.DataCheck;
import fanout.app.store.DataCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Rows of a history that another program has written: an id is the name of a folder, and leads anywhere. */
class ForeignRowsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path data;
    private Path victim;

    /** The victim has all that a crawl has which ran, except that its last line is half written. */
    @BeforeEach
    void unpack() throws Exception {
        data = Files.createDirectory(folder.resolve("data"));
        StoredFolders.unpack("version1b/data-killed", data);
        victim = Files.createDirectory(folder.resolve("victim"));
        try (Stream<Path> crawls = Files.list(data.resolve("crawls"))) {
            Path running =
                    crawls.filter(crawl -> Files.exists(crawl.resolve("crawl.journal"))).findFirst().orElseThrow();
            for (String file : new String[]{"job", "pages.jsonl", "items.jsonl", "crawl.journal"}) {
                Files.copy(running.resolve(file), victim.resolve(file));
            }
        }
        Files.writeString(victim.resolve("pages.jsonl"),
                Files.readString(victim.resolve("pages.jsonl")) + "half a line");
        Files.writeString(victim.resolve("report.json"), "{\"finishReason\": \"exhausted\"}");
    }

    private void row(String id, String state) throws Exception {
        try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                PreparedStatement statement = history.prepareStatement("INSERT INTO crawl (id, name, json, state, "
                        + "created_at, finished_at) VALUES (?, 'victim', 0, ?, 1, 1)")) {
            statement.setString(1, id);
            statement.setString(2, state);
            statement.execute();
        }
    }

    private void sql(String... statements) throws Exception {
        try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                Statement statement = history.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(victim)) {
            for (Path path : all.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path, ISO_8859_1));
            }
        }
        return files;
    }

    private RunningService service(String more) throws Exception {
        return RunningService.start(data, "resumeOnStart: false\nhttp: {proxy: \"http://127.0.0.1:9\"}\n" + more,
                Optional.empty(), PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "running", "draining", "held", "finished", "failed", "cancelled", "lost"})
    void aRowWhoseIdLeadsOutTouchesNothing(String state) throws Exception {
        row("../../victim", state);
        Map<String, String> before = files();
        try (RunningService service = service("retention: {maxAge: 1ms}\n")) {
            for (JsonNode crawl : service.get(CRAWLS + "?limit=1000").json().get("crawls")) {
                assertThat(crawl.get("name").stringValue()).isNotEqualTo("victim");
            }
            assertThat(service.get(CRAWLS + "/..%2F..%2Fvictim/report").status()).isEqualTo(404);
            assertThat(service.delete(CRAWLS + "/..%2F..%2Fvictim").status()).isEqualTo(404);
        }
        assertThat(files()).isEqualTo(before);
        assertThat(victim.resolveSibling("victim.deleted")).doesNotExist();
        assertThat(DataCheck.of(data).problems()).extracting(Finding::what)
                .anyMatch(what -> what.endsWith("with the id \"../../victim\" and the state \"" + state + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "0mx59zzzzzzzzzzz", "0mx59zzzzzzzzzzzzz", "0MX59ZZZZZZZZZZZZ",
        "0mx59zzzzzzzzzz/.", "0mx59zz\0../../vict", "0mx59zzzzzzzzzzzz\0/../../victim"})
    void onlyIdsOfTheServicesFormAreIds(String id) throws Exception {
        row(id, "finished");
        try (RunningService service = service("")) {
            assertThat(service.get(CRAWLS + "?limit=1000").json().get("crawls")).hasSize(12);
        }
        assertThat(DataCheck.of(data).problems()).extracting(Finding::what)
                .anyMatch(what -> what.startsWith("has what the service did not write: row 13 with the id "));
    }

    @Test
    void aRowOfAnUnknownStateIsToldAndNotUsed() throws Exception {
        row("0mx59zzzzzzzzzzzz", "exploded");
        try (RunningService service = service("")) {
            assertThat(service.get(CRAWLS + "?limit=1000").json().get("crawls")).hasSize(12);
        }
        assertThat(DataCheck.of(data).problems()).anySatisfy(problem -> {
            assertThat(problem.what()).endsWith("with the id \"0mx59zzzzzzzzzzzz\" and the state \"exploded\"");
            assertThat(problem.isFatal()).isFalse();
        });
    }

    @Test
    void manyRowsAreCounted() throws Exception {
        for (int i = 0; i < 15; i++) {
            row("../../victim" + i, "running");
        }
        assertThat(DataCheck.of(data).problems()).extracting(Finding::what)
                .contains("has 5 more such rows")
                .filteredOn(what -> what.startsWith("has what the service did not write"))
                .hasSize(10);
    }

    /** Figures of a crawl that has ended, and when it was submitted. */
    @ParameterizedTest
    @ValueSource(strings = {"progress = '{\"ok\": '", "progress = 'nonsense'", "progress = '[[[]]]'",
        "progress = zeroblob(100)", "created_at = 9223372036854775807", "created_at = -9223372036854775807",
        "started_at = 'then'", "finished_at = 9223372036854775807", "bytes = -1", "finish_reason = '?'",
        "json = 'yes'"})
    void aDamagedRowKeepsNoServiceFromItsStart(String damage) throws Exception {
        sql("UPDATE crawl SET " + damage + " WHERE state = 'finished'", "DROP TABLE IF EXISTS job",
                "CREATE TABLE job (name TEXT PRIMARY KEY, ended_at INTEGER NOT NULL, succeeded_at INTEGER, "
                        + "pages INTEGER)");
        try (RunningService service = service("")) {
            Answer list = service.get(CRAWLS + "?limit=1000");
            assertThat(list.status()).as(list.text()).isEqualTo(200);
            assertThat(list.json().get("crawls")).hasSize(12);
        }
    }
}
