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
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Crawls as processes of their own that end before their time, and go on. */
@Timeout(180)
class KilledCrawlTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGES = Boolean.getBoolean("fanout.ci") ? 100 : 60;
    private static final int KILLS = Boolean.getBoolean("fanout.ci") ? 3 : 1;
    /**
     * For a crawl that must not end by itself before its signal: all pages take six seconds or ten, and some are there
     * after the first flush, so that a busy machine has many times as long to send the signal as it needs.
     */
    private static final String[] SLOWLY = {"--set", "politeness.delay=100ms"};
    /** Fewer than are there after the first flush. */
    private static final int SOME = 10;

    private final SyntheticWeb web = SyntheticWeb.builder()
            .hosts(2)
            .pagesPerHost(PAGES)
            .latency(Latency.fixed(Duration.ofMillis(40)))
            .start();

    @TempDir
    private Path folder;

    @AfterEach
    void closeWeb() {
        web.close();
    }

    private String job() {
        return """
                version: 1
                name: killed
                startUrls: [%s]
                network: {allowedCidrs: [127.0.0.0/8]}
                politeness: {delay: 30ms, autoThrottle: false, perHostConcurrency: 4}
                extract:
                  - name: titles
                    fields: {title: {css: title}}
                """.formatted(String.join(", ", web.startUrls()));
    }

    private CommandProcess start(String... options) throws IOException, InterruptedException {
        return CommandProcess.start(folder, job(), options);
    }

    private long lines(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readAllBytes(path).length == 0 ? 0 : Files.readAllLines(path).size() : 0;
    }

    private List<String> values(String file, String key) throws IOException {
        return Files.readAllLines(folder.resolve(file))
                .stream()
                .map(line -> JSON.readTree(line).at(key).asString())
                .toList();
    }

    @Test
    void crawlThatIsKilledAgainAndAgainWritesEachUrlAndEachItemOnce() throws Exception {
        long seen = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = seen;
            try (CommandProcess command = start("--resume", SLOWLY[0], SLOWLY[1])) {
                await().atMost(Duration.ofSeconds(60)).until(() -> lines("pages.jsonl") > before + SOME);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
            seen = lines("pages.jsonl");
        }
        try (CommandProcess command = start("--resume")) {
            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertEverythingIsThereOnce();
            JsonNode report = command.report();
            assertThat(report.at("/finishReason").asString()).isEqualTo("exhausted");
            assertThat(report.at("/runs").asInt()).isEqualTo(KILLS + 1);
            assertThat(report.at("/accounting/ok").asInt()).isEqualTo(2 * PAGES);
            assertThat(report.at("/items").asInt()).isEqualTo(2 * PAGES);
            assertThat(report.at("/fields/0/filled").asInt()).as("of all runs").isEqualTo(2 * PAGES);
        }
        assertThat(folder.resolve("crawl.journal")).doesNotExist();
    }

    /** Members that a kill has torn are cut off; those that were committed stay. */
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void killedCrawlGoesOnInCompressedFiles(Compression compression) throws Exception {
        Path pages = folder.resolve("pages.jsonl" + compression.ending());
        Path items = folder.resolve("items.csv" + compression.ending());
        String[] outputs = {"--resume", "--set=output.pages=" + pages, "--set=output.items=" + items};
        long seen = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = seen;
            try (CommandProcess command = start(outputs[0], outputs[1], outputs[2], SLOWLY[0], SLOWLY[1])) {
                await().atMost(Duration.ofSeconds(60)).until(() -> bytes(pages) > before + 500);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
            seen = bytes(pages);
        }
        try (CommandProcess command = start(outputs)) {
            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertThat(command.report().at("/runs").asInt()).isEqualTo(KILLS + 1);
        }

        assertThat(lines(pages, compression).stream().map(line -> JSON.readTree(line).at("/url").asString()))
                .containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        List<String> rows = lines(items, compression);
        assertThat(rows.getFirst()).isEqualTo("_url,_rule,title");
        assertThat(rows.stream().filter(row -> row.startsWith("http")).map(row -> row.substring(0, row.indexOf(','))))
                .containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
    }

    private static long bytes(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static List<String> lines(Path file, Compression compression) throws IOException {
        try (InputStream text = compression.reading(Files.newInputStream(file))) {
            return new String(text.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private void assertEverythingIsThereOnce() throws IOException {
        assertThat(values("pages.jsonl", "/url")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(values("items.jsonl", "/_url")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
        assertThat(Files.readAllLines(folder.resolve("pages.jsonl")).stream().collect(Collectors.toSet()))
                .allMatch(line -> line.contains("\"outcome\":\"ok\""));
    }

    /** The lines of URLs that a signal has left untouched are taken back. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void summaryOfAnInterruptedCrawlNamesTheCommandThatGoesOn(String signal) throws Exception {
        try (CommandProcess command = start(SLOWLY)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> lines("pages.jsonl") > SOME);
            command.signal(signal);
            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.stderr()).containsPattern("\n  resume  scraper crawl (?!crawl ).* --resume\n");
        }
        assertThat(values("pages.jsonl", "/reason")).contains("interrupted");
        try (CommandProcess command = start("--resume")) {
            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertEverythingIsThereOnce();
        }
    }

    @Test
    void secondProcessIsRefusedAndTheLockDiesWithItsHolder() throws Exception {
        try (CommandProcess first = start(SLOWLY)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> lines("pages.jsonl") > SOME);
            CommandRun second = new CommandRun(folder);

            assertThat(second.crawl(job(), "--resume")).isEqualTo(2);
            assertThat(second.err()).contains("crawl.journal: another crawl has this journal");

            first.signal("KILL");
            first.exitCode();
        }
        CommandRun third = new CommandRun(folder);
        assertThat(third.crawl(job(), "--resume")).as(third.err()).isZero();
        assertEverythingIsThereOnce();
    }
}
