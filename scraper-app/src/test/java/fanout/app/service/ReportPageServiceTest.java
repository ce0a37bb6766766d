package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static fanout.app.service.SlowCrawls.idOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The report page of a crawl, as the service sends it. */
class ReportPageServiceTest extends ServiceFixture {

    private static final String PAGE = "/report?format=html";

    private String finished(String path) throws Exception {
        String crawl = service.submitted(site.job(path));
        service.awaitState(crawl, "finished");
        return crawl;
    }

    private Path folderOf(String crawl) {
        return data.resolve("crawls").resolve(idOf(crawl));
    }

    @Test
    void anEndedCrawlHasAPageWithAPolicyOfItsOwn() throws Exception {
        Answer answer = service.get(finished("/") + PAGE);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.header("Content-Disposition")).contains("inline; filename=\"test-report.html\"");
        assertThat(answer.header("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none'; ")
                .contains("script-src 'sha256-", "frame-ancestors 'none'", "; sandbox allow-scripts")
                .doesNotContain("allow-same-origin", "'self'");
        Document page = Jsoup.parse(answer.text());
        assertThat(page.select("h1").text()).isEqualTo("Crawl report: test");
        assertThat(page.select("#items").text()).contains("heads", "head", "100 %");
        assertThat(page.select("#changes")).as("there is no crawl before").isEmpty();
    }

    @Test
    void pageReadsTheLinksOfAJobThatHasThem() throws Exception {
        String crawl = service.submitted(site.job("/robots.txt") + "output: {links: l.jsonl}\n");
        service.awaitState(crawl, "finished");
        String without = finished("/robots.txt");

        assertThat(Jsoup.parse(service.get(crawl + PAGE).text()).select("#broken").text())
                .contains("Every page with a link");
        assertThat(Jsoup.parse(service.get(without + PAGE).text()).select("#broken").text())
                .contains("Only the first page");
    }

    @Test
    void theJsonOfTheReportIsWhatItWas() throws Exception {
        String crawl = finished("/");

        assertThat(service.get(crawl + "/report").header("Content-Type")).contains("application/json");
        assertThat(service.get(crawl + "/report?format=json").text()).isEqualTo(service.get(crawl + "/report").text());
        assertThat(service.get(crawl + "/report?format=xml").text()).contains("format must be one of json, html");
    }

    @Test
    void theLastFinishedCrawlOfTheNameIsComparedWith() throws Exception {
        finished("/1.html");
        service.awaitState(service.submitted(site.job("/").replace("name: test", "name: other")), "finished");
        String nothing = service.submitted(site.job("/").replace(site.url("/"), "http://127.0.0.1:1/"));
        service.awaitState(nothing, "finished", "failed");

        Document page = Jsoup.parse(service.get(finished("/") + PAGE).text());

        assertThat(page.select("#changes").text()).as("with the one that found a page")
                .contains("/2.html", "new")
                .doesNotContain("/1.html");
    }

    @Test
    void aCrawlThatHasNotEndedHasNone() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        await().until(() -> site.slowRequests.get() == 10);

        assertThat(service.get(crawl + PAGE).status()).isEqualTo(404);
        assertThat(service.get(crawl + PAGE).text()).contains("before the crawl has ended");
        assertThat(service.get(CRAWLS + "/" + "0".repeat(17) + PAGE).status()).isEqualTo(404);
    }

    @Test
    void whereAFileIsDamagedIsSaidWithoutThePathOfTheFolder() throws Exception {
        String crawl = finished("/");
        Path pages = folderOf(crawl).resolve("pages.jsonl");
        List<String> lines = Files.readAllLines(pages);
        lines.set(2, "no line");
        Files.write(pages, lines);

        Answer answer = service.get(crawl + PAGE);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains(idOf(crawl) + "/pages.jsonl:3: the line is not a JSON object", "restore it")
                .doesNotContain(data.toString());
    }

    @Test
    void aLineThatWasNotCompletedIsLeftOutAndSaid() throws Exception {
        String crawl = finished("/");
        Files.write(folderOf(crawl).resolve("pages.jsonl"), "{\"url\": \"http://exam".getBytes(UTF_8),
                StandardOpenOption.APPEND);

        assertThat(service.get(crawl + PAGE).text()).contains("has no end and is left out");
    }

    @Test
    void aFileThatIsGoneIsSaid() throws Exception {
        String crawl = finished("/");
        Files.delete(folderOf(crawl).resolve("pages.jsonl"));

        assertThat(service.get(crawl + PAGE).status()).isEqualTo(404);
        assertThat(service.get(crawl + PAGE).text()).contains("the crawl has no pages: its file is missing");
    }

    @Test
    void makingAPageLeavesNoFileAndNoReader() throws Exception {
        String crawl = finished("/");
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String[] before = folderOf(crawl).toFile().list();

        assertThat(service.get(crawl + PAGE).status()).isEqualTo(200);

        assertThat(folderOf(crawl).toFile().list()).containsExactlyInAnyOrder(before);
        assertThat(temporary.toFile().list((_, name) -> name.startsWith("scraper-report-"))).isEmpty();
        assertThat(service.delete(crawl).status()).isEqualTo(204);
    }

    @Test
    void aBrokenLinkIsShownWithItsPagesAndWordsIfTheJobHasLinks() throws Exception {
        try (DemoShop shop = DemoShop.open(0)) {
            String crawl = service.submitted(DemoJob.text(shop) + "\noutput: {links: links.jsonl}\n");
            service.awaitState(crawl, "finished");

            Document page = Jsoup.parse(service.get(crawl + PAGE).text());

            assertThat(page.select("#broken tbody tr")).anyMatch(row -> row.text().contains("/help/fax.html")
                    && !row.select("li a[href^=http] + q").isEmpty());
            assertThat(page.select("#broken > p").text()).contains("Every page with a link to a URL that failed");
        }
    }
}
