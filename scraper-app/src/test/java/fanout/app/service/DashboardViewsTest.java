package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every view of the dashboard, on a phone, a desk and a wide screen, light and dark: open to a screen reader, and no
 * wider than its screen. With {@code -Dfanout.pictures=FOLDER} it leaves a picture of each.
 */
@Timeout(300)
class DashboardViewsTest {

    private static final Optional<Path> PICTURES =
            Optional.ofNullable(System.getProperty("fanout.pictures")).map(Path::of);
    private static final String LONG = "/a-page-with-a-path/" + "that-is-far-longer-than-a-column-of-a-table-is-wide/"
            .repeat(4) + "?and=" + "queries".repeat(20);

    /** A view, by its place, and what is there once it is drawn. */
    private record View(String place, String css, String words) {}

    @TempDir
    private Path data;
    @TempDir
    private Path folder;
    private Site site;
    private DemoShop shop;

    @BeforeEach
    void open() throws Exception {
        site = new Site("Docs <b>\u202e & \"more\"");
        shop = DemoShop.open(0);
    }

    @AfterEach
    void close() {
        site.release.countDown();
        try (Site _ = site) {
            shop.close();
        }
    }

    private String demo(String name, String delay) throws IOException {
        return DemoJob.text(shop).replace("name: demo", "name: " + name).replace("delay: 10ms", "delay: " + delay);
    }

    private static String named(String name, String job) {
        return job.replace("name: test", "name: " + name);
    }

    private static String id(String crawl) {
        return crawl.substring(crawl.lastIndexOf('/') + 1);
    }

