package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Crawls that earlier versions began, and this one resumes: a job of then is the same job now. */
class StoredCrawlsTest {

    @TempDir
    private Path folder;

    static Stream<String> crawls() {
        return StoredFolders.ofEachVersion("crawl-plain-killed", "crawl-rules-killed", "crawl-json-killed",
                "crawl-scope-killed", "crawl-sitemaps-killed", "crawl-plain-max-pages", "crawl-plain-interrupted",
                "crawl-plain-exhausted", "crawl-long-compacting", "crawl-long-compacted");
    }

    @ParameterizedTest
    @MethodSource("crawls")
    void crawlOfAnEarlierVersionResumesWithEachLineOnce(String name) throws IOException {
        StoredFolders.unpack(name, folder);
        String job = Files.readString(folder.resolve("job.yaml"));
        boolean hasJournal = Files.exists(folder.resolve("crawl.journal"));
        CommandRun command = new CommandRun(folder);
        try (ExampleWeb web = StoredFolders.web()) {
            int code = command.crawl(job, "--quiet", "--resume", "--set", "http.proxy=\"" + web.proxy() + "\"", "--set",
                    "network.allowedCidrs=[127.0.0.0/8]");

            assertThat(code).as(command.err()).isZero();
        }
        assertThat(found(command)).containsExactlyElementsOf(StoredFolders.expected(folder));
        assertThat(command.rows("items.jsonl")).doesNotHaveDuplicates();
        assertThat(command.report().get("runs").intValue()).as(command.err()).isEqualTo(hasJournal ? 2 : 1);
    }

    private static List<String> found(CommandRun command) throws IOException {
        List<String> lines = new ArrayList<>(
                command.rows("pages.jsonl").stream().map(StoredCrawlsTest::outcome).sorted().toList());
        lines.add("items " + command.lines("items.jsonl").size());
        return lines;
    }

    private static String outcome(JsonNode page) {
        return Stream.of("url", "outcome", "reason")
                .filter(key -> !page.get(key).isNull())
                .map(key -> page.get(key).stringValue())
                .reduce((left, right) -> left + " " + right)
                .orElseThrow()
                .replaceAll("x{7900}", "LONG");
    }
}
