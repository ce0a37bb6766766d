package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Crawls whose outputs lie where an earlier crawl has left its own. */
@Timeout(120)
class KeptRunsCrawlTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int KILLS = Boolean.getBoolean("fanout.ci") ? 6 : 2;

    @TempDir
    private Path folder;

    private Site site;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        site = new Site("Page");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    private Map<String, String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            Map<String, String> files = new TreeMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
            return files;
        }
    }

    /** The folders of runs that were moved. */
    private List<Path> runs() throws IOException {
        Path previous = folder.resolve("previous");
        if (!Files.exists(previous)) {
            return List.of();
        }
        try (Stream<Path> runs = Files.list(previous)) {
            return runs.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void newCrawlMovesTheRunBeforeAndSaysWhereItIs() throws IOException {
        assertThat(command.crawl(site.job("/index.html"))).isZero();
        Map<String, String> first = files();
        assertThat(command.err()).doesNotContain("  before  ");

        CommandRun second = new CommandRun(folder);
        assertThat(second.crawl(site.job("/index.html"))).isZero();

        Path kept = runs().getFirst();
        assertThat(second.err()).contains("  before  " + kept.toRealPath() + "\n");
        for (String name : List.of("pages.jsonl", "items.jsonl", "report.json")) {
            assertThat(kept.resolve(name)).hasContent(first.get(name));
        }
        String start = JSON.readTree(first.get("report.json")).at("/startedAt").asString();
        assertThat(kept.getFileName()).hasToString(start.replaceAll("[-:]|\\.\\d+", ""));
        assertThat(second.rows("pages.jsonl")).hasSize(11);
    }

    @Test
    void crawlThatFindsTheSiteDownLeavesTheGoodRunAlone() throws IOException {
        command.crawl(site.job("/index.html"));
        String good = Files.readString(folder.resolve("pages.jsonl"));
        String job = site.job("/index.html");
        site.close();
        for (int night = 0; night < 3; night++) {
            assertThat(command.crawl(job)).isEqualTo(4);
        }

        assertThat(runs()).hasSize(1);
        assertThat(runs().getFirst().resolve("pages.jsonl")).hasContent(good);
        assertThat(command.rows("pages.jsonl")).hasSize(1);
    }

    @Test
    void keepOfZeroReplacesTheRunBefore() throws IOException {
        command.crawl(site.job("/index.html"));
        command.crawl(site.job("/index.html"), "--set", "output.keep=0");

        assertThat(folder.resolve("previous")).doesNotExist();
    }

    @Test
    void resumingACompleteCrawlSaysSoAndChangesNothing() throws IOException {
        command.crawl(site.job("/index.html"));
        Map<String, String> before = files();

        CommandRun resumed = new CommandRun(folder);
        assertThat(resumed.crawl(site.job("/index.html"), "--resume")).isZero();

        assertThat(files()).isEqualTo(before);
        assertThat(resumed.err().lines()).singleElement()
                .asString()
                .matches("nothing to resume: the crawl test of 20[-0-9T:.]+Z is complete, and its files stay as they "
                        + "are; without --resume it is crawled again");
    }

    @Test
    void crawlIsNotCompleteWithoutItsFilesOrWithAnotherName() throws IOException {
        command.crawl(site.job("/index.html"));
        assertThat(command.crawl(site.job("/index.html").replace("name: test", "name: other"), "--resume")).isZero();
        Files.delete(folder.resolve("items.jsonl"));
        assertThat(command.crawl(site.job("/index.html"), "--resume")).isZero();

        assertThat(command.err()).doesNotContain("nothing to resume")
                .contains("there is no crawl to resume in ");
        assertThat(command.rows("items.jsonl")).hasSize(11);
    }

    /** A crawl that ended early keeps its journal, and the report of one before it says nothing of it. */
    @Test
    void journalOfALaterCrawlCountsMoreThanAnEarlierReport() throws IOException {
        command.crawl(site.job("/index.html"));
        String complete = Files.readString(folder.resolve("report.json"));
        assertThat(command.crawl(site.job("/index.html"), "--set", "limits.maxPages=3", "--set", "output.keep=0"))
                .isZero();
        Files.writeString(folder.resolve("report.json"), complete);

        assertThat(command.crawl(site.job("/index.html"), "--resume")).isZero();
        assertThat(command.rows("pages.jsonl")).hasSize(11);
        assertThat(command.report().at("/runs").asInt()).isEqualTo(2);
    }

    /** The new crawl ended within its move, and the one before it can no longer be resumed. */
    @Test
    void resumingAfterADeathWithinTheMoveEndsTheMove() throws IOException {
        command.crawl(site.job("/index.html"), "--set", "limits.maxPages=3");
        Path kept = Files.createDirectories(folder.resolve("previous/20261201T030000Z"));
        Files.writeString(folder.resolve("previous/.moving"), "20261201T030000Z pages items report\n");
        Files.move(folder.resolve("items.jsonl"), kept.resolve("items.jsonl"));

        CommandRun resumed = new CommandRun(folder);
        assertThat(resumed.crawl(site.job("/index.html"), "--resume")).as(resumed.err()).isZero();

        assertThat(kept.toFile().list()).containsExactlyInAnyOrder("items.jsonl", "pages.jsonl", "report.json");
        assertThat(Files.readAllLines(kept.resolve("items.jsonl"))).hasSize(3);
        assertThat(resumed.rows("items.jsonl")).hasSize(11);
        assertThat(resumed.report().at("/runs").asInt()).isEqualTo(1);
        assertThat(folder.resolve("previous/.moving")).doesNotExist();
    }

    @Test
    void crawlThatCannotBeginLeavesTheReportOfTheGoodRun() throws IOException {
        command.crawl(site.job("/index.html"));
        Map<String, String> before = files();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(command.crawl(site.job("/index.html"), "--metrics-port",
                    Integer.toString(taken.getLocalPort()))).isEqualTo(2);
        }
        assertThat(files()).isEqualTo(before);
        before.put("previous", Files.readString(Files.writeString(folder.resolve("previous"), "mine")));

        assertThat(command.crawl(site.job("/index.html"))).isEqualTo(4);
        assertThat(command.err()).contains("scraper: cannot move ", "previous is a file, not a directory",
                "output.keep: 0");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void processThatIsKilledAsItBeginsLosesNoGoodRun() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            assertThat(command.crawl(site.job("/index.html"), "--set", "output.keep=0")).isZero();
            deletePrevious();
            try (CommandProcess process = CommandProcess.start(folder, site.job("/index.html"))) {
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofNanos(300_000))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> Files.exists(folder.resolve("previous")));
                process.signal("KILL");
                process.exitCode();
            }
            assertThat(wholeRuns()).as("after kill %d", kill).isEqualTo(1);
            assertThat(command.crawl(site.job("/index.html"), "--resume")).as(command.err()).isZero();
            assertThat(command.rows("pages.jsonl")).hasSize(11);
            assertThat(command.rows("items.jsonl")).hasSize(11);
        }
    }

    private void deletePrevious() throws IOException {
        if (Files.exists(folder.resolve("previous"))) {
            try (Stream<Path> all = Files.walk(folder.resolve("previous"))) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Files of pages that have every page, wherever they are. */
    private long wholeRuns() throws IOException {
        return files().entrySet()
                .stream()
                .filter(file -> file.getKey().endsWith("pages.jsonl"))
                .filter(file -> file.getValue().lines().filter(KeptRunsCrawlTest::isOk).count() == 11)
                .count();
    }

    private static boolean isOk(String line) {
        JsonNode page = JSON.readTree(line);
        return page.at("/outcome").asString().equals("ok");
    }
}
