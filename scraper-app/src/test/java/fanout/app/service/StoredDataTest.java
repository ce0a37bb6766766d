package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.ExampleWeb;
import fanout.app.StoredFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Data folders that earlier versions' services have left, and this one takes. */
class StoredDataTest {

    @TempDir
    private Path data;

    private RunningService service(ExampleWeb web) throws Exception {
        return RunningService.start(data, "http: {proxy: \"" + web.proxy() + "\"}\n", Optional.empty(),
                Duration.ofSeconds(20));
    }

    private static void awaitEnds(RunningService service) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(states(service)).doesNotContain("queued", "running", "draining"));
    }

    private static String withoutFirstState(String line) {
        return line.replaceFirst(" (queued|running|draining|finished|cancelled) ", " ");
    }

    static Stream<String> folders() {
        return StoredFolders.ofEachVersion("data-stopped", "data-killed");
    }

    static Stream<String> killed() {
        return StoredFolders.ofEachVersion("data-killed");
    }

    @ParameterizedTest
    @MethodSource("folders")
    void folderOfAnEarlierVersionIsTakenWithEachLineOnce(String name) throws Exception {
        StoredFolders.unpack(name, data);
        List<String> expected =
                StoredFolders.expected(data).stream().map(StoredDataTest::withoutFirstState).toList();
        try (ExampleWeb web = StoredFolders.web(); RunningService service = service(web)) {
            awaitEnds(service);

            assertThat(crawls(service)).containsExactlyElementsOf(expected);
        }
    }

    /** But for the wish of a person that one of them ends, which stands nowhere else. */
    @ParameterizedTest
    @MethodSource("killed")
    void folderWithoutItsHistoryIsTakenTheSame(String name) throws Exception {
        StoredFolders.unpack(name, data);
        for (String part : List.of("", "-wal", "-shm")) {
            Files.delete(data.resolve("history.db" + part));
        }
        List<String> expected = StoredFolders.expected(data)
                .stream()
                .map(line -> line.replaceFirst(" draining cancelled 1[0-9] 0", " running finished 16 0"))
                .map(StoredDataTest::withoutFirstState)
                .toList();
        try (ExampleWeb web = StoredFolders.web(); RunningService service = service(web)) {
            awaitEnds(service);

            assertThat(crawls(service)).containsExactlyElementsOf(expected);
            for (JsonNode crawl : service.get(CRAWLS).json().get("crawls")) {
                JsonNode report = service.get(CRAWLS + "/" + crawl.get("id").stringValue() + "/report").json();
                assertThat(crawl.get("finishReason")).isEqualTo(report.get("finishReason"));
                for (String figure : List.of("discovered", "ok", "redirected", "failed", "skipped", "cancelled")) {
                    assertThat(crawl.get("progress").get(figure)).isEqualTo(report.get("accounting").get(figure));
                }
                assertThat(crawl.at("/progress/items")).isEqualTo(report.get("items"));
                assertThat(crawl.at("/progress/bytes")).isEqualTo(report.get("bytes"));
                Instant created = Instant.parse(crawl.get("createdAt").stringValue());
                assertThat(Instant.parse(crawl.get("startedAt").stringValue())).isBetween(created,
                        Instant.parse(crawl.get("finishedAt").stringValue()));
            }
        }
    }

    private static List<String> states(RunningService service) throws IOException {
        List<String> states = new ArrayList<>();
        service.get(CRAWLS).json().get("crawls").forEach(crawl -> states.add(crawl.get("state").stringValue()));
        return states;
    }

    private static List<String> crawls(RunningService service) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode crawl : service.get(CRAWLS).json().get("crawls")) {
            String path = CRAWLS + "/" + crawl.get("id").stringValue();
            List<JsonNode> pages = service.get(path + "/pages").rows();
            List<JsonNode> items = service.get(path + "/items").rows();
            assertThat(SlowCrawls.urls(pages)).hasSameSizeAs(pages);
            assertThat(items).doesNotHaveDuplicates();
            lines.add(String.join(" ", crawl.get("id").stringValue(), crawl.get("name").stringValue(),
                    crawl.get("state").stringValue(), String.valueOf(pages.size()), String.valueOf(items.size())));
        }
        return lines;
    }
}