    /** Crawls in every state, and the views of them. */
    private Map<String, View> views(RunningService service) throws Exception {
        String nothing = service.submitted("""
                name: nothing-there
                startUrls: [{url: "http://127.0.0.1:1/", method: POST, form: {q: hose}, data: {page: 2, shelf: taps}}]
                retries: {maxAttempts: 1}
                """);
        String failed = id(nothing);
        service.awaitState(nothing, "finished", "failed");
        String finished = service.submitted(demo("shop", "1ms"));
        service.awaitState(finished, "finished");
        String odd = service.submitted(named("long-urls-and-odd-titles", site.job(LONG)));
        service.awaitState(odd, "finished");
        String cancelled = service.submitted(named("given-up", site.job("/slow/")));
        await().until(() -> site.slowRequests.get() == 10);
        service.post(cancelled + "/cancel", "{\"mode\": \"now\"}");
        service.awaitState(cancelled, "cancelled");
        String running = id(service.submitted(demo("shop-slowly", "300ms")
                .replace("startUrls: [", "startUrls: [\"" + site.url("/slow/1.html") + "\", ")
                .replace("requestTimeout: 5s", "requestTimeout: 2m")
                .replace("maxDuration: 1m", "maxDuration: 10m")));
        service.submitted(named("hanging", site.job("/slow/")).replace("perHostConcurrency: 64",
                "perHostConcurrency: 3"));
        String queued =
                id(service.submitted(demo("a-name-of-a-job-that-is-as-long-as-few-are-but-some-are-all-the-same",
                        "300ms")));
        Map<String, View> views = new LinkedHashMap<>();
        views.put("list", new View("/", ".crawl", "shop-slowly"));
        views.put("new", new View("/new", ".verdict", "valid"));
        views.put("new-from", new View("/new?from=" + id(finished), ".verdict", "valid"));
        for (String tab : List.of("overview", "tasks", "hosts", "pages", "items", "report", "job")) {
            views.put("running-" + tab, new View("/crawls/" + running + "/" + tab, ".head", "running"));
            views.put("finished-" + tab, new View("/crawls/" + id(finished) + "/" + tab, ".head", "exhausted"));
        }
        for (String tab : List.of("overview", "pages", "items", "report")) {
            views.put("failed-" + tab, new View("/crawls/" + failed + "/" + tab, ".head", "nothing-there"));
            views.put("odd-" + tab, new View("/crawls/" + id(odd) + "/" + tab, ".head", "long-urls"));
        }
        for (String tab : List.of("overview", "tasks", "items", "report")) {
            views.put("queued-" + tab, new View("/crawls/" + queued + "/" + tab, ".head", "queued"));
        }
        views.put("failed-pages", new View("/crawls/" + failed + "/pages", ".method", "POST"));
        views.put("failed-pages-data", new View("/crawls/" + failed + "/pages", "td.url", "page 2, shelf taps"));
        views.put("cancelled-overview", new View("/crawls/" + id(cancelled), ".head", "cancelled"));
        views.put("missing", new View("/crawls/none", ".empty", "no crawl"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get("/api/v1/crawls/" + running)
                        .json()
                        .at("/progress/ok")
                        .asInt() > 12);
        return views;
    }

    @Test
    void everyViewIsOpenToAllAndFitsItsScreen() throws Exception {
        try (Browser browser = Browser.open(folder);
                RunningService service = RunningService.start(data, "maxConcurrentCrawls: 2\n", Optional.empty(),
                        Duration.ofSeconds(20))) {
            String origin = "http://" + service.host() + "/";
            List<String> wrong = new ArrayList<>();
            browser.visit(origin);
            browser.read(".empty", "No crawl yet");
            wrong.addAll(look(browser, "list-empty"));
            Map<String, View> views = views(service);
            browser.visit(origin);
            browser.read(".crawl:has(.fruitless)", "no page was ok");
            assertThat(browser.text(".crawl:has(.finished)")).contains("shop").doesNotContain("nothing-there");
            for (Map.Entry<String, View> each : views.entrySet()) {
                View view = each.getValue();
                browser.screen(390, 844, false);
                browser.visit("about:blank");
                browser.visit(origin + "#" + view.place());
                browser.read(view.css(), view.words());
                browser.settle();
                wrong.addAll(look(browser, each.getKey()));
            }
            browser.visit(origin + "#/new");
            browser.read(".verdict", "valid");
            browser.write("textarea", demo("shop", "10ms").replace("maxPages:", "maxPage:")
                    .replace("css: \"h3 a\"",
                            "css: \"h3 >> a\""));
            browser.read(".problems", "did you mean");
            wrong.addAll(look(browser, "new-mistake"));
            browser.visit("about:blank");
            browser.visit(origin + "#" + views.get("finished-report").place());
            browser.click(".head button", "Delete");
            browser.read("dialog", "Delete");
            wrong.addAll(look(browser, "dialog"));
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void theLoginIsOpenToAll() throws Exception {
        try (Browser browser = Browser.open(folder);
                RunningService service =
                        RunningService.start(data, "", Optional.of("a token of a test"), Duration.ofSeconds(20))) {
            browser.visit("http://" + service.host() + "/");
            browser.read(".login", "API token");
            assertThat(look(browser, "login")).isEmpty();
            browser.write(".login input", "another");
            browser.click(".login button", "Log in");
            browser.read("[role=alert]", "token");
            assertThat(look(browser, "login-wrong")).isEmpty();
            browser.write(".login input", "a token of a test");
            browser.click(".login button", "Log in");
            browser.read(".empty", "No crawl yet");
            browser.click("button", "Log out");
            browser.read(".login", "API token");
        }
    }

    /** It is told so, finds out by itself how the crawl goes, and follows it as soon as it can. */
    @Test
    void oneReaderTooManyIsNotLeftWaiting() throws Exception {
        List<Socket> readers = new ArrayList<>();
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/slow/"));
            await().until(() -> site.slowRequests.get() == 10);
            for (int i = 0; i < 3; i++) {
                Socket reader =
                        service.connect("GET " + crawl + "/events HTTP/1.1\r\nHost: " + service.host() + "\r\n\r\n");
                readers.add(reader);
                RunningService.body(reader);
            }
            browser.visit("http://" + service.host() + "/#/crawls/" + id(crawl) + "/pages");
            browser.read(".notice", "as many requests as may read this crawl");
            assertThat(browser.text(".head .pill")).isEqualTo("running");
            site.release.countDown();
            browser.read(".head .pill", "finished");
            browser.read(".tile", "11");
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void theFilesOfResultsFollowTheFilter() throws Exception {
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            browser.visit("http://" + service.host() + "/#/crawls/" + id(crawl) + "/pages");
            browser.read("tbody", "/1.html");
            assertThat(files(browser)).isEqualTo(crawl + "/pages " + crawl + "/pages?format=csv");
            browser.choose("select[aria-label=Outcome]", "ok");
            browser.write("#search", "/3.");
            await().until(
                    () -> browser.text("tbody").contains("/3.html") && !browser.text("tbody").contains("/1.html"));
            assertThat(files(browser)).isEqualTo(crawl + "/pages?outcome=ok&q=%2F3. " + crawl
                    + "/pages?outcome=ok&q=%2F3.&format=csv");
            browser.choose("select[aria-label=Reason]", "timeout");
            browser.read(".empty", "Nothing fits");
            browser.click("[role=tab]", "Items");
            browser.read("tbody", "/1.html");
            browser.write("#search", "7.html");
            await().until(() -> !browser.text("tbody").contains("/1.html"));
            assertThat(browser.text("tbody")).contains("/7.html");
            assertThat(files(browser)).isEqualTo(crawl + "/items?q=7.html " + crawl + "/items?q=7.html&format=csv");
        }
    }

    @Test
    void theLongestFiguresStandOnOneLine() throws Exception {
        String crawl;
        try (RunningService service = RunningService.start(data)) {
            crawl = service.submitted(site.job("/1.html"));
            service.awaitState(crawl, "finished");
        }
        try (Connection history = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                Statement statement = history.createStatement()) {
            statement.execute("UPDATE crawl SET progress = json_set(progress, '$.elapsedMs', 172740000, "
                    + "'$.ok', 12345678, '$.bytes', 1099511627775, '$.pagesPerSecond', 12345)");
        }
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            browser.visit("http://" + service.host() + "/#/crawls/" + id(crawl));
            browser.read(".tile", "47 h 59 min");
            for (int width : List.of(390, 700, 800, 1024, 1280, 1440, 1920)) {
                browser.screen(width, 900, false);
                assertThat(browser.folded(".tile b")).as("%d pixels wide", width).isEmpty();
            }
        }
    }

    @Test
    void figuresOfChartsHaveTheirUnits() throws Exception {
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            browser.visit("http://" + service.host() + "/");
            browser.run(
                    """
                            import("/assets/charts.js").then(({charts}) => {
                              const point = (atMs) => ({atMs, done: atMs / 1000, p50Ms: 7, p90Ms: 4000, inFlight: 1, queued: 1200});
                              document.querySelector("main").replaceChildren(charts([point(0), point(1000), point(2000)], true));
                            });
                            """);
            assertThat(browser.read(".two", "Queue")).contains("7 ms", "4,000 ms", "5,000 ms\n2,500 ms\n0 ms",
                    "in flight 1 URL\n", "queued 1,200 URLs", "URLs done 1 a second");
        }
    }

    private static String files(Browser browser) {
        return String.valueOf(browser.run("return [...document.querySelectorAll('a[download]')]"
                + ".map((link) => link.getAttribute('href')).join(' ')"));
    }

    /** With {@code -Dfanout.write=true} it becomes the README's. */
    @Test
    void thePictureInTheReadmeIsOfACrawlAtWorkAndSmall() throws Exception {
        Path readme = Path.of("docs/dashboard.png").toAbsolutePath();
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(demo("shop", "200ms")
                    .replace("startUrls: [",
                            "startUrls: [\"" + site.url("/slow/1.html") + "\", \"" + site.url("/slow/2.html")
                                    + "\", ")
                    .replace("requestTimeout: 5s", "requestTimeout: 20s"));
            browser.screen(1280, 800, false);
            browser.visit("http://" + service.host() + "/#/crawls/" + id(crawl) + "/tasks");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.get(crawl).json().at("/progress/ok").asInt() > 28);
            browser.find(".task.slow");
            Path picture = folder.resolve("picture.png");
            browser.picture(picture, false);
            if (Boolean.getBoolean("fanout.write")) {
                Files.copy(picture, readme, StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(Files.size(picture)).isBetween(20_000L, 200_000L);
            assertThat(Files.size(readme)).isBetween(20_000L, 200_000L);
            assertThat(ImageIO.read(readme.toFile()).getWidth()).isEqualTo(ImageIO.read(picture.toFile()).getWidth());
        }
    }

    /**
     * Looks at a view on each screen, and says what is wrong with it. Every view is judged by axe, narrow and light,
     * wide and dark.
     */
    private static List<String> look(Browser browser, String name) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (int width : List.of(390, 1280, 1920)) {
            for (boolean dark : List.of(false, true)) {
                if (PICTURES.isEmpty() && (width == 1920 || dark != (width == 1280))) {
                    continue;
                }
                String where = name + "-" + width + (dark ? "-dark" : "");
                browser.screen(width, width == 390 ? 844 : 900, dark);
                if (dark == (width == 1280)) {
                    browser.barriers().forEach(barrier -> wrong.add(where + ": " + barrier));
                }
                String wide = browser.wide();
                if (!wide.isEmpty()) {
                    wrong.add(where + " is wider than its screen: " + wide);
                }
                String folded = browser.folded(".tile b, .task .since, .task .deadline");
                if (!folded.isEmpty()) {
                    wrong.add(where + " has figures of more than a line: " + folded);
                }
                if (PICTURES.isPresent()) {
                    browser.picture(Files.createDirectories(PICTURES.get()).resolve(where + ".png"), true);
                }
            }
        }
        return wrong;
    }
}
