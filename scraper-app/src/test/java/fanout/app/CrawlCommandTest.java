package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class CrawlCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Site site;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void openSite() throws IOException {
        site = new Site("Page \u001b[31m\u202e");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void aCrawlWritesEveryPageEveryItemAndTheReport() throws IOException {
        int code = crawl(site.job("/index.html"));

        assertThat(code).as(err.toString()).isZero();
        List<JsonNode> pages = lines("pages.jsonl");
        assertThat(pages).hasSize(11).allMatch(page -> page.get("outcome").asString().equals("ok"));
        assertThat(pages).extracting(page -> page.get("url").asString()).contains(site.url("/10.html"));
        assertThat(lines("items.jsonl")).hasSize(11)
                .allMatch(item -> item.get("head").asString().endsWith(".html") && item.size() == 3);
        JsonNode report = report();
        assertThat(report.at("/finishReason").asString()).isEqualTo("exhausted");
        assertThat(report.at("/accounting/discovered").asInt()).isEqualTo(11);
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(11);
        assertThat(report.at("/items").asInt()).isEqualTo(11);
        assertThat(report.at("/leakCheck/liveTasks").asInt()).isZero();
        assertThat(err.toString()).contains("test: exhausted after", "  ok            11", "  11 items extracted, ");
    }

    @Test
    void csvIsWrittenWhereThePathSaysSo() throws IOException {
        assertThat(crawl(site.job("/index.html"), "--set", "output.items=" + folder.resolve("i.csv"), "--pages",
                folder.resolve("p.csv").toString())).isZero();

        assertThat(Files.readAllLines(folder.resolve("p.csv"))).hasSize(12)
                .first()
                .asString()
                .startsWith("url,outcome,");
        assertThat(Files.readAllLines(folder.resolve("i.csv"))).hasSize(12).first().isEqualTo("_url,_rule,head");
    }

    @Test
    void aBadJobIsRefusedWithEveryProblemAndLeavesOldFilesAlone() throws IOException {
        Path old = Files.writeString(folder.resolve("pages.jsonl"), "old");

        int code = crawl(site.job("/index.html") + "limts: {}\nconcurrency: none\n");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("job.yaml:7:1: unknown key \"limts\"; did you mean \"limits\"?",
                "job.yaml:8:14: concurrency must be a whole number, not \"none\"");
        assertThat(old).hasContent("old");
        assertThat(folder.resolve("report.json")).doesNotExist();
    }

    @Test
    void theJobsOwnFileIsNoOutput() throws IOException {
        assertThat(crawl(site.job("/index.html"), "--report", folder.resolve("job.yaml").toString())).isEqualTo(2);

        assertThat(err.toString()).contains("the job's own file cannot be an output");
        assertThat(Files.readString(folder.resolve("job.yaml"))).startsWith("name:");
    }

    @Test
    void aMissingFileABadOptionAndNoCommandAreBadUsage() {
        assertThat(run("crawl", folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(run("crawl")).isEqualTo(2);
        assertThat(run("crawl", "a", "--progress", "loud")).isEqualTo(2);
        assertThat(run("crawl", "a", "--metrics-port", "70000")).isEqualTo(2);
        assertThat(run("crawl", "a", "--evil\u001b[2J")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("there is no file", "a command is missing", "--help")
                .doesNotContain("\u001b");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpAndVersionAreThereForEveryCommand() {
        for (String[] words : new String[][]{{"--help"}, {"--version"}, {"crawl", "--help"}, {"crawl", "--version"}}) {
            assertThat(run(words)).isZero();
        }
        assertThat(out.toString()).contains("Usage: scraper", "Usage: scraper crawl", "--metrics-port", "130")
                .contains("completion")
                .doesNotContainPattern("(?m)^ *serve ");
        assertThat(out.toString().lines().filter(line -> line.matches("scraper [0-9].*"))).hasSize(2);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void nothingOkIsFailure() throws IOException {
        int code =
                crawl(site.job("/index.html").replace("allowPrivateAddresses: true", "allowPrivateAddresses: false"));

        assertThat(code).isEqualTo(4);
        assertThat(report().at("/accounting/reasons/private_address").asInt()).isEqualTo(1);
    }

    @Test
    void anUnwritableOutputFailsBeforeAnyFetchAndIsReported() throws IOException {
        Files.writeString(folder.resolve("file"), "no folder");

        int code = crawl(site.job("/slow/index.html"), "--pages", folder.resolve("file/pages.jsonl").toString());

        assertThat(code).isEqualTo(4);
        assertThat(site.slowRequests).hasValue(0);
        assertThat(report().at("/finishReason").asString()).isEqualTo("failed");
        String reason = "cannot write " + folder.resolve("file/pages.jsonl") + ": " + folder.resolve("file")
                + " is a file, not a folder";
        assertThat(report().at("/failure").asString()).contains(reason);
        assertThat(err.toString().lines()).containsExactly("scraper: " + reason);
    }

    @Test
    void aFullDiskFailsTheCrawlAndTheReportSaysHowMuchIsMissing() throws IOException {
        int code = crawl(site.job("/index.html"), "--pages", "/dev/full");

        assertThat(code).isEqualTo(4);
        JsonNode report = report();
        assertThat(report.at("/finishReason").asString()).isEqualTo("failed");
        assertThat(report.at("/leakCheck/undeliveredResults").asInt())
                .isEqualTo(report.at("/accounting/discovered").asInt())
                .isPositive();
        assertThat(report.at("/failure").asString()).contains("cannot write /dev/full: no space left on device");
        assertThat(err.toString().lines()).contains("cannot write /dev/full: no space left on device",
                "  11 results may be missing in the files", "  report  " + folder.resolve("report.json"));
    }

    @Test
    void aReportThatIsNotThereIsNotListed() throws IOException {
        assertThat(crawl(site.job("/index.html"), "--report", "/dev/full")).isEqualTo(4);

        assertThat(err.toString().lines()).contains("scraper: cannot write /dev/full: no space left on device",
                "  report  not written").doesNotContain("  report  /dev/full");
        assertThat(lines("pages.jsonl")).hasSize(11);
    }

    @Test
    void aFailureIsNotSilentWithoutProgress() throws IOException {
        assertThat(crawl(site.job("/index.html"), "--pages", "/dev/full", "--progress", "none")).isEqualTo(4);

        assertThat(err.toString().lines())
                .containsExactly("scraper: cannot write /dev/full: no space left on device");
    }

    @Test
    void droppedItemsAreInTheSummary() throws IOException {
        String job = site.job("/index.html").replace("head: {css: h1}", "head: {css: h6, required: true}");

        assertThat(crawl(job)).isZero();

        assertThat(err.toString()).contains("\n  0 items extracted, ",
                "\n  11 items dropped: a required field was missing\n");
    }

    @Test
    void aReportThatCannotBeWrittenFailsBeforeAnyFetch() throws IOException {
        assertThat(crawl(site.job("/slow/index.html"), "--report", folder.toString())).isEqualTo(4);
        assertThat(site.slowRequests).hasValue(0);
        assertThat(err.toString()).contains("scraper: cannot write " + folder + ": it is a folder");
    }

    @Test
    void theDeadlineHasItsCode() throws IOException {
        int code = crawl(site.job("/slow/"), "--set", "limits.maxDuration=1s");

        assertThat(code).isEqualTo(3);
        assertThat(report().at("/finishReason").asString()).isEqualTo("maxDuration");
        assertThat(lines("pages.jsonl")).hasSize(11);
    }

    @Test
    void aMetricsPortInUseIsBadUsage() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = crawl(site.job("/index.html"), "--metrics-port", String.valueOf(taken.getLocalPort()));

            assertThat(code).isEqualTo(2);
            assertThat(err.toString()).contains("cannot serve metrics on 127.0.0.1:" + taken.getLocalPort());
            assertThat(report().at("/finishReason").asString()).isEqualTo("failed");
        }
    }

    private int crawl(String job, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job, UTF_8);
        List<String> words = new ArrayList<>(List.of("crawl", file.toString()));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of("--set", "output.report=" + folder.resolve("report.json")));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream().map(JSON::readTree).toList();
    }

    private JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }
}
