package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class CrawlCommandTest {

    @TempDir
    private Path folder;

    private Site site;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        site = new Site("Page \u001b[31m\u202e");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void aCrawlWritesEveryPageEveryItemAndTheReport() throws IOException {
        int code = command.crawl(site.job("/index.html"));

        assertThat(code).as(command.err()).isZero();
        List<JsonNode> pages = command.rows("pages.jsonl");
        assertThat(pages).hasSize(11).allMatch(page -> page.get("outcome").asString().equals("ok"));
        assertThat(pages).extracting(page -> page.get("url").asString()).contains(site.url("/10.html"));
        assertThat(command.rows("items.jsonl")).hasSize(11)
                .allMatch(item -> item.get("head").asString().endsWith(".html") && item.size() == 3);
        JsonNode report = command.report();
        assertThat(report.at("/finishReason").asString()).isEqualTo("exhausted");
        assertThat(report.at("/accounting/discovered").asInt()).isEqualTo(11);
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(11);
        assertThat(report.at("/items").asInt()).isEqualTo(11);
        assertThat(report.at("/leakCheck/liveTasks").asInt()).isZero();
        assertThat(report.at("/fields")).hasToString("[{\"rule\":\"heads\",\"field\":\"head\",\"items\":11,"
                + "\"filled\":11,\"percent\":100.0}]");
        assertThat(command.err()).contains("test: exhausted after", "  ok            11", "  11 items extracted, ",
                "  heads, 11 items: head 100 %\n");
    }

    @Test
    void csvIsWrittenWhereThePathSaysSo() throws IOException {
        assertThat(command.crawl(site.job("/index.html"), "--set", "output.items=" + folder.resolve("i.csv"), "--pages",
                folder.resolve("p.csv").toString())).isZero();

        assertThat(command.lines("p.csv")).hasSize(12)
                .first()
                .asString()
                .startsWith("url,outcome,");
        assertThat(command.lines("i.csv")).hasSize(12).first().isEqualTo("_url,_rule,head");
    }

    @Test
    void aBadJobIsRefusedWithEveryProblemAndLeavesOldFilesAlone() throws IOException {
        Path old = Files.writeString(folder.resolve("pages.jsonl"), "old");

        int code = command.crawl(site.job("/index.html") + "limts: {}\nconcurrency: none\n");

        assertThat(code).isEqualTo(2);
        assertThat(command.err()).contains("job.yaml:7:1: unknown key \"limts\"; did you mean \"limits\"?",
                "job.yaml:8:14: concurrency must be a whole number, not \"none\"");
        assertThat(old).hasContent("old");
        assertThat(folder.resolve("report.json")).doesNotExist();
    }

    @Test
    void aMissingFileABadOptionAndNoCommandAreBadUsage() {
        assertThat(command.run("crawl", folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(command.run("crawl")).isEqualTo(2);
        assertThat(command.run("crawl", "a", "--progress", "loud")).isEqualTo(2);
        assertThat(command.run("crawl", "a", "--metrics-port", "70000")).isEqualTo(2);
        assertThat(command.run("crawl", "a", "--evil\u001b[2J")).isEqualTo(2);
        assertThat(command.run()).isEqualTo(2);
        assertThat(command.err()).contains("there is no file", "a command is missing", "--help",
                "must be one of auto, bar, plain, none, not 'loud'")
                .doesNotContain("\u001b");
        assertThat(command.out()).isEmpty();
    }

    @Test
    void aSiteWithoutASchemeIsToldHowToWriteItsUrl() {
        assertThat(command.run("crawl", "www.example.org:8080/docs")).isEqualTo(2);
        assertThat(command.run("crawl", "docs.yaml")).isEqualTo(2);
        assertThat(command.run("crawl", "docs/job")).isEqualTo(2);
        assertThat(command.err().lines()).containsExactly("scraper: there is no file www.example.org:8080/docs; "
                + "to crawl a site, write its URL, as in https://www.example.org:8080/docs",
                "scraper: there is no file docs.yaml", "scraper: there is no file docs/job");
    }

    @Test
    void helpAndVersionAreThereForEveryCommand() {
        for (String[] words : new String[][]{{"--help"}, {"--version"}, {"crawl", "--help"}, {"crawl", "--version"}}) {
            assertThat(command.run(words)).isZero();
        }
        assertThat(command.out()).contains("Usage: scraper", "Usage: scraper crawl", "--metrics-port", "130")
                .contains("completion")
                .containsPattern("(?m)^ *serve ");
        assertThat(command.out().lines().filter(line -> line.matches("scraper [0-9].*"))).hasSize(2);
        assertThat(command.err()).isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistIsToldWithThoseThatDo() {
        for (String[] words : new String[][]{{"help", "nothing"}, {"nothing"}}) {
            CommandRun help = new CommandRun(folder);
            assertThat(help.run(words)).isEqualTo(2);
            assertThat(help.err())
                    .startsWith("scraper: there is no command nothing; the commands are demo, crawl, try, "
                            + "validate, report, serve, token, schema, completion, help\n");
        }
        assertThat(command.run("help", "crawl")).isZero();
    }

    /** The job of a URL is in no file. */
    @Test
    void whatIsWrongWithAUrlHasNoLineAndColumn() {
        String url = site.url("/index.html");
        assertThat(command.run("crawl", url, "--set", "limits.maxPages=none")).isEqualTo(2);
        assertThat(command.run("crawl", url, "--quiet", "--pages", folder.resolve("p.jsonl").toString(), "--items",
                folder.resolve("i.jsonl").toString(), "--report", folder.resolve("r.json").toString())).isEqualTo(4);
        assertThat(command.err()).contains("warning: " + url + ": network refuses the address 127.0.0.1, ")
                .contains("--set limits.maxPages");
    }

    @Test
    void nothingOkIsFailure() throws IOException {
        int code =
                command.crawl(
                        site.job("/index.html").replace("allowPrivateAddresses: true", "allowPrivateAddresses: false"));

        assertThat(code).isEqualTo(4);
        assertThat(command.report().at("/accounting/reasons/private_address").asInt()).isEqualTo(1);
        assertThat(command.err().lines())
                .anyMatch(line -> line.startsWith("  first private_address  " + site.url("/index.html") + ": "))
                .anyMatch(line -> line.contains("network.allowedCidrs"));
    }

    /** Where no page was read, no rule could find anything: the reason of the failure stands alone. */
    @Test
    void followRulesAreNotBlamedWhenNoPageWasOk() throws IOException {
        String job = site.job("/index.html").replace("allowPrivateAddresses: true", "allowPrivateAddresses: false")
                + "follow: [{css: h6}]\n";

        assertThat(command.crawl(job)).isEqualTo(4);

        assertThat(command.report().at("/follow/0/links").asInt()).isZero();
        assertThat(command.err()).contains("  first private_address  ").doesNotContain("follow css h6");
    }

    @Test
    void failureIsNeverSilent() throws IOException {
        int code = command.crawl(
                site.job("/index.html").replace("allowPrivateAddresses: true", "allowPrivateAddresses: false"),
                "--progress", "none");

        assertThat(code).isEqualTo(4);
        assertThat(command.err().lines()).filteredOn(line -> !line.startsWith("warning: "))
                .singleElement()
                .asString()
                .startsWith("scraper: test: exhausted, no page was ok; private_address 1, first "
                        + site.url("/index.html") + ": ")
                .contains("network.allowedCidrs");
    }

    @Test
    void quietCrawlHasASummaryAndNoProgress() throws IOException {
        assertThat(command.crawl(site.job("/index.html"), "--quiet")).isZero();
        assertThat(command.err()).contains("test: exhausted after", "  ok            11").doesNotContain("in flight");
    }

    /** Eleven pages, and a twelfth that cannot be reached. */
    @Test
    void shareOfFailedUrlsMayBeTooLarge() throws IOException {
        String job = site.job("/index.html")
                .replace("]\npoliteness", ", \"http://127.0.0.1:1/\"]\npoliteness")
                .replace("startUrls:", "limits: {maxFailedPercent: %d}\nstartUrls:");
        assertThat(command.crawl(job.formatted(9))).as("1 of 12").isZero();
        assertThat(command.crawl(job.formatted(8))).isEqualTo(4);
        assertThat(command.err()).containsOnlyOnce("  first connection  http://127.0.0.1:1/: ")
                .containsOnlyOnce("\n  1 of 12 URLs failed, more than limits.maxFailedPercent (8)\n");
        CommandRun silent = new CommandRun(folder);
        assertThat(silent.crawl(job.formatted(8), "--progress", "none")).isEqualTo(4);
        assertThat(silent.err())
                .contains("11 ok and 1 lost; 1 of 12 URLs failed, more than limits.maxFailedPercent (8);");
    }

    @Test
    void urlIsAJobOfItself() {
        String pages = folder.resolve("p.jsonl").toString();
        int code = command.run("crawl", site.url("/index.html"), "--quiet", "--set",
                "network.allowPrivateAddresses=true", "--set", "politeness.delay=0", "--pages", pages, "--items",
                folder.resolve("i.jsonl").toString(), "--report", folder.resolve("r.json").toString());
        assertThat(code).as(command.err()).isZero();
        String port = site.url("").replaceAll(".*:(\\d+).*", "$1");
        assertThat(command.err()).contains("127-0-0-1-" + port + ": exhausted after", "  ok            11");
        assertThat(command.run("crawl", "https://me:secret@example.org/")).isEqualTo(2);
        assertThat(command.err()).doesNotContain("secret");
    }

    /** Ten of eleven pages are missing, and nothing has failed. */
    @Test
    void followRulesThatFindNothingAreInTheSummaryAndTheReport() throws IOException {
        String job = site.job("/index.html")
                + "follow: [{css: a, attr: name}, {css: h1}, {css: 'a[href*=\"2\"]'}, {css: h6}]\n";

        assertThat(command.crawl(job)).as(command.err()).isZero();

        assertThat(command.report().at("/accounting/ok").asInt()).isEqualTo(2);
        assertThat(command.report().at("/follow").valueStream().map(Object::toString)).containsExactly(
                "{\"entry\":\"css a\",\"links\":0,\"noLinks\":%d,\"example\":\"no attribute \\\"name\\\", on %s\"}"
                        .formatted(command.report().at("/follow/0/noLinks").asInt(), site.url("/index.html")),
                "{\"entry\":\"css h1\",\"links\":0,\"noLinks\":2,\"example\":\"no attribute \\\"href\\\", on %s\"}"
                        .formatted(site.url("/index.html")),
                "{\"entry\":\"css a[href*=\\\"2\\\"]\",\"links\":%d,\"noLinks\":0,\"example\":null}"
                        .formatted(command.report().at("/follow/2/links").asInt()),
                "{\"entry\":\"css h6\",\"links\":0,\"noLinks\":0,\"example\":null}");
        assertThat(command.err()).contains("  follow css a: no link on any page, and ",
                "  follow css h1: no link on any page, and 2 matches that are not links (no attribute \"href\", on "
                        + site.url("/index.html") + ")\n",
                "  follow css h6: no link on any page\n").doesNotContain("follow css a[href");
    }

    @Test
    void droppedItemsAreInTheSummary() throws IOException {
        String job = site.job("/index.html").replace("head: {css: h1}", "head: {css: h6, required: true}");

        assertThat(command.crawl(job)).isZero();

        assertThat(command.err()).contains("\n  0 items extracted, ",
                "\n  11 items dropped: a required field was missing\n");
    }

    @Test
    void theDeadlineHasItsCode() throws IOException {
        int code = command.crawl(site.job("/slow/"), "--set", "limits.maxDuration=1s");

        assertThat(code).isEqualTo(3);
        assertThat(command.report().at("/finishReason").asString()).isEqualTo("maxDuration");
        assertThat(command.rows("pages.jsonl")).hasSize(11);
    }

    @Test
    void aMetricsPortInUseIsBadUsage() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = command.crawl(site.job("/index.html"), "--metrics-port", String.valueOf(taken.getLocalPort()));

            assertThat(code).isEqualTo(2);
            String reason = "cannot serve metrics on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use";
            assertThat(command.err()).isEqualTo("scraper: " + reason + "\n");
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("failed");
            assertThat(command.report().at("/failure").asString()).isEqualTo(reason);
        }
        try (HighestPort _ = new HighestPort()) {
            assertThat(command.crawl(site.job("/index.html"), "--metrics-port", HighestPort.NUMBER)).isEqualTo(2);
            assertThat(command.err()).contains("cannot serve metrics on 127.0.0.1:65535: ");
        }
        for (String none : List.of("-1", "65536")) {
            assertThat(command.crawl(site.job("/index.html"), "--metrics-port", none)).isEqualTo(2);
            assertThat(command.err()).contains("--metrics-port must be between 0 and 65535: " + none);
        }
    }

    @Test
    void metricsAreServedWhileCrawling() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                HttpClient client = HttpClient.newHttpClient()) {
            Future<Integer> code = thread.submit(() -> command.crawl(site.job("/slow/"), "--metrics-port", "0"));
            try {
                await().untilAtomic(site.slowRequests, is(10));
                String url = command.err().lines().findFirst().orElseThrow().replaceFirst("^metrics at ", "");
                HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
                // The worker of the index may still be busy when all of its links are asked for.
                String metrics = await().until(() -> client.send(request, BodyHandlers.ofString()).body(),
                        said -> said.contains("scraper_workers_busy 10"));

                assertThat(metrics)
                        .contains("scraper_active_connections", "scraper_frontier_urls{", "jvm_memory_used_bytes",
                                "process_uptime_seconds")
                        .doesNotContain("127.0.0.1");
                assertThatThrownBy(() -> new Socket("127.0.0.2", URI.create(url).getPort()).close())
                        .as("it listens on 127.0.0.1 alone")
                        .isInstanceOf(ConnectException.class);
            } finally {
                site.release.countDown();
            }
            assertThat(code.get()).as(command.err()).isZero();
        }
    }
}
