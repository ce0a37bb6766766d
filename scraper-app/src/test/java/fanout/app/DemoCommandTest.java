package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class DemoCommandTest {

    /** Short, and under the folder that tests run in, as a user's would be. */
    private static final Path SHORT = Path.of("target", "demo");

    private static final JsonMapper JSON = new JsonMapper();

    /** One run for all tests that only read what it said and wrote. */
    private static CommandRun demo = new CommandRun(SHORT);

    private static int code = -1;

    @TempDir
    private Path folder;

    private CommandRun command;

    @BeforeAll
    static void runTheDemo() {
        demo = new CommandRun(SHORT);
        code = demo.run("demo", "--output", SHORT.toString());
    }

    @BeforeEach
    void prepare() {
        command = new CommandRun(folder);
    }

    @Test
    void theDemoCrawlsItsShopAndSaysWhatCameOfIt() {
        assertThat(code).as(demo.err()).isZero();
        assertThat(demo.err()).contains("crawling the demo shop at http://127.0.0.1:").doesNotContain("exhausted");
        assertThat(demo.out().lines().toList())
                .anyMatch(line -> line.matches("demo: exhausted after [0-9.]+ s"))
                .anyMatch(line -> line.matches("  42 items extracted, [0-9.]+ kB, [0-9.]+ pages/s, latency .*"))
                .contains("  ok            63", "  redirected     1", "  failed         2  http_status 2",
                        "  skipped        1  robots 1", "  cancelled      0", "  discovered    67")
                .contains("Items: the first 8 of 42")
                .anyMatch(line -> line.matches("  title +price  tags +stock  link"))
                .anyMatch(line -> line.contains("target/demo/items.jsonl"))
                .contains("  scraper demo --serve --port 8090 --output target/demo",
                        "  scraper crawl target/demo/job.yaml --metrics-port 9400");
    }

    @Test
    void everyLineFitsATerminalOfEightyColumns() {
        assertThat(demo.out().lines()).hasSizeGreaterThan(25)
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(80));
        // A slow machine also writes lines of progress, which go to a log here: on a terminal the display has lines of
        // its own.
        assertThat(demo.err().lines()).filteredOn(line -> !line.endsWith("to the deadline"))
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(80));
    }

    @Test
    void theTableShowsTheItemsAsTheyStandInTheFile() throws IOException {
        List<String> lines = demo.out().lines().toList();
        int row = lines.indexOf("Items: the first 8 of 42") + 4;
        for (String json : demo.lines("items.jsonl").subList(0, 8)) {
            JsonNode item = JSON.readTree(json);
            String title = item.get("title").asString();
            assertThat(lines.get(row++))
                    .startsWith("  " + title.substring(0, Math.min(title.length(), 16)))
                    .containsPattern("\\s" + json.replaceAll(".*\"price\":([0-9.]+),.*", "$1") + "\\s")
                    .containsPattern("\\s" + item.get("stock").asInt() + "\\s");
        }
    }

    @Test
    void theFilesAreThoseOfAnyCrawl() throws IOException {
        assertThat(command.run("demo", "--output", folder.toString(), "--progress", "none")).isZero();

        assertThat(command.err()).isEmpty();
        assertThat(command.out().lines()).contains("", "Items: the first 8 of 42", "  ok            63")
                .anyMatch(line -> line.contains(folder.resolve("items.jsonl").toString()))
                .contains("  scraper demo --serve --port 8090 --output " + folder);
        assertThat(command.lines("pages.jsonl")).hasSize(67);
        assertThat(command.lines("items.jsonl")).hasSize(42);
        assertThat(command.report().at("/accounting/ok").asInt())
                .isEqualTo(63);
        assertThat(folder.resolve("job.yaml")).content()
                .contains("startUrls: [\"http://127.0.0.1:")
                .doesNotContain("${");
    }

    @Test
    void aPortInUseAndAPortThatIsNoneAreBadUsage() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(command.run("demo", "--port", Integer.toString(other.getLocalPort()))).isEqualTo(2);
            assertThat(command.err()).contains("cannot open the shop on 127.0.0.1:" + other.getLocalPort());
        }
        try (HighestPort _ = new HighestPort()) {
            assertThat(command.run("demo", "--port", HighestPort.NUMBER)).isEqualTo(2);
            assertThat(command.err()).contains("cannot open the shop on 127.0.0.1:65535: ");
        }
        assertThat(command.run("demo", "--port", "65536")).isEqualTo(2);
        assertThat(command.err()).contains("--port must be between 0 and 65535: 65536");
        assertThat(command.run("demo", "--port", "-1")).isEqualTo(2);
        assertThat(command.err()).contains("--port must be between 0 and 65535: -1");
    }

    @Test
    void aFolderThatCannotBeWrittenEndsTheDemoBeforeAnyFetch() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(command.run("demo", "--output", file.resolve("demo").toString())).isEqualTo(4);

        assertThat(command.err())
                .contains("scraper: cannot write " + file.resolve("demo/job.yaml") + ": " + file
                        + " is a file, not a directory")
                .doesNotContain("crawling");
        assertThat(command.out()).isEmpty();
    }
}
