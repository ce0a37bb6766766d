package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Site;
import fanout.app.reportpage.ReportPage;
import fanout.app.reportpage.RunFiles;
import java.io.BufferedWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The report page in a browser: on a phone and on a desk, light and dark, by keyboard, and with texts of a hostile site
 * in it. With {@code -Dfanout.pictures=FOLDER} it leaves a picture of each.
 */
@Timeout(120)
class ReportPageViewsTest {

    private static final Optional<Path> PICTURES =
            Optional.ofNullable(System.getProperty("fanout.pictures")).map(Path::of);
    private static final String SITE = "http://www.example.org";
    private static final List<String> EVIL = List.of("</script><script>hit=1</script>",
            "<img src=http://www.example.org/x.png onerror=hit=2>", "\\\" onmouseover=\\\"hit=3", "\\u202egnp.exe",
            "<svg onload=hit=4>", "-->", "x".repeat(3_000), "\\ud83d \\u0000 \\u001b[2J",
            "\u0645\u0631\u062d\u0628\u0627");

    @TempDir
    private Path folder;

    /** Writes the outputs of a run with every part of the page, and returns the address of its page. */
    private String page(int lines, boolean isSlower) throws Exception {
        write(folder.resolve("run"), lines, isSlower ? 10 : 1);
        write(folder.resolve("before"), lines * 4 / 5, 1);
        ReportPage page = ReportPage.of(files("run"), Optional.of(files("before")),
                new ReportPage.Options("run", ReportPage.ROWS, 64 << 20, Instant.EPOCH));
        Path file = folder.resolve("report.html");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            page.writeTo(out);
        }
        return file.toUri().toString();
    }

    private RunFiles files(String run) throws Exception {
        return RunFiles.in(folder.resolve(run),
                new RunFiles.Names(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static void write(Path run, int lines, int slowness) throws Exception {
        Files.createDirectories(run);
        Files.writeString(run.resolve("report.json"), "{\"job\": \"docs\", \"finishReason\": \"exhausted\", "
                + "\"startedAt\": \"2026-12-01T03:00:00.000Z\", \"elapsedMs\": 90000}");
        try (Writer pages = Files.newBufferedWriter(run.resolve("pages.jsonl"), UTF_8);
                Writer links = Files.newBufferedWriter(run.resolve("links.jsonl"), UTF_8);
                Writer items = Files.newBufferedWriter(run.resolve("items.jsonl"), UTF_8)) {
            for (int i = 0; i < lines; i++) {
                String evil = EVIL.get(i % EVIL.size());
                String title = i % 3 == 0 ? evil : i % 7 == 0 ? "" : "Page " + i;
                pages.append(line(i, evil, title, slowness)).append('\n');
                links.append("""
                        {"from":"%1$s/docs/%2$d","to":"%1$s/docs/%3$d","text":"%4$s"}
                        """.formatted(SITE, i, i / 10 * 10, evil));
                items.append("""
                        {"_url":"%s/docs/%d","_rule":"%s","price":%s,"%s":[]}
                        """.formatted(SITE, i, i % 2 == 0 ? "products" : "articles", i % 3 == 0 ? "null" : "1.5",
                        EVIL.get(1)));
            }
        }
    }

    private static String line(int i, String evil, String title, int slowness) {
        String url = i % 40 == 7 ? "javascript:hit=" + i : SITE + "/" + (i % 4 == 0 ? "docs" : "a" + i % 9) + "/" + i;
        if (i % 10 == 0) {
            return """
                    {"url":"%s/docs/%d","outcome":"failed","reason":"http_status","status":404,"depth":2,"detail":"%s"}"""
                    .formatted(SITE, i, evil);
        }
        if (i % 11 == 0) {
            return """
                    {"url":"%s","outcome":"redirected","status":301,"depth":3,"redirectUrl":"%s/docs/%d"}"""
                    .formatted(url, SITE, i + 11);
        }
        return """
                {"url":"%s","outcome":"ok","status":200,"depth":%d,"contentType":"text/html","bytes":%d,"title":"%s",\
                "contentHash":"%d","durationMs":%d}""".formatted(url, i % 20, i * 7, title, i / 2, i % 900 * slowness);
    }

    @Test
    void everyScreenFitsAndIsOpenToAScreenReader() throws Exception {
        String page = page(200, true);
        List<String> wrong = new ArrayList<>();
        try (Browser browser = Browser.open(folder)) {
            browser.visit(page);
            for (int width : List.of(390, 1280, 1920)) {
                for (boolean dark : List.of(false, true)) {
                    browser.screen(width, width == 390 ? 844 : 900, dark);
                    String where = "report-" + width + (dark ? "-dark: " : ": ");
                    if (dark == (width == 1280)) {
                        browser.barriers().forEach(barrier -> wrong.add(where + barrier));
                    }
                    Optional.of(browser.wide())
                            .filter(wide -> !wide.isEmpty())
                            .ifPresent(wide -> wrong.add(where + wide));
                    Optional.of(browser.folded(".tile b"))
                            .filter(folded -> !folded.isEmpty())
                            .ifPresent(folded -> wrong.add(where + folded));
                    if (PICTURES.isPresent()) {
                        browser.picture(Files.createDirectories(PICTURES.get())
                                .resolve(where.replace(": ", "") + ".png"), true);
                    }
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void textsOfAHostileSiteRunNothingAndLoadNothing() throws Exception {
        try (Browser browser = Browser.open(folder)) {
            String page = page(400, false);
            browser.visit(page);
            browser.run("document.querySelectorAll('*').forEach((one) => one.dispatchEvent(new Event('mouseover')))");

            assertThat(browser.run("return typeof hit")).isEqualTo("undefined");
            assertThat(browser.requested()).allMatch(url -> url.startsWith("file:"));
            assertThat(browser.run("return [...document.links].map((one) => one.protocol + one.hash)"
                    + ".filter((one) => !/^(https?:|file:#)/.test(one)).join()")).isEqualTo("");
            assertThat(browser.errors()).isEmpty();
        }
    }

    @Test
    void tablesAreSortedByKeyboardAndFoundIn() throws Exception {
        try (Browser browser = Browser.open(folder)) {
            String page = page(2_000, false);
            browser.visit(page);
            String pages = "#broken th:nth-child(3)";
            browser.find(pages + " button").sendKeys(Keys.ENTER);
            assertThat(browser.find(pages).getDomAttribute("aria-sort")).isEqualTo("descending");
            browser.find(pages + " button").sendKeys(Keys.SPACE);
            assertThat(browser.find(pages).getDomAttribute("aria-sort")).isEqualTo("ascending");
            assertThat(browser
                    .run("""
                            const cells = [...document.querySelectorAll("#broken tbody td:nth-child(3)")].map((one) => Number(one.dataset.v));
                            return cells.length > 50 && cells.every((one, i) => i === 0 || cells[i - 1] <= one);
                            """))
                    .isEqualTo(true);

            browser.write("#broken input", "/docs/1230");

            assertThat(browser.run("return [...document.querySelectorAll('#broken tbody tr')]"
                    + ".filter((one) => !one.hidden).length")).isEqualTo(1L);
        }
    }

    @Test
    void whatIsFoldedIsOpenedForThePrinter() throws Exception {
        try (Browser browser = Browser.open(folder)) {
            String page = page(400, false);
            browser.visit(page);
            String folded = "return document.querySelectorAll('details:not([open])').length";
            assertThat((Long) browser.run(folded)).isPositive();
            browser.run("dispatchEvent(new Event('beforeprint'))");
            assertThat(browser.run(folded)).isEqualTo(0L);
            browser.run("dispatchEvent(new Event('afterprint'))");
            assertThat((Long) browser.run(folded)).isPositive();
        }
    }

    /** Five hundred rows of a table at most, whatever the run; a browser opens so many elements in about a second. */
    @Test
    void pageOfAHundredThousandUrlsHasFewElements() throws Exception {
        try (Browser browser = Browser.open(folder)) {
            String page = page(100_000, false);
            browser.visit(page);
            assertThat((Long) browser.run("return document.querySelectorAll('*').length")).isBetween(5_000L, 60_000L);
        }
    }

    @Test
    void sharesAreDrawnInTheirColumnsWidth() throws Exception {
        try (Browser browser = Browser.open(folder)) {
            String page = page(200, false);
            browser.screen(1280, 900, false);
            browser.visit(page);
            assertThat(browser.run("""
                    const shares = [...document.querySelectorAll("td .meter")];
                    return shares.length > 3 && shares.every((one) => one.getBoundingClientRect().width > 100);
                    """)).isEqualTo(true);
        }
    }

    /** There it has no origin, and a policy in a header: its script must work all the same. */
    @Test
    void theDashboardLeadsToThePageOfACrawl() throws Exception {
        try (Site site = new Site("Docs </script><img src=x>");
                RunningService service = RunningService.start(folder.resolve("data"));
                Browser browser = Browser.open(folder)) {
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            browser.visit("http://" + service.host() + "/#" + crawl.substring("/api/v1".length()));
            WebElement link = browser.find("a[target=_blank][href$='format=html']");
            assertThat(link.getText()).isEqualTo("Report page");

            browser.visit(String.valueOf(link.getDomProperty("href")));

            assertThat(browser.read("h1", "Crawl report")).isEqualTo("Crawl report: test");
            browser.find("table.live th button").sendKeys(Keys.ENTER);
            assertThat(browser.find("table.live th").getDomAttribute("aria-sort")).isNotNull();
            assertThat(browser.run("return self.origin")).isEqualTo("null");
            browser.run("document.getElementById('theme').click()");
            assertThat(browser.find("html").getDomAttribute("data-theme")).isNotNull();
            assertThat(browser.barriers()).isEmpty();
            assertThat(browser.errors()).isEmpty();
        }
    }
}
