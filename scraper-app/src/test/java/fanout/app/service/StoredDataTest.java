package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.ExampleWeb;
import fanout.app.StoredFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Data folders that an earlier version's service has left, and this one takes. */
class StoredDataTest {

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(strings = {"data-stopped", "data-killed"})
    void folderOfAnEarlierVersionIsTakenWithEachLineOnce(String name) throws Exception {
        StoredFolders.unpack(name, data);
        List<String> expected = StoredFolders.expected(data)
                .stream()
                .map(line -> line.replaceFirst(" (queued|running|draining|finished|cancelled) ", " "))
                .toList();
        try (ExampleWeb web = StoredFolders.web();
                RunningService service = RunningService.start(data, "http: {proxy: \"" + web.proxy() + "\"}\n",
                        Optional.empty(), Duration.ofSeconds(20))) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(states(service))
                            .doesNotContain("queued", "running", "draining"));

            assertThat(crawls(service)).containsExactlyElementsOf(expected);
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
