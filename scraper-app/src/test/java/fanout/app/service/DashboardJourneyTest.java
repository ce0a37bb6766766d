package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person does with the service, from a mistake in a job to its items, in a browser. */
@Timeout(120)
class DashboardJourneyTest {

    /** The browser reports each answer of 400 or more as an error; of these some are asked for while a job is typed. */
    private static final Pattern EXPECTED = Pattern.compile(".*/api/v1/crawls\\?dryRun=true - .*status of 4(00|22).*");
    private static final Pattern OK = Pattern.compile("(\\d+)\\s+ok\\b");

    @TempDir
    private Path data;
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1280, 900, false", "390, 844, true"})
    void aCrawlIsSubmittedWatchedDrainedResumedAndRead(int width, int height, boolean dark) throws Exception {
        try (Site site = new Site("Docs");
                DemoShop shop = DemoShop.open(0);
                RunningService service = RunningService.start(data);
                Browser browser = Browser.open(folder)) {
            try {
                browser.screen(width, height, dark);
                String origin = "http://" + service.host();
                String slow = site.url("/slow/1.html");
                submitsWithAMistakeFirst(browser, origin, job(shop, slow));
                seesFiguresMove(browser);
                seesWhatHangs(browser, slow);
                drains(browser, site);
                resumes(browser);
                readsTheLeakCheck(browser);
                downloadsTheItems(browser, service);
                deletes(browser, service);
                assertThat(browser.errors()).allMatch(line -> EXPECTED.matcher(line).matches());
                assertThat(browser.requested()).isNotEmpty().allMatch(url -> url.startsWith(origin + "/"));
            } finally {
                site.release.countDown();
            }
        }
    }

    /** The bundled job, slow enough to be watched, with a page of another site that hangs. */
    private static String job(DemoShop shop, String slow) throws IOException {
        return DemoJob.text(shop)
                .replace("startUrls: [", "startUrls: [\"" + slow + "\", ")
                .replace("delay: 10ms", "delay: 100ms")
                .replace("perHostConcurrency: 4", "perHostConcurrency: 1")
                .replace("requestTimeout: 5s", "requestTimeout: 30s");
    }

    private static void submitsWithAMistakeFirst(Browser browser, String origin, String job) {
        browser.visit(origin + "/");
        browser.read(".empty", "No crawl yet");
        browser.click("a.button", "New crawl");
        String mistaken = job.replace("maxPages:", "maxPage:");
        int line = 1 + (int) mistaken.substring(0, mistaken.indexOf("maxPage:")).chars().filter(c -> c == '\n').count();
        browser.write("textarea", mistaken);
        assertThat(browser.read(".problems", "maxPage")).contains(line + ":3", "did you mean", "maxPages");
        assertThat(browser.text(".gutter .bad")).isEqualTo(String.valueOf(line));
        assertThat(browser.find("button.primary").isEnabled()).isFalse();
        browser.write("textarea", job);
        browser.read(".verdict", "valid");
        assertThat(browser.text(".gutter .bad")).isEmpty();
        browser.click("button.primary", "Start");
        browser.read(".pill", "running");
    }

    private static int ok(Browser browser) {
        Matcher figure = OK.matcher(browser.text(".tile"));
        assertThat(figure.find()).isTrue();
        return Integer.parseInt(figure.group(1));
    }

    private static void seesFiguresMove(Browser browser) {
        int first = await().until(() -> ok(browser), ok -> ok > 0);
        int second = await().until(() -> ok(browser), ok -> ok > first);
        await().until(() -> ok(browser), ok -> ok > second);
    }

    private static void seesWhatHangs(Browser browser, String slow) {
        browser.click("[role=tab]", "Tasks");
        String row = browser.read(".task:has(a[href=\"" + slow + "\"])", slow);
        assertThat(row).contains("response", "waits for", "left");
        browser.find(".task.slow a[href=\"" + slow + "\"]"); // it stands out after some seconds
        browser.click("[role=tab]", "Hosts");
        browser.read("[role=tabpanel]", slow.replaceAll("^http://|/slow.*", ""));
    }

    private static void drains(Browser browser, Site site) {
        browser.click("button", "Drain");
        browser.read(".pill", "draining");
        site.release.countDown();
        browser.read(".head .pill", "cancelled");
        browser.read(".head", "interrupted");
    }

    private static void resumes(Browser browser) {
        browser.click("button", "Resume");
        browser.click("button", "Resume it");
        browser.read(".head .pill", "running");
        browser.read(".head .pill", "finished");
        browser.read(".head", "exhausted");
        assertThat(ok(browser)).isEqualTo(64);
    }

    private static void readsTheLeakCheck(Browser browser) {
        browser.click("[role=tab]", "Report");
        String report = browser.read("[role=tabpanel]", "Leak check");
        assertThat(report).contains("nothing was left behind", "0\nlive tasks", "0\nactive connections",
                "Accounting adds up");
    }

    private void downloadsTheItems(Browser browser, RunningService service) throws Exception {
        browser.click("[role=tab]", "Items");
        browser.read("tbody", "http://127.0.0.1:");
        assertThat(browser.text("thead")).contains("title", "price", "stock");
        browser.click("a.button", "JSON Lines");
        String crawl = "/api/v1" + browser.place().replaceFirst("/items$", "");
        byte[] items = service.get(crawl + "/items").body();
        Path file = folder.resolve("demo-items.jsonl");
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file) && Files.size(file) == items.length);
        assertThat(Files.readAllBytes(file)).isEqualTo(items);
        assertThat(Files.readAllLines(file)).hasSize(42);
    }

    private static void deletes(Browser browser, RunningService service) throws Exception {
        browser.click(".head button", "Delete");
        browser.click("dialog button", "Delete");
        browser.read(".empty", "No crawl yet");
        assertThat(service.get(RunningService.CRAWLS).json().get("crawls").isEmpty()).isTrue();
        assertThat(browser.place()).isEqualTo("/");
    }
}
