package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.ExampleWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Crawls that would take more of the disk than they may. */
class QuotaCrawlsTest {

    private static final String SITE = "http://www.example.org/";
    private static final String FAST = "startUrls: [\"" + SITE + "\"]\nnetwork: {allowPrivateAddresses: true}\n"
            + "politeness: {delay: 0, autoThrottle: false}\nretries: {maxAttempts: 1}\n";

    @TempDir
    private Path data;

    private ExampleWeb web;

    @BeforeEach
    void open() throws IOException {
        web = new ExampleWeb();
    }

    @AfterEach
    void close() {
        web.close();
    }

    private RunningService service(String quota) throws Exception {
        return RunningService.start(data, "maxBytesPerCrawl: " + quota + "\nhttp: {proxy: \"" + web.proxy() + "\"}\n",
                Optional.empty(), Duration.ofSeconds(20));
    }

    private static String links(int count, String path) {
        return IntStream.range(0, count)
                .mapToObj(i -> "<a href='/" + path + i + ".html'>" + i + "</a>")
                .collect(Collectors.joining("", "<title>Links</title>", ""));
    }

    private long bytes(String crawl) throws IOException {
        try (Stream<Path> files = Files.walk(folder(crawl))) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private Path folder(String crawl) {
        return data.resolve("crawls").resolve(SlowCrawls.idOf(crawl));
    }

    private static void assertOneLineEach(RunningService service, String crawl) throws IOException {
        List<JsonNode> pages = service.get(crawl + "/pages").rows();
        assertThat(SlowCrawls.urls(pages)).hasSameSizeAs(pages);
        JsonNode report = service.get(crawl + "/report").json();
        assertThat(report.at("/accounting/discovered").asInt()).isEqualTo(pages.size());
        assertThat(report.at("/leakCheck/undeliveredResults").asInt()).isZero();
    }

    /** Links of 4,000 characters: what waits for its turn stands in the journal. */
    @Test
    void aCrawlWhoseJournalWouldTakeItAllEndsWithAllItsLines() throws Exception {
        web.page(SITE, links(1_000, "x".repeat(4_000)));
        try (RunningService service = service("1MiB")) {
            String crawl = service.submitted("name: long\n" + FAST);
            JsonNode failed = service.awaitState(crawl, "failed");

            assertThat(failed.get("failure").stringValue()).contains("maxBytesPerCrawl, 1048576 bytes");
            assertThat(failed.get("finishReason").stringValue()).isEqualTo("failed");
            assertThat(bytes(crawl)).isBetween(200_000L, 1L << 20);
            assertOneLineEach(service, crawl);
            assertThat(service.get(crawl + "/report").json().get("dropped").asInt()).isPositive();
        }
    }

    /** What it found besides would not fit, and is dropped; what it has reached counts. */
    @Test
    void aCrawlThatReachesMaxPagesIsFinishedWhateverIsLeft() throws Exception {
        web.page(SITE, links(60, ""));
        for (int i = 0; i < 60; i++) {
            web.page(SITE + i + ".html", "<title>Page</title>");
        }
        try (RunningService service = service("22KiB")) {
            String crawl = service.submitted("name: budget\nlimits: {maxPages: 5}\n" + FAST);
            JsonNode ended = service.awaitState(crawl, "finished", "failed");

            assertThat(ended.get("finishReason").stringValue()).as(ended.toString()).isEqualTo("maxPages");
            assertThat(ended.get("state").stringValue()).isEqualTo("finished");
            assertThat(ended.at("/progress/ok").asInt()).isEqualTo(5);
            assertThat(bytes(crawl)).isLessThanOrEqualTo(22 << 10);
            assertOneLineEach(service, crawl);
        }
    }

    @Test
    void aCrawlWithMoreRoomResumesWhereItsQuotaEndedIt() throws Exception {
        String items = "<p>" + "word ".repeat(400) + "</p>";
        web.page(SITE, links(20, ""));
        for (int i = 0; i < 20; i++) {
            web.page(SITE + i + ".html", items);
        }
        String job = "name: items\nextract: [{name: texts, fields: {text: {css: p}}}]\n" + FAST;
        String crawl;
        try (RunningService service = service("32KiB")) {
            crawl = service.submitted(job);
            JsonNode failed = service.awaitState(crawl, "failed");
            assertThat(failed.get("failure").stringValue()).contains("maxBytesPerCrawl");
            assertThat(bytes(crawl)).isLessThanOrEqualTo(32 << 10);
        }
        try (RunningService service = service("1MiB")) {
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertOneLineEach(service, crawl);
            assertThat(service.get(crawl + "/pages").rows()).hasSize(21);
            assertThat(service.get(crawl + "/items").rows()).hasSize(20);
        }
    }

    /** The umask of a service may be anybody's. */
    @Test
    void whatAServiceWritesIsForItsUserAlone() throws Exception {
        web.page(SITE, links(2, "")).page(SITE + "0.html", "0").page(SITE + "1.html", "1");
        try (RunningService service = service("1MiB")) {
            String crawl = service.submitted("name: own\nlimits: {maxPages: 1}\n" + FAST);
            service.awaitState(crawl, "finished");
            service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 2}}");
            service.awaitState(crawl, "finished");
            Set<PosixFilePermission> others = EnumSet.complementOf(EnumSet.of(PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
            try (Stream<Path> all = Files.walk(data)) {
                List<Path> made = all.filter(path -> !path.equals(data)).toList();
                assertThat(made).extracting(path -> path.getFileName().toString())
                        .contains("lock", "history.db", "history.db-wal", "access.jsonl", "job", "pages.jsonl",
                                "items.jsonl",
                                "report.json", "crawl.journal", "limits.json", "series.json");
                for (Path path : made) {
                    assertThat(Files.getPosixFilePermissions(path)).as(path.toString())
                            .doesNotContainAnyElementsOf(others);
                }
            }
        }
    }
}
